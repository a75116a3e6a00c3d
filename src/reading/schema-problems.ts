import { normaliseSchema } from "../descriptor/normalise.ts";
import { type DescriptorProblem, type JsonObject, pointerTo, refuseProblems } from "../descriptor/problem.ts";
import type { Constraints, Field } from "../descriptor/types.ts";
import { schemaProblems } from "../descriptor/validate.ts";
import { patternProblem } from "./pattern.ts";
import { cellReader, fieldTypes } from "./types/registry.ts";

const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/** Constraints whose values are not of their fields' types, in a schema that is right otherwise. */
export function valueProblems(schema: JsonObject, pointer = ""): DescriptorProblem[] {
  return normaliseSchema(schema).fields.flatMap((field, i) => {
    const at = pointerTo(pointerTo(pointerTo(pointer, "fields"), i), "constraints");
    return constraintProblems(field, field.constraints ?? {}, at);
  });
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
  const reason = constraints.pattern === undefined ? undefined : patternProblem(constraints.pattern);
  const pattern: DescriptorProblem[] =
    reason === undefined
      ? []
      : [
          {
            code: "field-error",
            pointer: pointerTo(pointer, "pattern"),
            message: `Field "${field.name}": ${reason}`,
          },
        ];
  return [
    ...pattern,
    ...wrong.map((name) => problem(name, constraints[name])),
    ...values.map((value) => problem("enum", value)),
  ];
}

/** A value of a descriptor, which may be JSON's or a text as in the data, as a value of the field; undefined if it is none. */
export function constantOf(field: Field, told: unknown): unknown {
  const text = typeof told === "string" ? told : JSON.stringify(told);
  return cellReader(field)(text) ?? cellReader({ name: field.name, type: field.type })(text);
}

/** All that is wrong with a schema. */
export function allSchemaProblems(schema: unknown, pointer = ""): DescriptorProblem[] {
  const problems = schemaProblems(schema, pointer);
  const isSound = problems.every(({ severity }) => severity === "warning");
  return isSound ? [...problems, ...valueProblems(schema as JsonObject, pointer)] : problems; // sound, so an object
}

/** @throws AirCanError `schema-error` or `field-error` for a schema that is not right. `place` is how messages call it. */
export function refuseSchema(schema: unknown, place: string): void {
  refuseProblems(allSchemaProblems(schema), place);
}
