import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { fieldNames } from "../flow/field-names.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { distinct } from "../plan/build.ts";

/** Keeps the first row of each key. */
export const deduplicate = defineProcessor({
  name: "deduplicate",
  title: "Deduplicate",
  summary: "Keeps the first row of each key: the named fields, else the primary key, else all fields.",
  category: "rows",
  safe: true,
  arguments: ["keys"],
  config: z.strictObject({ keys: fieldNames.optional(), resources: selector }),
  examples: [
    {
      title: "By a key",
      input: {
        t: [
          { a: 1, b: 1 },
          { a: 1, b: 2 },
          { a: 2, b: 3 },
        ],
      },
      config: { keys: ["a"] },
      output: {
        t: [
          { a: 1, b: 1 },
          { a: 2, b: 3 },
        ],
      },
    },
    { title: "By the whole row", input: { t: [{ a: 1 }, { a: 1 }] }, config: {}, output: { t: [{ a: 1 }] } },
    {
      title: "A field that is not there",
      input: { t: [{ a: 1 }] },
      config: { keys: ["b"] },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { keys, resources }, { at }) =>
    changeResources(input, resources, (resource) => {
      const { schema } = resource.relation;
      const chosen = keys ?? schema.primaryKey ?? schema.fields.map(({ name }) => name);
      return withRelation(resource, distinct(resource.relation, chosen, at));
    }),
});
