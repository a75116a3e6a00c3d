import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { project, requireFields } from "../plan/build.ts";
import { call, type Expression, field, literal } from "../plan/expression.ts";

const pattern = z.strictObject({
  find: z.string().min(1).describe("Regular expression, or text (with `regex: false`)."),
  replace: z.string().describe("What stands instead; `\\1` or `$1` is the first group."),
});

/** Replaces parts of texts. */
export const findReplace = defineProcessor({
  name: "find_replace",
  title: "Find and replace",
  summary: "Replaces every match of a regular expression, or of a text, in text fields.",
  category: "rows",
  safe: true,
  arguments: ["fields"],
  config: z.strictObject({
    fields: z
      .array(z.strictObject({ name: z.string(), patterns: z.array(pattern).min(1) }))
      .min(1)
      .describe("For each field its patterns, in the order in which they are applied."),
    regex: z.boolean().default(true).describe("Whether `find` is a regular expression."),
    resources: selector,
  }),
  examples: [
    {
      title: "A group is kept",
      input: { t: [{ price: "NOK 12" }] },
      config: { fields: [{ name: "price", patterns: [{ find: "NOK (\\d+)", replace: "\\1 kr" }] }] },
      output: { t: [{ price: "12 kr" }] },
    },
    {
      title: "A text as it is",
      input: { t: [{ a: "1.5" }] },
      config: { fields: [{ name: "a", patterns: [{ find: ".", replace: "," }] }], regex: false },
      output: { t: [{ a: "1,5" }] },
    },
    {
      title: "A field that is not there",
      input: { t: [{ a: "x" }] },
      config: { fields: [{ name: "b", patterns: [{ find: "x", replace: "" }] }] },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { fields, regex, resources }, { at }) =>
    changeResources(input, resources, (resource) => {
      const { schema } = resource.relation;
      requireFields(
        schema,
        fields.map(({ name }) => name),
        at,
      );
      const columns = schema.fields.map((each) => {
        const patterns = fields.find(({ name }) => name === each.name)?.patterns;
        return patterns
          ? { field: each, value: replaced(field(each.name), patterns, regex) }
          : { field: each };
      });
      return withRelation(resource, project(resource.relation, columns, at));
    }),
});

function replaced(
  value: Expression,
  patterns: readonly z.output<typeof pattern>[],
  regex: boolean,
): Expression {
  return patterns.reduce(
    (text, { find, replace }) =>
      call(
        regex ? "replace_pattern" : "replace",
        text,
        literal(find),
        literal(regex ? replace.replace(/\$(\d)/g, "\\$1") : replace),
      ),
    value,
  );
}
