import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { expression, fieldType, rowFunction } from "../flow/options.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { map, project } from "../plan/build.ts";
import { type Expression, literal } from "../plan/expression.ts";
import { parseExpression } from "../plan/parse-expression.ts";
import type { Relation, Row, StepReference } from "../plan/relation.ts";
import { parseCell } from "../reading/types/registry.ts";

const constant = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Adds a field: a constant, an expression, or what a row function gives. */
export const addField = defineProcessor({
  name: "add_field",
  title: "Add field",
  summary: "Adds a field with a constant, the value of an expression, or what a row function gives.",
  category: "fields",
  safe: true,
  arguments: ["name", "type", "value"],
  config: z.strictObject({
    name: z.string().min(1).describe("Name of the new field."),
    type: fieldType.default("string").describe("Its type."),
    value: z
      .union([constant, rowFunction])
      .optional()
      .describe("A constant, or (in code) a row function; nothing: empty."),
    expression: expression.optional().describe("An expression over the other fields."),
    pure: z
      .boolean()
      .default(true)
      .describe(
        "Whether a row function only looks at its row: it is called in any order, and may be called again for a row. False for one that keeps state, such as a counter: it is called once per row, in row order.",
      ),
    properties: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Further properties of the field, such as title."),
    resources: selector,
  }),
  examples: [
    {
      title: "A constant",
      input: { cities: [{ name: "Oslo" }] },
      config: { name: "country", value: "NO" },
      output: { cities: [{ name: "Oslo", country: "NO" }] },
    },
    {
      title: "An expression",
      input: { cities: [{ population: 10, area: 4 }] },
      config: { name: "density", type: "number", expression: "population / area" },
      output: { cities: [{ population: 10, area: 4, density: 2.5 }] },
    },
    {
      title: "A constant that is not of the type",
      input: { cities: [{ population: 10, area: 4 }] },
      config: { name: "density", type: "number", value: "population / area" },
      output: { error: "config-error" },
    },
    {
      title: "A name that is taken",
      input: { cities: [{ name: "Oslo" }] },
      config: { name: "name", value: "x" },
      output: { error: "config-error" },
    },
  ],
  plan: (input, config, { at }) =>
    changeResources(input, config.resources, (resource) =>
      withRelation(resource, withField(resource.relation, config, at)),
    ),
});

interface FieldConfig {
  readonly name: string;
  readonly type: Field["type"];
  readonly value?: unknown;
  readonly expression?: string | undefined;
  readonly pure: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

function withField(input: Relation, config: FieldConfig, at: StepReference): Relation {
  const field: Field = { ...config.properties, name: config.name, type: config.type };
  const { fields } = input.schema;
  if (fields.some(({ name }) => name === field.name)) {
    throw new AirCanError(
      "config-error",
      `There is a field "${field.name}" already; the fields are: ${fields.map(({ name }) => name).join(", ")}.`,
      { hint: "Choose another name, or delete the field first.", where: { field: field.name } },
    );
  }
  if (typeof config.value === "function") {
    const apply = config.value as (row: Row) => unknown; // the schema lets only functions of a row pass
    return map(input, { apply, target: field, pure: config.pure }, at);
  }
  const value: Expression =
    config.expression === undefined
      ? constantOf(config.value as z.output<typeof constant> | undefined, field) // a function was seen to above
      : parseExpression(
          config.expression,
          fields.map(({ name }) => name),
        );
  return project(input, [...fields.map((each) => ({ field: each })), { field, value }], at);
}

/** A constant that the field's type can read. */
function constantOf(value: z.output<typeof constant> | undefined, field: Field): Expression {
  if (value === undefined || value === null || parseCell(String(value), field) !== undefined)
    return literal(value ?? null);
  throw new AirCanError(
    "config-error",
    `The constant ${JSON.stringify(value)} of the field "${field.name}" is not of type ${field.type}.`,
    {
      hint: "Correct it; what is computed from other fields is an `expression`.",
      where: { field: field.name },
    },
  );
}
