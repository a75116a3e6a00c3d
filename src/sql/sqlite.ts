import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { AirCanError, messageOf } from "../base/errors.ts";
import { digitsOf } from "../descriptor/digits.ts";
import type { Field } from "../descriptor/types.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { StagedOutput } from "../plan/package-plan.ts";
import type { Relation, Row } from "../plan/relation.ts";
import { identifier } from "../storage/postgres.ts";
import { columnNamesOf, tableNameOf } from "./column-names.ts";
import type { LoadMode } from "./load-table.ts";

export interface SqliteTable {
  /** Name of the resource, for the run's counts. */
  readonly resource: string;
  readonly relation: Relation;
  readonly table: string;
  readonly mode: LoadMode;
  /** Field names; needed for `upsert`. */
  readonly key?: readonly string[];
}

/** Milliseconds that another writer of the file is waited for. */
const busyTimeout = 10_000;

/**
 * Writes relations into tables of an SQLite file, all or none: one transaction, so that a program that is
 * killed leaves the file as it was. Values that SQLite has no type for are kept as their texts (dates, JSON,
 * numbers wider than 64 bits); booleans are 0 and 1.
 *
 * @throws AirCanError `database-error`, `table-error`, `primary-key`, `config-error`.
 */
export async function loadSqlite(
  run: EngineRun,
  path: string,
  tables: readonly SqliteTable[],
): Promise<StagedOutput> {
  const database = open(path);
  const counts: { resource: string; rows: number }[] = [];
  const close = (statement: string) => {
    if (!database.isOpen) return;
    if (database.isTransaction) database.exec(statement);
    database.close();
  };
  try {
    database.exec("begin immediate");
    for (const table of tables)
      counts.push({ resource: table.resource, rows: await fill(database, run, table) });
  } catch (error) {
    close("rollback");
    throw sqliteError(error, path, run.signal);
  }
  return {
    resources: Object.fromEntries(counts.map(({ resource, rows }) => [resource, { rows }])),
    commit: async () => {
      try {
        close("commit");
      } catch (error) {
        throw sqliteError(error, path, run.signal);
      }
    },
    discard: async () => {
      try {
        close("rollback");
      } catch {
        // the file is as it was: SQLite undoes the transaction when it is opened next
      }
    },
  };
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: busyTimeout });
  } catch (error) {
    throw sqliteError(error, path);
  }
}

async function fill(database: DatabaseSync, run: EngineRun, load: SqliteTable): Promise<number> {
  const fields = await run.fields(load.relation);
  const table = tableNameOf(load.table);
  const columns = columnNamesOf(fields.map(({ name }) => name));
  const key = keyColumns(load, fields, columns);
  if (load.mode === "replace") database.exec(`drop table if exists ${identifier(table)}`);
  createTable(
    database,
    table,
    fields.map((field, i) => ({ name: columns[i] ?? field.name, type: sqliteType(field) })),
  );
  requireSameColumns(database, table, columns);
  if (key.length > 0) uniqueKey(database, table, key);
  const insert = database.prepare(insertSql({ table, columns, key, mode: load.mode }));
  let rows = 0;
  for await (const batch of run.rows(load.relation)) {
    for (const row of batch) {
      rows++;
      insertRow(() => insert.run(...fields.map(({ name }) => cellOf(row, name))), rows, table);
    }
  }
  return rows;
}

function keyColumns(
  { key, mode, relation, table }: SqliteTable,
  fields: readonly Field[],
  columns: readonly string[],
): string[] {
  const wanted = key && key.length > 0 ? key : (relation.schema.primaryKey ?? []);
  if (mode === "upsert" && wanted.length === 0)
    throw new AirCanError("config-error", `To upsert into ${table}, a key is needed.`, {
      hint: "Name the fields that identify a row.",
    });
  return wanted.map((name) => {
    const column = columns[fields.findIndex((field) => field.name === name)];
    if (column) return column;
    throw new AirCanError(
      "unknown-field",
      `The key names the field "${name}", but the fields are: ${fields.map((field) => field.name).join(", ")}.`,
      { where: { field: name } },
    );
  });
}

