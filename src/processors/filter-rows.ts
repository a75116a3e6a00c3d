import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { defineProcessor } from "../flow/define.ts";
import { expression } from "../flow/options.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { filter } from "../plan/build.ts";
import { call, type Expression, field, literal } from "../plan/expression.ts";
import { parseExpression } from "../plan/parse-expression.ts";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const tests = z.array(z.record(z.string(), scalar));

/** Keeps the rows for which something is true. */
export const filterRows = defineProcessor({
  name: "filter_rows",
  title: "Filter rows",
  summary: "Keeps the rows for which an expression is true, or that equal (or do not equal) given values.",
  category: "rows",
  safe: true,
  arguments: ["where"],
  config: z.strictObject({
    where: expression.optional().describe("An expression such as `population > 100000 and country = 'NO'`."),
    equals: tests
      .optional()
      .describe("Keeps a row that agrees with all values of at least one of these objects."),
    not_equals: tests.optional().describe("Keeps a row that agrees with none of these objects."),
    resources: selector,
  }),
  examples: [
    {
      title: "By an expression",
      input: {
        cities: [
          { name: "Oslo", population: 709037 },
          { name: "Moss", population: 49000 },
        ],
      },
      config: { where: "population > 100000" },
      output: { cities: [{ name: "Oslo", population: 709037 }] },
    },
    {
      title: "By values",
      input: { cities: [{ name: "Oslo" }, { name: "Moss" }] },
      config: { equals: [{ name: "Moss" }] },
      output: { cities: [{ name: "Moss" }] },
    },
    {
      title: "Without some values",
      input: { cities: [{ name: "Oslo" }, { name: null }] },
      config: { not_equals: [{ name: "Oslo" }] },
      output: { cities: [{ name: null }] },
    },
    {
      title: "A field that is not there",
      input: { cities: [{ name: "Oslo" }] },
      config: { where: "size > 1" },
      output: { error: "unknown-field" },
    },
  ],
  plan: (input, { where, equals, not_equals, resources }, { at }) => {
    const told = [
      ...(equals === undefined ? [] : [anyOf(equals)]),
      ...(not_equals === undefined ? [] : [call("not", anyOf(not_equals))]),
    ];
    if (where === undefined && told.length === 0)
      throw new AirCanError("config-error", "filter_rows needs `where`, `equals` or `not_equals`.");
    return changeResources(input, resources, (resource) => {
      const { relation } = resource;
      const names = relation.schema.fields.map(({ name }) => name);
      const conditions = where === undefined ? told : [parseExpression(where, names), ...told];
      const condition = conditions.reduce((a, b) => call("and", a, b));
      return withRelation(resource, filter(relation, condition, at));
    });
  },
});

type Test = Readonly<Record<string, string | number | boolean | null>>;

const anyOf = (objects: readonly Test[]): Expression =>
  objects.map(allOf).reduce((a, b) => call("or", a, b), literal(false));
const allOf = (object: Test): Expression =>
  Object.entries(object)
    .map(equal)
    .reduce((a, b) => call("and", a, b), literal(true));

/** Equality that knows null: never unknown. */
function equal([name, value]: readonly [string, Test[string]]): Expression {
  const isNull = call("is_null", field(name));
  return value === null ? isNull : call("and", call("not", isNull), call("=", field(name), literal(value)));
}
