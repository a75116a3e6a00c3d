import { AirCanError, messageOf } from "../base/errors.ts";
import type { Field, Note } from "../descriptor/types.ts";
import { refuseJson } from "../reading/formats/json-problem.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { unknownSource } from "./compile-source.ts";
import { withKeys } from "./json-keys.ts";
import { isText, type StructuredColumn } from "./scan.ts";
import { query, type Session } from "./session.ts";
import { text } from "./sql.ts";

/** The columns that a JSON, NDJSON or Parquet file has. */
export async function structuredColumns(session: Session, table: LocalTable): Promise<StructuredColumn[]> {
  const { known } = table;
  if (known?.areAll) return known.fields.map(knownColumn);
  const told = new Map(known?.fields.map((field) => [field.name, field]));
  const columns = await columnsFound(session, table);
  const found = table.format === "parquet" ? columns : await withKeys(session, table, columns);
  return found.map((column) => {
    const field = told.get(column.field.name);
    return field ? knownColumn(field) : column;
  });
}

/** Scalars are read as their text, which keeps digits, and typed by the casts above. */
function knownColumn(field: Field): StructuredColumn {
  const isNested = ["object", "array", "geojson", "any"].includes(field.type);
  if (isNested) return { field, stored: "JSON" };
  return { field: { name: field.name, type: "string" }, stored: "VARCHAR", known: field };
}

async function columnsFound(session: Session, table: LocalTable): Promise<StructuredColumn[]> {
  const declared = new Map(table.resource.schema?.fields.map((field) => [field.name, field]) ?? []);
  const rows = await describedRows(session, table);
  return rows.map(([name, type]) => {
    const found = { name: String(name), type: String(type) };
    const column = table.format === "parquet" ? parquetColumn(found) : jsonColumn(found);
    const told = declared.get(column.field.name);
    return told?.type === column.field.type ? { ...column, field: { ...column.field, ...told } } : column;
  });
}

async function describedRows(session: Session, table: LocalTable) {
  const described = (depth: number) =>
    query(session, `DESCRIBE SELECT * FROM ${unknownSource(table.path, table.format, depth)}`);
  try {
    if (table.format === "parquet") await refuseWideDecimals(session, table);
    return await described(2).catch((error: unknown) => {
      if (/Duplicate name/.test(messageOf(error))) return described(1); // keys of an object in a cell
      throw error;
    });
  } catch (error) {
    if (table.format !== "parquet") await refuseJson(table);
    throw formatError(error, table);
  }
}

/** What DuckDB says of a damaged file, with the name that the user knows it by. */
function formatError(error: unknown, { path, format, resource }: LocalTable): unknown {
  if (!(error instanceof AirCanError) || error.code !== "format-error" || !/Error: /.test(error.message))
    return error;
  const source = String(resource.path ?? resource.name);
  const reason = error.message
    .replace(/^.*?Error: /, "")
    .replace(/\nTry setting.*$/s, "")
    .replaceAll(path, source);
  const title = format === "parquet" ? "Parquet" : "JSON";
  return new AirCanError("format-error", `${source} cannot be read as ${title}: ${reason}`, {
    hint: error.hint,
    cause: error,
    where: { source },
  });
}

/** DuckDB reads decimals of more digits than its own have as other numbers. */
async function refuseWideDecimals(session: Session, { path, resource }: LocalTable): Promise<void> {
  const [wide] = await query(
    session,
    `SELECT name, precision FROM parquet_schema(${text(path)}) WHERE precision > 38 LIMIT 1`,
  );
  if (wide === undefined) return;
  const [field, digits] = wide.map(String);
  const message = `The column "${field}" of ${resource.name} is a decimal of ${digits} digits; Parquet is read up to 38.`;
  throw new AirCanError("format-error", message, {
    hint: "Write the column as text, or with fewer digits.",
    where: { resource: resource.name, field: field ?? "" },
  });
}

interface Found {
  readonly name: string;
  /** As DuckDB calls it. */
  readonly type: string;
}

function parquetColumn({ name, type }: Found): StructuredColumn {
  const stored = type.startsWith("ENUM")
    ? "VARCHAR"
    : type === "TIMESTAMPTZ"
      ? "TIMESTAMP WITH TIME ZONE"
      : type;
  return { field: fieldOf(name, stored), stored };
}

/**
 * Nested values stay the JSON they are. Numbers and moments are read as their text, which keeps digits and
 * zones, and typed by the casts above.
 */
function jsonColumn({ name, type }: Found): StructuredColumn {
  if (/^(STRUCT|MAP)/.test(type)) return { field: { name, type: "object" }, stored: "JSON" };
  if (type.endsWith("]")) return { field: { name, type: "array" }, stored: "JSON" };
  if (type === "BIGINT" || type === "BOOLEAN" || type === "JSON")
    return { field: fieldOf(name, type), stored: type };
  const guess = fieldOf(name, type);
  const text = { field: { name, type: "string" }, stored: "VARCHAR" } as const;
  return guess.type === "string" ? text : { ...text, guess };
}

const numbers =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|DECIMAL\(\d+,0\))$/;

function fieldOf(name: string, type: string): Field {
  if (numbers.test(type)) return { name, type: "integer" };
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return { name, type: "number" };
  if (type === "BOOLEAN") return { name, type: "boolean" };
  if (type === "DATE") return { name, type: "date" };
  if (type === "TIME" || type === "TIME_NS") return { name, type: "time" };
  if (type === "TIMESTAMP WITH TIME ZONE") return { name, type: "datetime", zoned: true };
  if (type.startsWith("TIMESTAMP")) return { name, type: "datetime", zoned: false };
  if (type === "INTERVAL") return { name, type: "duration" };
  if (type === "VARCHAR[]") return { name, type: "list" };
  if (type === "STRUCT(lon DOUBLE, lat DOUBLE)") return { name, type: "geopoint" };
  if (type.endsWith("]")) return { name, type: "array" };
  if (/^(STRUCT|MAP)/.test(type)) return { name, type: "object" };
  return { name, type: type === "JSON" ? "any" : "string" };
}

/** A table with its columns and schema, for formats that carry them in the file; others stay as they are. */
export async function describeTable(session: Session, table: LocalTable): Promise<LocalTable> {
  if (isText(table)) return table;
  const columns = await structuredColumns(session, table);
  const names = columns.map(({ field }) => field.name);
  const schema = table.resource.schema;
  const fields = columns.map(({ field, guess, known }) => known ?? guess ?? field);
  const notes = [...(table.resource.aircan?.notes ?? []), ...columns.flatMap(keyNote)];
  return {
    ...table,
    columns: names,
    labels: columns.map(({ field, key }) => key ?? field.name),
    guessed: schema ? table.guessed : columns.flatMap(({ guess }) => guess?.name ?? []),
    resource: {
      ...table.resource,
      ...(notes.length > 0 ? { aircan: { ...table.resource.aircan, notes } } : {}),
      schema: schema ?? { fields, ...(table.format === "parquet" ? {} : { missingValues: [] }) },
    },
  };
}

const keyNote = ({ field, key }: StructuredColumn): Note[] =>
  key === undefined
    ? []
    : [
        {
          about: "label",
          text: `the key "${key}" differs from another one only in case, and is called "${field.name}"`,
        },
      ];
