import { Temporal } from "../base/temporal.ts";
import type { Field } from "../descriptor/types.ts";
import { plainDecimal } from "./decimals.ts";
import { listItem } from "./types/list-item.ts";
import { numberText } from "./types/number.ts";
import { cellReader } from "./types/registry.ts";

/**
 * A value that a descriptor tells, such as a bound, as a value of its field; undefined if it is none. A text is
 * read as a cell of the field, else in the default form of the type; a number is its plain digits.
 */
export function constantOf(field: Field, told: unknown): unknown {
  if (typeof told === "string") return firstRead(told, [field, plainField(field)]);
  if (field.type === "year" && Number.isInteger(told)) return told;
  if (field.type === "list" && Array.isArray(told)) return listOf(field, told);
  return firstRead(JSON.stringify(told), [asJson(field, told), plainField(field), field]);
}

/** A constant that values are compared with: also a fraction for whole numbers. */
export function boundOf(field: Field, told: string | number): unknown {
  const bound = constantOf(field, told);
  const isWhole = field.type === "integer" || field.type === "year";
  return bound === undefined && isWhole && typeof told === "number" ? told : bound;
}

/** A constant that is told as a cell of its field, as a text of the default form; JSON stays as it is. */
export function constantText(field: Field, told: unknown): unknown {
  if (typeof told !== "string") return told;
  const value = constantOf(field, told);
  const isPrinted = ["number", "bigint", "boolean", "string"].includes(typeof value) || isMoment(value);
  return isPrinted ? String(value).replace("Infinity", "INF") : told;
}

const isMoment = (value: unknown): boolean =>
  value instanceof Temporal.PlainDate ||
  value instanceof Temporal.PlainTime ||
  value instanceof Temporal.PlainDateTime ||
  value instanceof Temporal.Instant;

/** The plain digits of a number's cell. */
export const decimalOf = (cell: string, field: Field): string => plainDecimal(numberText(cell, field));

/** A field without what it says of the form of its cells. */
function plainField({ name, type }: Field): Field {
  return { name, type };
}

/** A place may be told as an array or an object of JSON, whatever its cells look like. */
function asJson(field: Field, told: unknown): Field {
  if (field.type !== "geopoint") return plainField(field);
  return { ...plainField(field), format: Array.isArray(told) ? "array" : "object" };
}

function firstRead(text: string, fields: readonly Field[]): unknown {
  for (const field of fields) {
    const value = cellReader(field)(text);
    if (value !== undefined) return field.type === "number" ? decimalOf(text, field) : value;
  }
  return undefined;
}

function listOf(field: Field, told: readonly unknown[]): readonly unknown[] | undefined {
  const item = listItem(field);
  const items = told.map((each) => (item.type === "number" ? each : constantOf(item, each)));
  return items.includes(undefined) ? undefined : items;
}
