import { AirCanError } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { ErrorsRelation, Relation, ScanRelation } from "../plan/relation.ts";
import { usualType } from "./cell.ts";
import type { Compilation, Compiled, StoredTable } from "./compile.ts";
import {
  isText,
  place,
  placeColumns,
  type StructuredColumn,
  structuredValue,
  textColumns,
  textScan,
} from "./scan.ts";
import { identifier, text } from "./sql.ts";

/** What `explain` shows where rows come from JavaScript; a run has them in a table by then. */
export function unread(relation: Relation): Compiled {
  const columns = relation.schema.fields.map((field) => ({ field, type: usualType(field) }));
  const values = columns.map(({ field, type }) => `CAST(NULL AS ${type}) AS ${identifier(field.name)}`);
  return { sql: `SELECT ${values.join(", ")} /* rows from JavaScript */`, columns };
}

export function selectTable(table: StoredTable, placed: boolean): Compiled {
  const names = table.columns.map(({ field }) => identifier(field.name));
  const where = placed && !table.placed ? [lyingAt] : [];
  return {
    sql: `SELECT ${[...where, list(names, placed && table.placed)].join(", ")} FROM ${table.name}`,
    columns: table.columns,
  };
}

/** Columns, with those of `place` before them if wanted. */
export function list(columns: readonly string[], placed: boolean): string {
  return [...(placed ? [placeColumns] : []), ...columns].join(", ") || "NULL";
}

export function scan({ table, schema }: ScanRelation, known: Compilation, placed: boolean): Compiled {
  if (!isText(table)) return structuredScan(table.path, table.format, { known, placed });
  const spool = known.spools.get(table.path);
  const columns = textColumns(table).map((column, i) => ({
    ...column,
    field: schema.fields[i] ?? column.field,
  }));
  const names = table.columns.map(identifier);
  const where = Object.values(place).map(
    (name) =>
      `CAST(${table.isSpooled && name !== place.row ? "NULL" : identifier(name)} AS BIGINT) AS ${identifier(name)}`,
  );
  const from = textScan(table, spool);
  if (!placed) return { sql: `SELECT ${names.join(", ")} FROM ${from}`, columns };
  if (spool === undefined) return { sql: `SELECT ${counted}, ${names.join(", ")} FROM ${from}`, columns };
  return { sql: `SELECT ${where.join(", ")}, ${names.join(", ")} FROM ${from}`, columns };
}

/** Rows of what is no text are counted from 1 in their order. */
const counted = `row_number() OVER () AS ${identifier(place.row)}, CAST(NULL AS BIGINT) AS ${identifier(place.line)}, CAST(NULL AS BIGINT) AS ${identifier(place.byte)}`;

const lyingAt = counted.replace("row_number() OVER ()", "rowid + 1");

function structuredScan(
  path: string,
  format: string,
  { known, placed }: { readonly known: Compilation; readonly placed: boolean },
): Compiled {
  const stored = known.structured.get(path);
  if (!stored) throw new AirCanError("bug", `The columns of ${path} are not known yet.`);
  const values = stored.map((column) => ({ column, ...structuredValue(column) }));
  const select = values.map(({ column, sql }) => `${sql} AS ${identifier(column.field.name)}`);
  const columns = values.map(({ column, type }) => ({ field: column.field, type }));
  const from = structuredSource(path, format, stored);
  const all = [...(placed ? [counted] : []), ...select].join(", ") || "NULL";
  return { sql: `SELECT ${all} FROM ${from}`, columns };
}

/** Each column of a JSON file is read as JSON text, so that no digit is lost on the way. */
export function structuredSource(path: string, format: string, columns: readonly StructuredColumn[]): string {
  if (columns.length === 0) return "(SELECT NULL WHERE false)";
  if (format === "parquet") return `read_parquet(${text(path)})`;
  if (columns.some(({ key }) => key !== undefined)) return objectsSource(path, format, columns);
  const types = columns.map(({ field, stored }) => `${text(field.name)}: ${text(stored)}`).join(", ");
  return `read_json(${text(path)}, ${shapeOf(format)}, columns = {${types}})`;
}

/** A file whose columns the engine finds out, with the types of what stands so deep in JSON. */
export const unknownSource = (path: string, format: string, depth: number): string =>
  format === "parquet"
    ? `read_parquet(${text(path)})`
    : `read_json(${text(path)}, ${shapeOf(format)}, sample_size = -1, maximum_depth = ${depth}, convert_strings_to_integers = false)`;

const shapeOf = (format: string) =>
  `format = '${format === "ndjson" ? "newline_delimited" : "array"}', maximum_object_size = 33554432`;

/** The objects of a JSON file as a column `json`. */
export const jsonObjects = (path: string, format: string): string =>
  `read_json_objects(${text(path)}, ${shapeOf(format)})`;

/** Columns taken out of their objects by key (RFC 6901), where keys differ only in case. */
function objectsSource(path: string, format: string, columns: readonly StructuredColumn[]): string {
  const values = columns.map(({ field, key = field.name, stored }) => {
    const place = text(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    const value =
      stored === "JSON"
        ? `nullif(json_extract(json, ${place}), 'null'::JSON)`
        : `CAST(json_extract_string(json, ${place}) AS ${stored})`;
    return `${value} AS ${identifier(field.name)}`;
  });
  return `(SELECT ${values.join(", ")} FROM ${jsonObjects(path, format)})`;
}

export function errors({ of }: ErrorsRelation, known: Compilation): Compiled {
  const tables = of.flatMap((relation) => known.findings.get(relation) ?? []);
  const columns = errorFields.map((field) => ({ field, type: usualType(field) }));
  const names = columns.map(({ field }) => identifier(field.name)).join(", ");
  const empty = `SELECT ${columns.map(({ field, type }) => `CAST(NULL AS ${type}) AS ${identifier(field.name)}`).join(", ")} WHERE false`;
  const parts = [empty, ...tables.map((name) => `SELECT ${names} FROM ${name}`)];
  return {
    sql: `SELECT ${names} FROM (${parts.join(" UNION ALL ")}) ORDER BY "row", "fieldNumber" NULLS FIRST`,
    columns,
  };
}

/** The fields of the side resource `errors`. */
export const errorFields: readonly Field[] = [
  { name: "code", type: "string" },
  { name: "resource", type: "string" },
  { name: "row", type: "integer" },
  { name: "line", type: "integer" },
  { name: "byteOffset", type: "integer" },
  { name: "field", type: "string" },
  { name: "fieldNumber", type: "integer" },
  { name: "value", type: "string" },
  { name: "message", type: "string" },
];
