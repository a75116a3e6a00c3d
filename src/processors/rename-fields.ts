import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { project, requireFields } from "../plan/build.ts";
import { field } from "../plan/expression.ts";

/** Gives fields other names; keys follow. */
export const renameFields = defineProcessor({
  name: "rename_fields",
  title: "Rename fields",
  summary: "Gives fields other names; a primary key follows.",
  category: "fields",
  safe: true,
  arguments: ["fields"],
  objects: ["fields"],
  config: z.strictObject({
    fields: z
      .record(z.string(), z.string().min(1))
      .describe("Old name to new name; with `regex` pattern to replacement (`\\1` is the first group)."),
    regex: z.boolean().default(false).describe("Whether old names are regular expressions over whole names."),
    resources: selector,
  }),
  examples: [
    {
      title: "One field",
      input: { t: [{ a: 1, b: 2 }] },
      config: { fields: { a: "x" } },
      output: { t: [{ x: 1, b: 2 }] },
    },
    {
      title: "By pattern",
      input: { t: [{ y19: 1, y20: 2 }] },
      config: { fields: { "y(\\d+)": "20\\1" }, regex: true },
      output: { t: [{ "2019": 1, "2020": 2 }] },
    },
    {
      title: "A name that is taken",
      input: { t: [{ a: 1, b: 2 }] },
      config: { fields: { a: "b" } },
      output: { error: "config-error" },
    },
  ],
  plan: (input, { fields, regex, resources }, { at }) =>
    changeResources(input, resources, (resource) => {
      const { schema } = resource.relation;
      if (!regex) requireFields(schema, Object.keys(fields), at);
      const columns = schema.fields.map((each) => ({
        field: { ...each, name: renamed(each.name, fields, regex) },
        value: field(each.name),
      }));
      return withRelation(resource, project(resource.relation, columns, at));
    }),
});

function renamed(name: string, names: Readonly<Record<string, string>>, regex: boolean): string {
  if (!regex) return names[name] ?? name;
  const found = Object.entries(names).find(([pattern]) => new RegExp(`^(?:${pattern})$`, "u").test(name));
  return found
    ? name.replace(new RegExp(`^(?:${found[0]})$`, "u"), found[1].replace(/\\(\d)/g, "$$$1"))
    : name;
}
