import { z } from "zod";
import type { Field } from "../descriptor/types.ts";
import { constant, name, textOf } from "./sql.ts";

/** Values in a check's entry: as JSON, or as the field's texts. */
export const values = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

type Value = z.infer<typeof values>[number];

const isNumeric = ({ type }: Field) => type === "integer" || type === "number" || type === "year";

/** SQL: true for a value of the field that is one of those given; numbers are compared as numbers. */
export function isOneOfValues(field: Field, all: readonly Value[]): string {
  return `(${all.map((value) => isValue(field, value)).join(" OR ")})`;
}

/** SQL: true where the field has the value. */
export function isValue(field: Field, value: Value): string {
  if (isNumeric(field) && value !== "" && Number.isFinite(Number(value)))
    return `TRY_CAST(${name(field.name)} AS DOUBLE) = ${Number(value)}`;
  if (field.type === "datetime")
    return `replace(${textOf(field.name)}, ' ', 'T') = ${constant(String(value).replace(" ", "T").replace(/Z$/, "+00"))}`;
  return `${textOf(field.name)} = ${constant(String(value))}`;
}

/** Whether a field's values are numbers. */
export function isNumber(field: Field): boolean {
  return field.type === "integer" || field.type === "number";
}
