import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, VARCHAR } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import { castCell, type SqlType, usualType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { writeJson } from "./json-text.ts";

/** The four forms in which values cross from JavaScript to DuckDB, which makes of them what the field is. */
export type Wire = "VARCHAR" | "DOUBLE" | "BIGINT" | "BOOLEAN";
export type WireValue = string | number | bigint | boolean | null;

export const wireTypes: Readonly<Record<Wire, DuckDBType>> = { VARCHAR, DOUBLE, BIGINT, BOOLEAN };

/** How a field that JavaScript gives lies in DuckDB; what lay wide below a function stays wide. */
export function writtenType(field: Field, below?: Column): SqlType {
  if (field.type === "any") return "JSON";
  return below && below.field.type === field.type && below.type !== "JSON" ? below.type : usualType(field);
}

export function wireOf(type: SqlType): Wire {
  if (type === "INTEGER") return "BIGINT";
  return type === "DOUBLE" || type === "BIGINT" || type === "BOOLEAN" ? type : "VARCHAR";
}

/** The SQL that makes of a wire value the column of the field. */
export function fromWire(raw: string, field: Field, type: SqlType): string {
  if (type === wireOf(type)) return raw;
  if (field.type === "list") return `CAST(CAST(${raw} AS JSON) AS ${type})`;
  if (field.type === "any") return `CAST(${raw} AS JSON)`;
  const { format: _format, ...plain } = field;
  return castCell(raw, { ...plain, decimalChar: ".", groupChar: "" }, type).value;
}

/**
 * Turns what JavaScript gives for a field into its wire value; null and undefined are missing values.
 *
 * @throws Error that says which value does not fit which type.
 */
export function toWire(field: Field, type: SqlType): (value: unknown) => WireValue {
  const convert = converters[field.type](field, wireOf(type));
  return (value) => {
    if (value === null || value === undefined) return null;
    const wire = convert(value);
    if (wire === undefined)
      throw new Error(`${shown(value)} does not fit the field "${field.name}" of type ${field.type}`);
    return wire;
  };
}

function shown(value: unknown): string {
  const shortened =
    typeof value === "object"
      ? JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item))
      : String(value);
  return typeof value === "string" ? `"${shortened}"` : (shortened ?? typeof value);
}

type Convert = (value: unknown) => WireValue | undefined;

const integer =
  (wire: Wire): Convert =>
  (value) => {
    const whole =
      typeof value === "bigint" ? value : Number.isInteger(value) ? BigInt(value as number) : undefined; // an integer is a number
    if (whole === undefined) return undefined;
    if (wire !== "BIGINT") return String(whole);
    return BigInt.asIntN(64, whole) === whole ? whole : undefined;
  };

const number =
  (wire: Wire): Convert =>
  (value) => {
    if (typeof value !== "number" && typeof value !== "bigint" && !isDigits(value)) return undefined;
    return wire === "DOUBLE" ? Number(value) : String(value);
  };

const isDigits = (value: unknown) => typeof value === "string" && /^[+-]?[0-9]+(\.[0-9]+)?$/.test(value);

const moment =
  (part: (iso: string) => string): Convert =>
  (value) => {
    if (value instanceof Date) return part(value.toISOString());
    if (typeof value === "string") return value;
    return typeof value === "object" && value !== null && Symbol.toStringTag in value
      ? plainText(value)
      : undefined;
  };

/** Temporal objects print their calendar and zone only where they are not the ISO default. */
function plainText(value: object): string {
  return String(value).replace(/\[.*\]$/, "");
}

const plain: Convert = (value) => {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && !(Symbol.toStringTag in value))
    return value instanceof Date ? value.toISOString() : undefined;
  return typeof value === "function" || typeof value === "symbol" ? undefined : String(value);
};

const json: Convert = (value) => writeJson(value);
const jsonOf =
  (fits: (value: unknown) => boolean): Convert =>
  (value) =>
    fits(value) ? writeJson(value) : undefined;
const isPlainObject = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const converters: Readonly<Record<Field["type"], (field: Field, wire: Wire) => Convert>> = {
  string: () => plain,
  integer: (_, wire) => integer(wire),
  number: (_, wire) => number(wire),
  boolean: () => (value) => (typeof value === "boolean" ? value : undefined),
  date: () => moment((iso) => iso.slice(0, 10)),
  time: () => moment((iso) => iso.slice(11, 23)),
  datetime: (field) => moment((iso) => (field.zoned === true ? iso : iso.slice(0, 23))),
  year: (_, wire) => integer(wire),
  yearmonth: () => moment((iso) => iso.slice(0, 7)),
  duration: () => moment((iso) => iso),
  list: () => jsonOf(Array.isArray),
  array: () => jsonOf(Array.isArray),
  object: () => jsonOf(isPlainObject),
  geojson: () => jsonOf(isPlainObject),
  geopoint: () => (value) => (Array.isArray(value) ? value.join(",") : undefined),
  any: () => json,
};
