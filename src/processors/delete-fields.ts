import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { fieldNames, named } from "../flow/field-names.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { project } from "../plan/build.ts";

/** Drops some fields. */
export const deleteFields = defineProcessor({
  name: "delete_fields",
  title: "Delete fields",
  summary: "Drops the named fields; a primary key that loses one is dropped too.",
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
      title: "One of two",
      input: { t: [{ a: 1, b: 2 }] },
      config: { fields: ["b"] },
      output: { t: [{ a: 1 }] },
    },
    {
      title: "A field that is not there",
      input: { t: [{ a: 1 }] },
      config: { fields: ["b"] },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { fields, regex, resources }, { at }) =>
    changeResources(input, resources, (resource) => {
      const { schema } = resource.relation;
      const gone = new Set(named(schema, { names: fields, regex, at }));
      const kept = schema.fields.filter((field) => !gone.has(field)).map((field) => ({ field }));
      return withRelation(resource, project(resource.relation, kept, at));
    }),
});
