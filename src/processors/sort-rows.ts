import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { sort } from "../plan/build.ts";
import { field } from "../plan/expression.ts";

const key = z.union([
  z.string().transform((name) => ({ field: name, descending: false })),
  z.strictObject({ field: z.string(), descending: z.boolean().default(false) }),
]);

/** Puts rows in order. */
export const sortRows = defineProcessor({
  name: "sort_rows",
  title: "Sort rows",
  summary:
    "Puts rows in the order of one or more fields; numbers by size, texts by code point, empty cells last.",
  category: "rows",
  safe: true,
  arguments: ["by"],
  config: z.strictObject({
    by: z
      .union([key.transform((one) => [one]), z.array(key).min(1)])
      .describe("A field, `{field, descending}`, or a list of them, the most important first."),
    resources: selector,
  }),
  examples: [
    {
      title: "By one field",
      input: { t: [{ a: 10 }, { a: 9 }] },
      config: { by: "a" },
      output: { t: [{ a: 9 }, { a: 10 }] },
    },
    {
      title: "By two, one turned round",
      input: {
        t: [
          { a: 1, b: 1 },
          { a: 2, b: 1 },
          { a: 1, b: 2 },
        ],
      },
      config: { by: [{ field: "a", descending: true }, "b"] },
      output: {
        t: [
          { a: 2, b: 1 },
          { a: 1, b: 1 },
          { a: 1, b: 2 },
        ],
      },
    },
    {
      title: "A field that is not there",
      input: { t: [{ a: 1 }] },
      config: { by: "b" },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { by, resources }, { at }) =>
    changeResources(input, resources, (resource) =>
      withRelation(
        resource,
        sort(
          resource.relation,
          by.map((each) => ({ value: field(each.field), descending: each.descending })),
          at,
        ),
      ),
    ),
});
