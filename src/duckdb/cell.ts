import type { Field } from "../descriptor/types.ts";
import { falseValues, trueValues } from "../reading/types/boolean.ts";
import { fieldTypes } from "../reading/types/registry.ts";
import { temporalFormat } from "../reading/types/temporal-format.ts";
import { identifier, isOneOf, text } from "./sql.ts";

/**
 * How a field's values lie in DuckDB. A type of DuckDB, written as DuckDB writes it. The same field may
 * lie in a wider one where its data needs it: HUGEINT, DECIMAL(p,s), TIMESTAMP_NS, or VARCHAR, which
 * carries the digits as they are.
 */
export type SqlType = string;

/** The type that almost all data fits; what does not is found out and laid wider. */
export function usualType(field: Field): SqlType {
  switch (field.type) {
    case "integer":
      return "BIGINT";
    case "number":
      return "DOUBLE";
    case "boolean":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "datetime":
      return isZoned(field) ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
    case "year":
      return "INTEGER";
    case "duration":
      return "INTERVAL";
    case "list":
      return `${itemType(field)}[]`;
    case "object":
    case "array":
    case "geojson":
      return "JSON";
    case "geopoint":
      return "STRUCT(lon DOUBLE, lat DOUBLE)";
    case "string":
    case "yearmonth":
    case "any":
      return "VARCHAR";
  }
}

/** True for instants, false for local time: what the field says, or its format's `%z`. */
export function isZoned(field: Field): boolean {
  return field.zoned === true || (temporalFormat(field.format)?.includes("%z") ?? false);
}

function itemType(field: Field): SqlType {
  const items: Readonly<Record<string, SqlType>> = {
    integer: "BIGINT",
    number: "DOUBLE",
    boolean: "BOOLEAN",
    date: "DATE",
    time: "TIME",
    datetime: "TIMESTAMP",
  };
  return typeof field.itemType === "string" ? (items[field.itemType] ?? "VARCHAR") : "VARCHAR";
}

/** How one text cell becomes a value: `fits` is null where every text does. All work on a non-null `cell`. */
export interface CellCast {
  /** True if the cell is of the field's type, as far as its characters tell. */
  readonly pattern: string | null;
  /** True if the SQL type holds the value without loss; null: always. */
  readonly fits: string | null;
  /** The value; throws or gives null on impossible ones (2020-02-30). */
  readonly value: string;
  /** The value, or null on impossible ones; the same as `value` where none is impossible. */
  readonly attempt: string;
}

/** The cast of a text `cell` (an SQL expression) to a field that lies as `type`. */
export function castCell(cell: string, field: Field, type: SqlType): CellCast {
  return { pattern: patternTest(cell, field), ...valueFor(cell, field, type) };
}

/** The field's pattern as a test; of a boolean, whose texts are few, they are compared. */
function patternTest(cell: string, field: Field): string | null {
  if (field.type === "boolean") return isOneOf(cell, [...trueValues(field), ...falseValues(field)].map(text));
  const pattern = fieldTypes[field.type].pattern(field);
  return pattern === null ? null : `regexp_full_match(${cell}, ${text(pattern)})`;
}

type Value = Omit<CellCast, "pattern">;
const always = (value: string): Value => ({ fits: null, value, attempt: value });
const castTo = (value: string, type: SqlType, fits: string | null = null): Value => ({
  fits,
  value: `CAST(${value} AS ${type})`,
  attempt: `TRY_CAST(${value} AS ${type})`,
});

function valueFor(cell: string, field: Field, type: SqlType): Value {
  switch (field.type) {
    case "integer":
      return type === "VARCHAR"
        ? always(`regexp_replace(${plainNumber(cell, field)}, '^\\+?(-?)0*([0-9])', '\\1\\2')`)
        : castTo(plainNumber(cell, field), type, type === "HUGEINT" ? `strlen(${cell}) <= 38` : null);
    case "number":
      return numberValue(plainNumber(cell, field), type);
    case "boolean":
      return always(isOneOf(cell, trueValues(field).map(text)));
    case "year":
      return castTo(cell, type);
    case "duration":
      return { ...always(durationValue(cell)), fits: durationFits(cell) };
    case "list":
      return listValue(cell, field, type);
    case "geopoint":
      return geopointValue(cell, field);
    case "object":
    case "array":
    case "geojson":
      return castTo(cell, "JSON", `json_valid(${cell})`);
    case "date":
    case "time":
    case "datetime":
      return temporalValue(cell, field, type);
    case "string":
    case "yearmonth":
    case "any":
      return always(cell);
  }
}

/** The digits alone, with a point; the counterpart of `stripNumber`. */
function plainNumber(cell: string, field: Field): string {
  let plain = field.groupChar ? `replace(${cell}, ${text(field.groupChar)}, '')` : cell;
  if (field.bareNumber === false)
    plain = `regexp_replace(regexp_replace(${plain}, '^[^0-9+.-]*', ''), '[^0-9]*$', '')`;
  return field.decimalChar && field.decimalChar !== "."
    ? `replace(${plain}, ${text(field.decimalChar)}, '.')`
    : plain;
}

/** 15 digits always survive a double; longer cells are compared with what the double prints. */
function numberValue(plain: string, type: SqlType): Value {
  if (type === "VARCHAR") return always(plain);
  if (type !== "DOUBLE") return castTo(plain, type);
  const printed = `CAST(TRY_CAST(${plain} AS DOUBLE) AS VARCHAR)`;
  return castTo(
    plain,
    "DOUBLE",
    `strlen(${plain}) <= 16 OR ${printed} = ${plain} OR ${sameDigits(plain, printed)}`,
  );
}

