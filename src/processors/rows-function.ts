import { z } from "zod";
import type { Field } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { transform } from "../plan/build.ts";
import type { TransformRelation } from "../plan/relation.ts";

/** All rows of a resource through a function that gives rows: it may filter, expand and reorder. */
export const rowsFunction = defineProcessor({
  name: "rows",
  title: "Rows function",
  summary: "Gives a function all rows of a resource, and takes the rows that it gives.",
  category: "rows",
  safe: false,
  arguments: ["function"],
  config: z.strictObject({
    function: z
      .custom<TransformRelation["apply"]>((value) => typeof value === "function", "a function of rows")
      .describe("The function; it gets the rows, and the resource."),
    fields: z
      .array(z.custom<Field>())
      .optional()
      .describe("The fields of the rows that it gives; those it was given unless told."),
    resources: selector,
  }),
  examples: [],
  plan: (input, config, { at }) =>
    changeResources(input, config.resources, (resource) => {
      const schema = config.fields
        ? { ...resource.relation.schema, fields: config.fields }
        : resource.relation.schema;
      return withRelation(
        resource,
        transform(resource.relation, { apply: config.function, resource: resource.descriptor, schema }, at),
      );
    }),
});
