import type { Field } from "../descriptor/types.ts";
import { falseValues, trueValues } from "../reading/types/boolean.ts";
import { listItem } from "../reading/types/list-item.ts";
import { wordsOfNumbers } from "../reading/types/number.ts";
import { surroundings } from "../reading/types/numeric.ts";
import { fieldTypes } from "../reading/types/registry.ts";
import { temporalFormat } from "../reading/types/temporal-format.ts";
import { durationValue, geojsonTest, geopointValue, jsonTest, listValue } from "./nested-cell.ts";
import { identifier, isOneOf, text } from "./sql.ts";
import { temporalValue } from "./temporal-cell.ts";

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
      return `${usualType(listItem(field))}[]`;
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

/** A cast without its pattern. */
export type CellValue = Omit<CellCast, "pattern">;

/** The value of a cell that has the pattern is always there. */
export const always = (value: string): CellValue => ({ fits: null, value, attempt: value });

export const castTo = (value: string, type: SqlType, fits: string | null = null): CellValue => ({
  fits,
  value: `CAST(${value} AS ${type})`,
  attempt: `TRY_CAST(${value} AS ${type})`,
});

function valueFor(cell: string, field: Field, type: SqlType): CellValue {
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
      return castTo(`regexp_extract(${cell}, '^-?[0-9]+')`, type);
    case "duration":
      return durationValue(cell);
    case "list":
      return listValue(cell, field, type);
    case "geopoint":
      return geopointValue(cell, field);
    case "object":
    case "array":
      return castTo(cell, "JSON", jsonTest(cell));
    case "geojson":
      return castTo(cell, "JSON", geojsonTest(cell, field));
    case "date":
    case "time":
    case "datetime":
      return temporalValue(cell, field, type);
    case "yearmonth":
      return always(`left(${cell}, 7)`);
    case "string":
    case "any":
      return always(cell);
  }
}

/** The digits alone, with a point; the counterpart of `stripNumber`. */
function plainNumber(cell: string, field: Field): string {
  const bare = field.bareNumber === false ? withoutSurroundings(cell, field) : cell;
  const digits = field.groupChar ? `replace(${bare}, ${text(field.groupChar)}, '')` : bare;
  return field.decimalChar && field.decimalChar !== "."
    ? `replace(${digits}, ${text(field.decimalChar)}, '.')`
    : digits;
}

function withoutSurroundings(cell: string, field: Field): string {
  const { before, after } = surroundings(field);
  const bare = `regexp_replace(regexp_replace(${cell}, ${text(before)}, '\\1'), ${text(after)}, '')`;
  if (field.type !== "number") return bare;
  return `CASE WHEN regexp_full_match(${cell}, ${text(wordsOfNumbers)}) THEN ${cell} ELSE ${bare} END`;
}

/** 15 digits always survive a double, not all of 16 do; longer cells are compared with what the double prints. */
function numberValue(plain: string, type: SqlType): CellValue {
  if (type === "VARCHAR")
    return always(
      `CASE WHEN regexp_full_match(${plain}, '(?i)nan') THEN 'NaN' ELSE replace(lower(${plain}), 'inf', 'INF') END`,
    );
  if (type !== "DOUBLE") return castTo(plain, type);
  const printed = `CAST(TRY_CAST(${plain} AS DOUBLE) AS VARCHAR)`;
  return castTo(
    plain,
    "DOUBLE",
    `strlen(${plain}) <= 15 OR ${printed} = ${plain} OR ${sameDigits(plain, printed)}`,
  );
}

/** True if two decimal texts mean the same number; exponents are doubles by nature. */
function sameDigits(a: string, b: string): string {
  const bare = (digits: string) =>
    `regexp_replace(regexp_replace(${digits}, '^\\+?(-?)0*([0-9])', '\\1\\2'), '(\\.[0-9]*?)0*$', '\\1')`;
  return `regexp_matches(${a}, '[eE]') OR rtrim(${bare(a)}, '.') = rtrim(${bare(b)}, '.')`;
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
