import type { DataType } from "@uwdata/flechette";
import type { Field } from "../../descriptor/types.ts";

/** How a column of Arrow is read. */
export interface ArrowColumn {
  readonly field: Field;
  /** A value as JSON: scalars as their text form, with every digit. Never called for null. */
  readonly json: (value: unknown) => string;
}

type Typed = Omit<Field, "name">;

/** The type that Arrow's types are in Table Schema, and their text forms; by number of the type (`Type` in Arrow). */
export function arrowColumn(name: string, type: DataType): ArrowColumn {
  const inner = valueType(type);
  const typed = typeOf(inner);
  const isNested = ["array", "object", "any"].includes(String(typed.type));
  const json = isNested ? nestedJson(inner) : (value: unknown) => JSON.stringify(scalarText(inner, value));
  return { field: { name, ...typed } as Field, json }; // `typed` has a type: see below
}

/** What dictionaries and runs hold. */
function valueType(type: DataType): DataType {
  if (type.typeId === -1) return valueType(type.dictionary);
  return type.typeId === 22 ? valueType(type.children[1].type) : type;
}

function typeOf(type: DataType): Typed {
  switch (type.typeId) {
    case 1:
    case 14:
      return { type: "any" };
    case 2:
      return { type: "integer" };
    case 3:
    case 7:
      return { type: type.typeId === 7 && type.scale <= 0 ? "integer" : "number" };
    case 6:
      return { type: "boolean" };
    case 8:
      return { type: "date" };
    case 9:
      return { type: "time" };
    case 10:
      return { type: "datetime", zoned: type.timezone !== null && type.timezone !== "" };
    case 11:
    case 18:
      return { type: "duration" };
    case 4:
    case 15:
    case 19:
    case 23:
      return { type: "string", format: "binary" };
    case 12:
    case 16:
    case 21:
    case 25:
    case 26:
      return { type: "array" };
    case 13:
    case 17:
      return { type: "object" };
    default:
      return { type: "string" };
  }
}

function scalarText(type: DataType, value: unknown): string {
  if (value instanceof Uint8Array && type.typeId !== 11) return Buffer.from(value).toString("base64");
  switch (type.typeId) {
    case 3:
      return floatText(Number(value), type.precision);
    case 7:
      return decimalText(String(value), type.scale);
    case 8:
      return isoMoment(BigInt(Number(value)), 1).slice(0, -"T00:00:00".length);
    case 9:
      return isoMoment(BigInt(Number(value)), type.unit).replace(/^.*T/, "");
    case 10:
      return `${isoMoment(BigInt(String(value)), type.unit)}${type.timezone ? "Z" : ""}`;
    case 11:
      return intervalText(type.unit, value);
    case 18:
      return `PT${decimalText(String(value), type.unit * 3)}S`;
    default:
      return String(value);
  }
}

/** The shortest text that is the same number; `precision` 0 to 2 are 16, 32 and 64 bits. */
function floatText(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";
  if (precision === 2) return String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** A whole number with its point moved by so many digits. */
function decimalText(digits: string, scale: number): string {
  const sign = digits.startsWith("-") ? "-" : "";
  const plain = digits.replace("-", "");
  if (scale <= 0) return `${sign}${plain}${plain === "0" ? "" : "0".repeat(-scale)}`;
  const padded = plain.padStart(scale + 1, "0");
  const fraction = padded.slice(-scale).replace(/0+$/, "");
  return `${sign}${padded.slice(0, -scale)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** `YYYY-MM-DDThh:mm:ss`, with the fraction that is there; units are 1000 to the power of `unit` in a second. */
function isoMoment(value: bigint, unit: number): string {
  const perSecond = 1000n ** BigInt(unit);
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - fraction) / perSecond;
  const iso = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, "");
  const digits = String(fraction)
    .padStart(unit * 3, "0")
    .replace(/0+$/, "");
  return fraction === 0n ? iso : `${iso}.${digits}`;
}

/** ISO 8601; `unit` 0 counts months, 1 days and milliseconds, 2 months, days and nanoseconds. */
function intervalText(unit: number, value: unknown): string {
  if (unit === 0) return `P${Number(value)}M`;
  const parts = Array.from(value as ArrayLike<number>, Number); // what flechette gives for intervals
  const [months = 0, days = 0, fraction = 0] = unit === 1 ? [0, ...parts] : parts;
  return `P${months}M${days}DT${decimalText(String(Math.round(fraction)), unit === 1 ? 3 : 9)}S`;
}

function nestedJson(type: DataType): (value: unknown) => string {
  const inner = valueType(type);
  switch (inner.typeId) {
    case 12:
    case 16:
    case 21:
    case 25:
    case 26:
      return listJson(nestedOrNull(inner.children[0]?.type));
    case 13:
      return structJson(inner.children.map(({ name, type }) => [name, nestedOrNull(type)]));
    case 17:
      return mapJson(nestedOrNull(mapValue(inner)));
    case 14:
      return (value) => JSON.stringify(typeof value === "bigint" ? String(value) : value) ?? "null";
    case 2:
    case 7:
    case 3:
      return (value) => numberJson(scalarText(inner, value));
    case 6:
      return String;
    default:
      return (value) => JSON.stringify(scalarText(inner, value));
  }
}

const numberJson = (text: string) =>
  /^[-0-9]/.test(text) && !text.endsWith("F") ? text : JSON.stringify(text);

function nestedOrNull(type: DataType | undefined): (value: unknown) => string {
  const json = type === undefined ? JSON.stringify : nestedJson(type);
  return (value) => (value === null || value === undefined ? "null" : json(value));
}

function mapValue({ children }: Extract<DataType, { typeId: 17 }>): DataType | undefined {
  const [entries] = children;
  return entries.type.typeId === 13 ? entries.type.children[1]?.type : undefined;
}

const listJson = (item: (value: unknown) => string) => (value: unknown) =>
  `[${Array.from(value as ArrayLike<unknown>, item).join(",")}]`; // lists are arrays or typed arrays

const structJson =
  (members: readonly (readonly [string, (value: unknown) => string])[]) => (value: unknown) => {
    const object = Object(value);
    return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json(object[name])}`).join(",")}}`;
  };

const mapJson = (json: (value: unknown) => string) => (value: unknown) => {
  const entries = Array.from(value as Iterable<readonly [unknown, unknown]>); // maps are lists of pairs
  return `{${entries.map(([key, item]) => `${JSON.stringify(String(key))}:${json(item)}`).join(",")}}`;
};