function sqliteType(field: Field): string {
  if (field.type === "integer" || field.type === "number")
    return digitsOf(field) ? "TEXT" : field.type === "integer" ? "INTEGER" : "REAL";
  return field.type === "boolean" || field.type === "year" ? "INTEGER" : "TEXT";
}

function createTable(
  database: DatabaseSync,
  table: string,
  columns: readonly { name: string; type: string }[],
): void {
  const definitions = columns.map(({ name, type }) => `${identifier(name)} ${type}`);
  database.exec(`create table if not exists ${identifier(table)} (${definitions.join(", ")})`);
}

function requireSameColumns(database: DatabaseSync, table: string, columns: readonly string[]): void {
  const there = database
    .prepare("select name from pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
  const unknown = columns.filter((name) => !there.includes(name));
  const missing = there.filter((name) => !columns.includes(name));
  if (unknown.length + missing.length === 0) return;
  const findings = [
    ...(unknown.length > 0 ? [`the table has no column ${unknown.join(", ")}`] : []),
    ...(missing.length > 0 ? [`the data has no column ${missing.join(", ")}`] : []),
  ];
  throw new AirCanError("table-error", `The data does not fit the table ${table}: ${findings.join("; ")}.`, {
    where: { table },
  });
}

/** The rule's name depends on table and key, so that it is made once. */
function uniqueKey(database: DatabaseSync, table: string, key: readonly string[]): void {
  const name = tableNameOf(`aircan_key_${table}_${key.join("_")}`);
  try {
    database.exec(
      `create unique index if not exists ${identifier(name)} on ${identifier(table)} (${key.map(identifier).join(", ")})`,
    );
  } catch (error) {
    throw new AirCanError(
      "table-error",
      `The rows that stand in ${table} repeat the key ${key.join(", ")}.`,
      { cause: error, where: { table } },
    );
  }
}

interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly mode: LoadMode;
}

function insertSql({ table, columns, key, mode }: Insert): string {
  const insert = `insert into ${identifier(table)} (${columns.map(identifier).join(", ")}) values (${columns.map(() => "?").join(", ")})`;
  if (mode !== "upsert") return insert;
  const others = columns.filter((column) => !key.includes(column)).map(identifier);
  const set = others.map((column) => `${column} = excluded.${column}`).join(", ");
  return `${insert} on conflict (${key.map(identifier).join(", ")}) do ${set === "" ? "nothing" : `update set ${set}`}`;
}

function insertRow(insert: () => unknown, row: number, table: string): void {
  try {
    insert();
  } catch (error) {
    if (!/UNIQUE constraint/.test(messageOf(error))) throw error;
    throw new AirCanError("primary-key", `Row ${row} repeats a key of ${table}: ${messageOf(error)}.`, {
      cause: error,
      where: { table, row },
    });
  }
}

/** A cell as SQLite takes it. Whole numbers beyond 64 bits, times and JSON go as text. */
function cellOf(row: Row, name: string): SQLInputValue {
  const value = row[name];
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? value : String(value);
  if (typeof value === "number")
    return Number.isNaN(value) ? "NaN" : Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object") return String(value);
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? JSON.stringify(value) : String(value);
}

function sqliteError(error: unknown, path: string, signal?: AbortSignal): unknown {
  if (signal?.aborted)
    return new AirCanError("interrupted", "The load was cancelled; nothing was changed.", { cause: error });
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return error;
  const reason = /locked|busy/.test(error.message)
    ? "another program is writing to it"
    : /unable to open/.test(error.message)
      ? "it cannot be opened or made"
      : /not a database/.test(error.message)
        ? "it is no SQLite database"
        : /full/.test(error.message)
          ? "the disk is full"
          : error.message;
  return new AirCanError("database-error", `The SQLite file ${path} cannot be written: ${reason}.`, {
    hint: "Check the path, its rights and the free space.",
    cause: error,
    where: { database: path },
  });
}
