import { z } from "zod";
import type { Field } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { fieldType, onError } from "../flow/options.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { cast, requireFields } from "../plan/build.ts";

/** Gives fields a type. What cannot be read as that type is met by the policy. */
export const setType = defineProcessor({
  name: "set_type",
  title: "Set type",
  summary:
    "Reads a field (or all that a pattern names) as a type; straight after `load` the original text is read.",
  category: "fields",
  safe: true,
  arguments: ["name", "type"],
  config: z.strictObject({
    name: z
      .union([z.string(), z.array(z.string())])
      .describe("Field, list of fields, or regular expression over whole names (with `regex`)."),
    type: fieldType.describe("A type of Table Schema."),
    format: z.string().optional().describe("Format of the type, such as `%d/%m/%Y` for a date."),
    regex: z.boolean().default(false).describe("Whether `name` is a regular expression."),
    properties: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Further properties of the field: constraints, decimalChar, trueValues …"),
    missing_values: z.array(z.string()).optional().describe("Texts that mean no value in these fields."),
    on_error: onError,
    resources: selector,
  }),
  examples: [
    {
      title: "Text becomes whole numbers",
      input: { cities: [{ name: "Oslo", population: "709037" }] },
      config: { name: "population", type: "integer" },
      output: { cities: [{ name: "Oslo", population: 709037 }] },
    },
    {
      title: "Dates in a format of their own",
      input: { days: [{ day: "31/12/2025" }] },
      config: { name: "day", type: "date", format: "%d/%m/%Y" },
      output: { days: [{ day: "2025-12-31" }] },
    },
    {
      title: "A cell that is no number ends the flow",
      input: { cities: [{ population: "many" }] },
      config: { name: "population", type: "integer" },
      output: { error: "data-error" },
    },
    {
      title: "Rows with bad cells can be dropped",
      input: { cities: [{ population: "many" }, { population: "5" }] },
      config: { name: "population", type: "integer", on_error: "drop" },
      output: { cities: [{ population: 5 }] },
    },
    {
      title: "A field that is not there",
      input: { cities: [{ population: "5" }] },
      config: { name: "populaton", type: "integer" },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, config, context) =>
    changeResources(input, config.resources, (resource) => {
      const { schema } = resource.relation;
      const names = meant(schema.fields, config);
      requireFields(schema, names, context.at);
      const fields = schema.fields
        .filter(({ name }) => names.includes(name))
        .map((field) => typed(field, config));
      return withRelation(
        resource,
        cast(
          resource.relation,
          {
            fields,
            missingValues: config.missing_values ?? schema.missingValues ?? [""],
            onError: config.on_error ?? context.onError,
            resource: resource.descriptor.name,
          },
          context.at,
        ),
      );
    }),
});

interface TypeConfig {
  readonly name: string | readonly string[];
  readonly regex: boolean;
  readonly type: Field["type"];
  readonly format?: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly missing_values?: readonly string[] | undefined;
}

function meant(fields: readonly Field[], { name, regex }: TypeConfig): readonly string[] {
  if (typeof name !== "string") return name;
  if (!regex) return [name];
  const pattern = new RegExp(`^(?:${name})$`, "u");
  const found = fields.map((field) => field.name).filter((each) => pattern.test(each));
  return found.length > 0 ? found : [name];
}

/** Title, description and constraints stay; how the cells were written does not. */
function typed(
  { name, title, description, constraints }: Field,
  { type, format, properties, missing_values }: TypeConfig,
): Field {
  return {
    name,
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(constraints ? { constraints } : {}),
    ...properties,
    type,
    ...(format ? { format } : {}),
    ...(missing_values ? { missingValues: missing_values } : {}),
  };
}
