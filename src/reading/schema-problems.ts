import { categoriesOf } from "../descriptor/categories.ts";
import { normaliseSchema } from "../descriptor/normalise.ts";
import {
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  pointerTo,
  refuseProblems,
} from "../descriptor/problem.ts";
import { withPlaces } from "../descriptor/source-text.ts";
import type { Constraints, Field } from "../descriptor/types.ts";
import { schemaProblems } from "../descriptor/validate-schema.ts";
import { compareValues, keyOf } from "./compare-values.ts";
import { constantOf } from "./constants.ts";
import { compareDecimals } from "./decimals.ts";
import { jsonSchemaProblem } from "./json-schema.ts";
import { patternProblem } from "./pattern.ts";
import { fieldTypes } from "./types/registry.ts";

const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/**
 * Constraints whose values are not of their fields' types. Fields with which something else is wrong, as
 * the `known` problems tell, are not looked at.
 */
export function valueProblems(
  schema: JsonObject,
  pointer = "",
  known: readonly DescriptorProblem[] = [],
): DescriptorProblem[] {
  const errors = known.filter(({ severity }) => severity !== "warning");
  const { fields } = schema;
  if (!Array.isArray(fields) || !fields.every(isJsonObject)) return [];
  const found = normaliseSchema(schema).fields.flatMap((field, i) => {
    const at = pointerTo(pointerTo(pointer, "fields"), i);
    if (errors.some((error) => `${error.pointer}/`.startsWith(`${at}/`))) return [];
    return [
      ...constraintProblems(field, field.constraints ?? {}, pointerTo(at, "constraints")),
      ...categoryProblems(field, at),
    ];
  });
  return withPlaces(found, schema, pointer);
}

/** Categories that are no values of their field, and values of `enum` that are no categories. */
function categoryProblems(field: Field, pointer: string): DescriptorProblem[] {
  const categories =
    categoriesOf(field)?.map(({ value }) => ({ value, known: constantOf(field, value) })) ?? [];
  const problem = (property: string, message: string): DescriptorProblem => ({
    code: "field-error",
    pointer: `${pointer}/${property}`,
    message,
  });
  const wrong = categories.filter(({ known }) => known === undefined);
  const values = new Set(categories.map(({ known }) => keyOf(known)));
  const others = categories.length === 0 ? [] : (field.constraints?.enum ?? []);
  return [
    ...wrong.map(({ value }) =>
      problem(
        "categories",
        `The category ${JSON.stringify(value)} of field "${field.name}" is not ${fieldTypes[field.type].expected(field)}.`,
      ),
    ),
    ...others
      .filter((value) => !values.has(keyOf(constantOf(field, value))))
      .map((value) =>
        problem(
          "constraints/enum",
          `The value ${JSON.stringify(value)} of the "enum" of field "${field.name}" is none of its categories.`,
        ),
      ),
  ];
}

function constraintProblems(field: Field, constraints: Constraints, pointer: string): DescriptorProblem[] {
  const problem = (name: string, value: unknown): DescriptorProblem => ({
    code: "field-error",
    pointer: pointerTo(pointer, name),
    message: `The constraint "${name}" of field "${field.name}" has the value ${JSON.stringify(value)}, which is not ${fieldTypes[field.type].expected(field)}.`,
  });
  const wrong = bounds.filter((name) => {
    const told = constraints[name];
    return told !== undefined && constantOf(field, told) === undefined;
  });
  const values =
    constraints.enum?.filter((value) => value !== null && constantOf(field, value) === undefined) ?? [];
  const reasons = {
    pattern: constraints.pattern === undefined ? undefined : patternProblem(constraints.pattern),
    jsonSchema: constraints.jsonSchema === undefined ? undefined : jsonSchemaProblem(constraints.jsonSchema),
    minimum: wrong.length === 0 ? crossedBounds(field, constraints) : undefined,
  };
  const unusable = Object.entries(reasons).flatMap(([name, reason]): DescriptorProblem[] =>
    reason === undefined
      ? []
      : [
          {
            code: "field-error",
            pointer: pointerTo(pointer, name),
            message: `Field "${field.name}": ${reason}`,
          },
        ],
  );
  return [
    ...unusable,
    ...wrong.map((name) => problem(name, constraints[name])),
    ...values.map((value) => problem("enum", value)),
  ];
}

/** Bounds between which nothing lies; plain numbers are compared before. */
function crossedBounds(field: Field, { minimum, maximum }: Constraints): string | undefined {
  if (minimum === undefined || maximum === undefined) return undefined;
  if (typeof minimum === "number" && typeof maximum === "number") return undefined;
  const [from, to] = [constantOf(field, minimum), constantOf(field, maximum)];
  const order = field.type === "number" ? compareDecimals(String(from), String(to)) : compareValues(from, to);
  return order > 0 ? `The constraint "minimum" (${minimum}) is above its "maximum" (${maximum}).` : undefined;
}

/** All that is wrong with a schema. */
export function allSchemaProblems(schema: unknown, pointer = ""): DescriptorProblem[] {
  const problems = schemaProblems(schema, pointer);
  return isJsonObject(schema) ? [...problems, ...valueProblems(schema, pointer, problems)] : problems;
}

/** @throws AirCanError `schema-error` or `field-error` for a schema that is not right. `place` is how messages call it. */
export function refuseSchema(schema: unknown, place: string): void {
  refuseProblems(allSchemaProblems(schema), place);
}
