import { digitsOf } from "../descriptor/digits.ts";
import type { Field } from "../descriptor/types.ts";

/**
 * The PostgreSQL type that holds a field's values exactly, as `format_type` prints it. Numbers that 64 bits
 * cannot hold are `numeric`. A geopoint is a `point` (longitude, latitude), or `jsonb` where its format is
 * JSON. A yearmonth stays text. A list becomes an array of texts.
 */
export function postgresType(field: Field): string {
  switch (field.type) {
    case "integer":
      return digitsOf(field) ? "numeric" : "bigint";
    case "number":
      return digitsOf(field) ? "numeric" : "double precision";
    case "boolean":
      return "boolean";
    case "date":
      return "date";
    case "time":
      return "time without time zone";
    case "datetime":
      return isZoned(field) ? "timestamp with time zone" : "timestamp without time zone";
    case "year":
      return "integer";
    case "duration":
      return "interval";
    case "object":
    case "array":
    case "geojson":
      return "jsonb";
    case "geopoint":
      return field.format === "array" || field.format === "object" ? "jsonb" : "point";
    case "list":
      return "text[]";
    default:
      return "text";
  }
}

function isZoned({ zoned, format }: Field): boolean {
  return zoned === true || (format?.includes("%z") ?? false);
}

/** Types that take every value of a type without changing it. `text` takes all. */
const widens: Readonly<Record<string, readonly string[]>> = {
  smallint: ["integer", "bigint", "numeric"],
  integer: ["bigint", "numeric", "double precision"],
  bigint: ["numeric"],
  "double precision": ["numeric"],
  date: ["timestamp without time zone"],
  jsonb: ["json"],
};

/** True if a column of type `to` holds values of type `from` as they are. */
export function fits(from: string, to: string): boolean {
  const plain = to.replace(/\([\d,]+\)/, "");
  return (
    from === to || plain === "text" || plain === "character varying" || (widens[from]?.includes(to) ?? false)
  );
}

/** Types that have no `=`, so that two values are compared by their text. */
export const comparedAsText: ReadonlySet<string> = new Set(["point", "json", "xml", "polygon", "path"]);

/** The field type that a PostgreSQL column is read as. */
export function fieldOfPostgres(name: string, type: string): Field {
  const plain = type.replace(/\([\d,]+\)/, "");
  if (plain === "numeric") return { name, type: "number", digits: { integer: 38, fraction: 38 } };
  if (plain.endsWith("[]")) return { name, type: "list" };
  const known: Readonly<Record<string, Field["type"]>> = {
    smallint: "integer",
    integer: "integer",
    bigint: "integer",
    real: "number",
    "double precision": "number",
    boolean: "boolean",
    date: "date",
    "time without time zone": "time",
    "timestamp without time zone": "datetime",
    "timestamp with time zone": "datetime",
    interval: "duration",
    json: "object",
    jsonb: "object",
    point: "geopoint",
  };
  const zoned = plain === "timestamp with time zone" ? { zoned: true } : {};
  return { name, type: known[plain] ?? "string", ...zoned };
}
