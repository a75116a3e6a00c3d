import type { Field } from "../descriptor/types.ts";
import type { CastRelation } from "../plan/relation.ts";
import { listItem } from "../reading/types/list-item.ts";
import { mayBeIso } from "../reading/types/temporal-format.ts";
import { type CellCast, castCell, isMissing, isZoned, rawCell, type SqlType, usualType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { hopefulText } from "./late-text.ts";
import { everyItem } from "./nested-cell.ts";
import { isText, place } from "./scan.ts";
import { allOf, identifier } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** What the data of a cast turned out to be, after the file was read exactly. */
export interface CastDecision {
  /** The SQL type that holds every good cell, by field name. */
  readonly types: ReadonlyMap<string, SqlType>;
  /** Fields with bad cells. */
  readonly bad: ReadonlySet<string>;
  /** What becomes of bad cells: `refuse` cannot happen any more, for then the run has failed. */
  readonly treatment: "drop" | "clear" | "keep";
  /** Rows that a callback has dropped: a table with one column, `row`. */
  readonly droppedRows: string | null;
}

export const cellRefused = "aircan:cell";

interface CastColumn {
  readonly sql: string;
  readonly column: Column;
}

/** Each column of a cast: the value, or the error that ends the optimistic run. */
export function castColumns(
  relation: CastRelation,
  input: readonly Column[],
  { decision, texts }: { readonly decision: CastDecision | undefined; readonly texts: ReadonlySet<string> },
): CastColumn[] {
  const wanted = new Map(relation.fields.map((field) => [field.name, field]));
  return input.map((column) => {
    const { name } = column.field;
    const field = wanted.get(name);
    if (!field) return { sql: identifier(name), column };
    if (decision) {
      const decided = decidedColumn(relation, { field, column }, decision);
      return texts.has(name) ? asPrinted(decided) : decided;
    }
    if (!texts.has(name)) return hopefulColumn(relation, field, column);
    if (column.type !== "VARCHAR") return asPrinted(hopefulColumn(relation, field, column));
    const sql = hopefulText(cellOf(relation, field, column), field, missingOf(relation, field));
    return { sql, column: { field, type: "VARCHAR" } };
  });
}

/** The text of a column instead of its value. */
function asPrinted({ sql, column: { field, type } }: CastColumn): CastColumn {
  return { sql: textForm(sql, field, type), column: { field, type: "VARCHAR" } };
}

/** The field's missing values, else the cast's. */
export function missingOf(relation: CastRelation, field: Field): readonly string[] {
  return field.missingValues ?? relation.missingValues;
}

/** The text that a cast reads: the raw cell of a file, or the text form of a typed value. */
export function cellOf(relation: CastRelation, field: Field, column: Column): string {
  const missing = missingOf(relation, field);
  const { input } = relation;
  if (column.type === "VARCHAR" && input.kind === "scan" && isText(input.table))
    return rawCell(column.field.name, missing);
  return textForm(identifier(column.field.name), column.field, column.type);
}

/** Fields whose cells may be refused; the others take any text. */
export function canFail(relation: CastRelation): boolean {
  return relation.fields.some((field) => {
    const { pattern, fits } = castCell("x", field, usualType(field));
    return pattern !== null || fits !== null;
  });
}

function hopefulColumn(relation: CastRelation, field: Field, column: Column): CastColumn {
  const type = usualType(field);
  const passed = passThrough(field, column);
  if (passed) return passed;
  const cell = cellOf(relation, field, column);
  const sql = hopefulValue(castCell(cell, field, type), cell, missingOf(relation, field));
  return { sql, column: { field, type } };
}

/** Null for a missing cell, the value of a good one; a bad one ends the query. */
export function hopefulValue(
  { pattern, fits, value }: Omit<CellCast, "attempt">,
  cell: string,
  missingValues: readonly string[],
): string {
  const tests = [pattern, fits].filter((test) => test !== null);
  const missing = isMissing(cell, missingValues);
  if (tests.length === 0 && value === cell && missingValues.join() === "" && missingValues.length === 1)
    return `nullif(${cell}, '')`;
  if (tests.length === 0) return unlessMissing(missing, value);
  const nulls = missing === "false" ? `${cell} IS NULL` : missing;
  return `CASE WHEN ${nulls} THEN NULL WHEN ${allOf(tests)} THEN ${value} ELSE error('${cellRefused}') END`;
}

function unlessMissing(missing: string, value: string): string {
  return missing === "false" ? value : `CASE WHEN ${missing} THEN NULL ELSE ${value} END`;
}

/** Typed values that need no reading: of the same type already, or whole numbers that become doubles. */
function passThrough(field: Field, column: Column): CastColumn | null {
  if (column.type === "VARCHAR") return null;
  const sql = identifier(column.field.name);
  if (column.field.type === field.type || (field.type === "any" && column.type === "JSON"))
    return { sql, column: { field, type: column.type } };
  const widened = field.type === "number" && (column.type === "BIGINT" || column.type === "INTEGER");
  return widened ? { sql: `CAST(${sql} AS DOUBLE)`, column: { field, type: "DOUBLE" } } : null;
}

function decidedColumn(
  relation: CastRelation,
  { field, column }: { field: Field; column: Column },
  decision: CastDecision,
): CastColumn {
  const passed = passThrough(field, column);
  if (passed) return passed;
  const cell = cellOf(relation, field, column);
  const missing = isMissing(cell, missingOf(relation, field));
  const bad = decision.bad.has(field.name);
  if (bad && decision.treatment === "keep")
    return { sql: unlessMissing(missing, cell), column: { field: asText(field), type: "VARCHAR" } };
  const type = decision.types.get(field.name) ?? usualType(field);
  const { attempt } = castCell(cell, field, type);
  const good = bad && decision.treatment === "clear" ? validity(cell, field) : null;
  const value = good === null ? attempt : `CASE WHEN ${good} THEN ${attempt} ELSE NULL END`;
  return { sql: unlessMissing(missing, value), column: { field: asLaid(field, type), type } };
}

/** A field that says what its cells showed: their zone, and digits that 64 bits do not hold. */
function asLaid(field: Field, type: SqlType): Field {
  if (field.type === "datetime") return { ...field, zoned: type === "TIMESTAMP WITH TIME ZONE" };
  if ((field.type !== "integer" && field.type !== "number") || type === usualType(field)) return field;
  const [, all, fraction = 0] = (/^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []).map(Number);
  const digits =
    all !== undefined
      ? { integer: all - fraction, fraction }
      : { integer: type === "HUGEINT" ? 38 : 1000, fraction: field.type === "integer" ? 0 : 1000 };
  return { ...field, digits };
}

/** A field as text that keeps what people wrote about it. */
function asText({ name, title, description }: Field): Field {
  return {
    name,
    type: "string",
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

/** The rows that a decided cast keeps; null: all. Needs the columns of `place` if a callback has dropped rows. */
export function goodRows(
  relation: CastRelation,
  input: readonly Column[],
  decision: CastDecision | undefined,
): string | null {
  if (!decision) return null;
  if (decision.droppedRows !== null)
    return `${identifier(place.row)} NOT IN (SELECT "row" FROM ${decision.droppedRows})`;
  if (decision.treatment !== "drop" || decision.bad.size === 0) return null;
  return allOf(
    relation.fields
      .filter(({ name }) => decision.bad.has(name))
      .map((field) => `NOT coalesce(${badCell(relation, field, input)}, false)`),
  );
}

/** True for a cell that has a value which is not of its field's type. */
export function badCell(relation: CastRelation, field: Field, input: readonly Column[]): string {
  const column = input.find((each) => each.field.name === field.name);
  if (!column || passThrough(field, column)) return "false";
  const cell = cellOf(relation, field, column);
  const missing = isMissing(cell, missingOf(relation, field));
  return `${cell} IS NOT NULL AND NOT (${missing}) AND NOT coalesce(${validity(cell, field)}, false)`;
}

/** Whether a text is of its field's type, whatever SQL type can hold it. */
export function validity(cell: string, field: Field): string {
  const { pattern, fits, attempt } = castCell(cell, field, usualType(field));
  const tests = pattern === null ? [] : [pattern];
  const impossible = ["date", "time", "datetime", "year"].includes(field.type);
  if (impossible) tests.push(`${attempt} IS NOT NULL`);
  if (["duration", "geopoint", "object", "array", "geojson"].includes(field.type) && fits !== null)
    tests.push(fits);
  if (usualType(field) !== "VARCHAR[]" && field.type === "list")
    tests.push(everyItem(cell, field, validity("item", listItem(field))));
  return allOf(tests);
}

/** The SQL types that may hold a field, from the usual one to the one that holds every good cell as it is. */
export function candidateTypes(field: Field): readonly SqlType[] {
  switch (field.type) {
    case "integer":
      return ["BIGINT", "HUGEINT", "VARCHAR"];
    case "number":
      return ["DOUBLE", "DECIMAL", "VARCHAR"];
    case "date":
      return ["DATE", "VARCHAR"];
    case "time":
      return ["TIME", "TIME_NS", "VARCHAR"];
    case "datetime":
      return isZoned(field)
        ? ["TIMESTAMP WITH TIME ZONE", "VARCHAR"]
        : [
            "TIMESTAMP",
            "TIMESTAMP_NS",
            ...(field.zoned === undefined && mayBeIso(field) ? ["TIMESTAMP WITH TIME ZONE"] : []),
            "VARCHAR",
          ];
    case "list":
      return [...new Set([usualType(field), "VARCHAR[]"])];
    default:
      return [usualType(field)];
  }
}
