import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { fieldNames, named } from "../flow/field-names.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { project } from "../plan/build.ts";

/** Keeps some fields, in the order given. */
export const selectFields = defineProcessor({
  name: "select_fields",
  title: "Select fields",
  summary: "Keeps the named fields, in the order given.",
  category: "fields",
  safe: true,
  arguments: ["fields"],
  config: z.strictObject({
    fields: fieldNames,
    regex: z.boolean().default(false).describe("Whether names are regular expressions over whole names."),
    resources: selector,
  }),
  examples: [
    {
      title: "Two of three, turned round",
      input: { t: [{ a: 1, b: 2, c: 3 }] },
      config: { fields: ["c", "a"] },
      output: { t: [{ c: 3, a: 1 }] },
    },
    {
      title: "By pattern",
      input: { t: [{ y2019: 1, y2020: 2, c: 3 }] },
      config: { fields: ["y\\d+"], regex: true },
      output: { t: [{ y2019: 1, y2020: 2 }] },
    },
    {
      title: "A field that is not there",
      input: { t: [{ a: 1 }] },
      config: { fields: ["b"] },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { fields, regex, resources }, { at }) =>
    changeResources(input, resources, (resource) =>
      withRelation(
        resource,
        project(
          resource.relation,
          named(resource.relation.schema, { names: fields, regex, at }).map((field) => ({ field })),
          at,
        ),
      ),
    ),
});
