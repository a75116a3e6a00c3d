import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { rowFunction as functionOption } from "../flow/options.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { map } from "../plan/build.ts";
import type { Row } from "../plan/relation.ts";

/** A function over each row, which it may change or replace; what a plain function in a flow means. */
export const rowFunction = defineProcessor({
  name: "row",
  title: "Row function",
  summary:
    "Calls a function with each row, which it may change in place or answer with another; fields stay the same.",
  category: "rows",
  safe: false,
  arguments: ["function"],
  config: z.strictObject({
    function: functionOption.describe("The function; it gets the row."),
    pure: z
      .boolean()
      .default(false)
      .describe("Whether it only looks at its row, so that it may run in any order."),
    resources: selector,
  }),
  examples: [],
  plan: (input, config, { at }) => {
    const apply = config.function as (row: Row) => unknown; // the schema lets only functions pass
    return changeResources(input, config.resources, (resource) =>
      withRelation(resource, map(resource.relation, { apply, target: null, pure: config.pure }, at)),
    );
  },
});
