import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DuckDBInstance } from "@duckdb/node-api";
import {
  bool,
  dateDay,
  float64,
  int64,
  tableFromArrays,
  tableToIPC,
  timeMillisecond,
  timestamp,
  utf8,
} from "@uwdata/flechette";
import type { ConformanceField, ConformanceTable, FileMaker, Value } from "./conformance-table.ts";

/** Files of formats that hold records: names with each row, and types of their own. */
export const recordFiles: readonly FileMaker[] = [
  {
    format: "json",
    extension: "json",
    make: (table) => `[${objects(table).join(",\n")}]`,
    isSchemaless: true,
  },
  {
    format: "json",
    extension: "json",
    make: (table) => `{"total": 1, "result": {"fields": [], "records": [${objects(table).join(", ")}]}}`,
    isSchemaless: true,
  },
  {
    format: "json",
    extension: "json",
    make: ({ fields, rows }) => JSON.stringify([fields.map(({ name }) => name), ...rows]),
    isSchemaless: true,
  },
  {
    format: "ndjson",
    extension: "ndjson",
    make: (table) => `${objects(table).join("\n")}\n`,
    isSchemaless: true,
    canBeCut: true,
  },
  { format: "xml", extension: "xml", make: xmlOf, isSchemaless: true },
  { format: "sqlite", extension: "sqlite", make: inFolder(writeSqlite) },
  { format: "parquet", extension: "parquet", make: inFolder(writeParquet) },
  { format: "arrow", extension: "arrow", make: arrowOf("file") },
  { format: "arrow", extension: "arrows", make: arrowOf("stream") },
];

function objects({ fields, rows }: ConformanceTable): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(fields.map(({ name }, i) => [name, row[i]]))));
}

function xmlOf({ fields, rows }: ConformanceTable): string {
  const escaped = (value: Value) => String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const element = (name: string, value: Value) =>
    value === null ? "" : `<${name}>${escaped(value)}</${name}>`;
  const records = rows.map(
    (row) => `<row>${fields.map(({ name }, i) => element(name, row[i] ?? null)).join("")}</row>`,
  );
  return `<?xml version="1.0"?>\n<rows>\n${records.join("\n")}\n</rows>\n`;
}

type Write = (path: string, table: ConformanceTable) => Promise<void>;

function inFolder(write: Write): FileMaker["make"] {
  return async (table) => {
    const folder = await mkdtemp(join(tmpdir(), "aircan-conformance-"));
    try {
      await write(join(folder, "file"), table);
      return await readFile(join(folder, "file"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function writeSqlite(path: string, { fields, rows }: ConformanceTable): Promise<void> {
  const database = new DatabaseSync(path);
  const columns = fields.map(({ name, type }) => `${name} ${sqlTypes[type]}`);
  database.exec(`create table data (${columns.join(", ")}); begin`);
  const insert = database.prepare(`insert into data values (${fields.map(() => "?").join(", ")})`);
  for (const row of rows)
    insert.run(...row.map((value) => (typeof value === "boolean" ? Number(value) : value)));
  database.exec("commit");
  database.close();
}

const sqlTypes: Readonly<Record<ConformanceField["type"], string>> = {
  string: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  date: "DATE",
  datetime: "TIMESTAMP",
  time: "TIME",
};

async function writeParquet(path: string, table: ConformanceTable): Promise<void> {
  const lines = `${path}.ndjson`;
  await writeFile(lines, objects(table).join("\n"));
  const columns = table.fields.map(({ name, type }) => `${name}: '${sqlTypes[type]}'`).join(", ");
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(
    `copy (select * from read_json('${lines}', format = 'newline_delimited', columns = {${columns}})) to '${path}' (format parquet)`,
  );
  connection.closeSync();
}

function arrowOf(format: "file" | "stream"): FileMaker["make"] {
  const types = {
    string: utf8(),
    integer: int64(),
    number: float64(),
    boolean: bool(),
    date: dateDay(),
    datetime: timestamp(1),
    time: timeMillisecond(),
  };
  return ({ fields, rows }) => {
    const arrays = fields.map(({ name, type }, i): [string, unknown[]] => [
      name,
      rows.map((row) => momentOf(type, row[i] ?? null)),
    ]);
    const typed = Object.fromEntries(fields.map(({ name, type }) => [name, types[type]]));
    const table = tableFromArrays(Object.fromEntries(arrays), { types: typed });
    const bytes = tableToIPC(table, { format });
    if (bytes === null) throw new Error("no bytes");
    return bytes;
  };
}

/** Dates as Arrow's library takes them, times in milliseconds. */
function momentOf(type: ConformanceField["type"], value: Value): unknown {
  if (typeof value !== "string") return value;
  if (type === "date") return new Date(`${value}T00:00:00Z`);
  if (type === "datetime") return new Date(`${value}Z`);
  return type === "time" ? Date.parse(`1970-01-01T${value}Z`) : value;
}
