import { firstDataRow, fullDialect } from "../descriptor/dialect.ts";
import type { Dialect, Field } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { SqlType } from "./cell.ts";
import { usualType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { identifier, text } from "./sql.ts";

/** Names of the columns that say where a row came from, beside its fields. */
export const place = { row: "aircan:row", line: "aircan:line", byte: "aircan:byte" } as const;

export const placeColumns = Object.values(place).map(identifier).join(", ");

/** True for files whose cells are all text. */
export function isText(table: LocalTable): boolean {
  return table.format === "csv" || table.format === "tsv";
}

/** The dialect with nothing left out. */
export function dialectOf({ format, resource }: LocalTable): Dialect {
  return fullDialect({ delimiter: format === "tsv" ? "\t" : ",", lineTerminator: "\n", ...resource.dialect });
}

/**
 * True if DuckDB's reader can be given the file as it is. Comments (which it would also cut out of the
 * middle of lines), spaces before quotes, delimiters that end each row, notes below the table, headers over
 * several lines and broken quotes above the rows go through the strict tokenizer.
 */
export function isPlain(table: LocalTable): boolean {
  const dialect = dialectOf(table);
  const simpleHeader = table.labels.every((label) => !/[\r\n]/.test(label));
  const start = firstDataRow(dialect);
  return (
    dialect.commentChar === null &&
    !dialect.skipInitialSpace &&
    dialect.trailingDelimiter !== true &&
    table.isHeadBroken !== true &&
    dialect.commentRows.every((row) => row < start) &&
    simpleHeader &&
    table.columns.length > 1
  );
}

/**
 * Longest line and size of a piece. Threads work on pieces of at least the longest line, so a file is first
 * read in small ones; one with longer lines goes through a spool.
 */
const pieces = {
  file: ["max_line_size = 2097152", "buffer_size = 16777216"],
  spool: ["max_line_size = 33554432", "buffer_size = 33554432"],
};

/**
 * The rows of a delimited file, every column as text. With a spool: also where each row stands. The line end
 * is not told: DuckDB, told of `\r\n`, reads no row at all, and untold refuses a file with several kinds.
 */
export function textScan(table: LocalTable, spool: string | undefined): string {
  const dialect = dialectOf(table);
  const skip = firstDataRow(dialect) - 1;
  const names = spool === undefined ? table.columns : [...Object.values(place), ...table.columns];
  const columns = names.map((name) => `${text(name)}: 'VARCHAR'`).join(", ");
  const options = [
    "auto_detect = false",
    `columns = {${columns}}`,
    `delim = ${text(dialect.delimiter)}`,
    `quote = ${text(dialect.quoteChar ?? "")}`,
    `escape = ${text(escapeOf(dialect))}`,
    "header = false",
    `skip = ${spool === undefined ? skip : 0}`,
    "strict_mode = true",
    "null_padding = false",
    ...(spool === undefined ? pieces.file : pieces.spool),
    ...(spool === undefined ? compression(table) : []),
  ];
  return `read_csv(${text(spool ?? table.path)}, ${options.join(", ")})`;
}

function escapeOf({ quoteChar, doubleQuote, escapeChar }: Dialect): string {
  if (quoteChar === null) return "";
  return escapeChar ?? (doubleQuote ? quoteChar : "");
}

function compression({ compression }: LocalTable): string[] {
  return compression === null ? [] : [`compression = '${{ gz: "gzip", zst: "zstd" }[compression]}'`];
}

/** The columns of a structured file as they lie in DuckDB, found by `describeTable`. */
export interface StructuredColumn {
  readonly field: Field;
  /** As the file has it. */
  readonly stored: SqlType;
  /** The key of a JSON file that it stands under, if that is not the field's name. */
  readonly key?: string;
  /** What a text column seems to hold. */
  readonly guess?: Field;
  /** What the source says that a text column holds. */
  readonly known?: Field;
}

/** What a file column becomes: one of the types that the rest of the engine knows. */
export function structuredValue({ field, stored }: StructuredColumn): { sql: string; type: SqlType } {
  const name = identifier(field.name);
  const kept = [
    "BIGINT",
    "HUGEINT",
    "DOUBLE",
    "BOOLEAN",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMP_NS",
    "TIMESTAMP WITH TIME ZONE",
    "INTERVAL",
    "VARCHAR",
    "JSON",
    "VARCHAR[]",
  ];
  if (kept.includes(stored) || /^DECIMAL\(/.test(stored)) return { sql: name, type: stored };
  if (stored === "FLOAT") return { sql: `CAST(CAST(${name} AS VARCHAR) AS DOUBLE)`, type: "DOUBLE" }; // 0.1 stays 0.1
  if (stored === "BLOB") return { sql: `base64(${name})`, type: "VARCHAR" };
  if (stored === "STRUCT(lon DOUBLE, lat DOUBLE)") return { sql: name, type: stored };
  const type = usualType(field);
  if (type === "JSON") return { sql: `to_json(${name})`, type };
  const wide = /^U(BIG|HUGE)INT$/.test(stored) ? (stored === "UHUGEINT" ? "VARCHAR" : "HUGEINT") : type;
  return { sql: `CAST(${name} AS ${wide})`, type: wide };
}

/** The columns of a delimited file: all text. */
export function textColumns(table: LocalTable): Column[] {
  return table.columns.map((name) => ({ field: { name, type: "string" }, type: "VARCHAR" }));
}