/** True if two decimal texts mean the same number; exponents are doubles by nature. */
function sameDigits(a: string, b: string): string {
  const bare = (digits: string) =>
    `regexp_replace(regexp_replace(${digits}, '^\\+?(-?)0*([0-9])', '\\1\\2'), '(\\.[0-9]*?)0*$', '\\1')`;
  return `regexp_matches(${a}, '[eE]') OR rtrim(${bare(a)}, '.') = rtrim(${bare(b)}, '.')`;
}

function temporalValue(cell: string, field: Field, type: SqlType): Value {
  const format = temporalFormat(field.format);
  if (type === "VARCHAR") return always(cell);
  if (format) {
    const plain = format.endsWith("%z") ? `regexp_replace(${cell}, 'Z$', '+00:00')` : cell;
    const parsed = (name: string) => `${name}(${plain}, ${text(format)})`;
    return {
      fits: null,
      value: `CAST(${parsed("strptime")} AS ${type})`,
      attempt: `CAST(${parsed("try_strptime")} AS ${type})`,
    };
  }
  const longest: Readonly<Record<string, number>> = {
    TIME: 15,
    TIMESTAMP: 26,
    "TIMESTAMP WITH TIME ZONE": 32,
  };
  const limit = longest[type];
  const lengthFits = limit === undefined ? null : `strlen(${cell}) <= ${limit}`;
  const zoneFits = zoneTest(cell, type);
  const yearFits = field.type === "time" ? null : `NOT starts_with(${cell}, '0000')`;
  const fits = [
    lengthFits,
    yearFits,
    field.type === "datetime" && field.zoned === undefined ? zoneFits : null,
  ];
  const tests = fits.filter((test) => test !== null);
  return castTo(cell, type, tests.length === 0 ? null : tests.join(" AND "));
}

/** Whether a date-time's text has a zone, as its SQL type demands. */
function zoneTest(cell: string, type: SqlType): string {
  const zoned = `regexp_matches(${cell}, '(Z|[+-][0-9]{2}:[0-9]{2})$')`;
  return type === "TIMESTAMP WITH TIME ZONE" ? zoned : `NOT ${zoned}`;
}

/** For values made of parts, which are no null when all of these are. */
function unlessNull(cell: string, value: string): string {
  return `CASE WHEN ${cell} IS NULL THEN NULL ELSE ${value} END`;
}

const durationPattern =
  "^([+-]?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?$";

function durationFits(cell: string): string {
  return `regexp_matches(${cell}, ${text(durationPattern)})`;
}

/** Months, days and microseconds of an ISO 8601 duration. */
function durationValue(cell: string): string {
  const part = (index: number) =>
    `coalesce(TRY_CAST(nullif(regexp_extract(${cell}, ${text(durationPattern)}, ${index}), '') AS DOUBLE), 0)`;
  const sign = `(CASE WHEN starts_with(${cell}, '-') THEN -1 ELSE 1 END)`;
  const months = `to_months(CAST(${sign} * (${part(2)} * 12 + ${part(3)}) AS INTEGER))`;
  const days = `to_days(CAST(${sign} * (${part(4)} * 7 + ${part(5)}) AS INTEGER))`;
  const micros = `to_microseconds(CAST(${sign} * round((${part(6)} * 3600 + ${part(7)} * 60 + ${part(8)}) * 1000000) AS BIGINT))`;
  return unlessNull(cell, `(${months} + ${days} + ${micros})`);
}

function listValue(cell: string, field: Field, type: SqlType): Value {
  const split = `string_split(${cell}, ${text(listDelimiter(field))})`;
  return type === "VARCHAR[]" ? always(split) : castTo(split, type);
}

/** Between the items of a list; a comma unless the field says otherwise. */
export function listDelimiter(field: Field): string {
  return typeof field.delimiter === "string" ? field.delimiter : ",";
}

function geopointValue(cell: string, field: Field): Value {
  const at = (index: number) =>
    `CAST(regexp_extract_all(${cell}, '[+-]?[0-9]+(?:\\.[0-9]+)?')[${index}] AS DOUBLE)`;
  const latitudeFirst = `strpos(${cell}, '"lat"') < strpos(${cell}, '"lon"')`;
  const swapped = field.format === "object";
  const lon = swapped ? `CASE WHEN ${latitudeFirst} THEN ${at(2)} ELSE ${at(1)} END` : at(1);
  const lat = swapped ? `CASE WHEN ${latitudeFirst} THEN ${at(1)} ELSE ${at(2)} END` : at(2);
  return {
    ...always(unlessNull(cell, `struct_pack(lon := ${lon}, lat := ${lat})`)),
    fits: `abs(${lon}) <= 180 AND abs(${lat}) <= 90`,
  };
}

/** Null for a missing value: what the field, else the schema, counts as one. `cell` may be null itself. */
export function isMissing(cell: string, missingValues: readonly string[]): string {
  if (missingValues.length === 0) return "false";
  const named = missingValues.filter((value) => value !== "").map(text);
  if (!missingValues.includes("")) return isOneOf(cell, named);
  const filled = `coalesce(${cell}, '')`; // with `IS NULL OR` DuckDB plans in the square of the columns
  return named.length === 0 ? `${filled} = ''` : isOneOf(filled, ["''", ...named]);
}

/** The raw cell of a column: an unquoted empty one is null in DuckDB, but is the empty text where that is no missing value. */
export function rawCell(name: string, missingValues: readonly string[]): string {
  return missingValues.includes("") ? identifier(name) : `coalesce(${identifier(name)}, '')`;
}
