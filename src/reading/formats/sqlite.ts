import type { DatabaseSync, StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { AirCanError, messageOf } from "../../base/errors.ts";
import { columnNames } from "../labels.ts";
import type { OpenedSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { spoolRecords } from "./record-spool.ts";
import { SqliteColumn, type SqliteValue } from "./sqlite-columns.ts";
import { chooseTables } from "./tables-told.ts";

/** A table, a view or a query of an SQLite database; GeoPackages are such databases too. */
export const sqlite: FormatDefinition = {
  name: "sqlite",
  title: "SQLite",
  summary: "A table, a view or a query of an SQLite database or a GeoPackage, with its types.",
  options: ["table", "query"],
  extensions: ["sqlite", "sqlite3", "db", "gpkg"],
  mediatype: "application/vnd.sqlite3",
  isBinary: true,
  matches: (sample) => sample.toString("latin1", 0, 16) === "SQLite format 3\0",
  read: async (opened, reading) => {
    const database = await openDatabase(opened);
    try {
      return await readTables(database, opened, reading);
    } catch (error) {
      throw sqliteError(error, opened.source);
    } finally {
      database.close();
    }
  },
};

/** Read-only, without extensions; what a schema holds may call nothing dangerous. */
async function openDatabase({ path, source }: OpenedSource): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite"); // it warns where it is experimental: only who needs it
  const options = {
    readOnly: true,
    readBigInts: true,
    allowExtension: false,
    defensive: true,
    enableDoubleQuotedStringLiterals: false,
    timeout: 10_000,
  };
  const open = (location: string | URL) => {
    const database = new DatabaseSync(location, options);
    database.exec("pragma trusted_schema = off");
    database.prepare("select count(*) from sqlite_schema").get();
    return database;
  };
  try {
    return open(path);
  } catch (error) {
    const immutable = pathToFileURL(path);
    immutable.search = "?immutable=1"; // one in WAL mode, in a folder that may not be written
    try {
      return open(immutable);
    } catch {
      throw sqliteError(error, source);
    }
  }
}

async function readTables(
  database: DatabaseSync,
  opened: OpenedSource,
  reading: FormatReading,
): Promise<readonly ReadTable[]> {
  const { options, declared } = reading;
  if (options.query !== undefined)
    return [await readStatement(statementOf(database, options.query), { opened, reading })];
  const table = declared.dialect?.table;
  const told = options.table ?? (typeof table === "string" || typeof table === "number" ? table : undefined);
  const { chosen, guess } = chooseTables(tableNames(database, told !== undefined), {
    told,
    source: opened.source,
  });
  const tables: ReadTable[] = [];
  for (const name of chosen) {
    const statement = database.prepare(`select * from "${name.replaceAll('"', '""')}"`);
    const read = await readStatement(statement, { opened, reading });
    const aircan = guess ? { aircan: { guesses: [guess] } } : {};
    tables.push({ ...read, name, resource: { dialect: { table: name }, ...aircan } });
  }
  return tables;
}

/** Tables, then views; without those of SQLite, of its extensions and of GeoPackage unless `all` are wanted. */
function tableNames(database: DatabaseSync, all: boolean): string[] {
  const rows = database
    .prepare("select name from sqlite_schema where type in ('table', 'view') order by type, rowid")
    .all();
  const names = rows.map(({ name }) => String(name));
  const own =
    /^(sqlite_|gpkg_|rtree_|spatial_ref_sys|geometry_columns)|_(segments|segdir|docsize|stat|content|config|data|idx)$/;
  const plain = names.filter((name) => !own.test(name));
  return all || plain.length === 0 ? names : plain;
}

/** @throws AirCanError `usage-error` for what is no query. */
function statementOf(database: DatabaseSync, query: string): StatementSync {
  if (!/^\s*(select|with|values)\b/i.test(query))
    throw new AirCanError("usage-error", "The query must begin with select, with or values.");
  try {
    return database.prepare(query);
  } catch (error) {
    throw new AirCanError("usage-error", `The query cannot be run: ${messageOf(error)}.`, { cause: error });
  }
}

interface Reading {
  readonly opened: OpenedSource;
  readonly reading: FormatReading;
}

async function readStatement(statement: StatementSync, { opened, reading }: Reading): Promise<ReadTable> {
  const described = statement.columns();
  const names = columnNames(
    described.map(({ name }) => name),
    described.length,
  );
  const columns = names.map((name, i) => new SqliteColumn(name, described[i]?.type ?? null));
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const path = await spoolRecords(lines(statement, columns), opened, reading.context);
  const fields = columns.map((column) => column.field());
  return { path, format: "ndjson", isSpooled: true, known: { fields, areAll: true } };
}

const batchRows = 500;

async function* lines(statement: StatementSync, columns: readonly SqliteColumn[]): AsyncGenerator<string> {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  let text = "";
  let rows = 0;
  for (const row of statement.iterate()) {
    const values = Object.values(row) as SqliteValue[]; // what node:sqlite gives for a cell
    const cells = columns.map((column, i) => `${keys[i]}:${JSON.stringify(column.text(values[i] ?? null))}`);
    text += `{${cells.join(",")}}\n`;
    if (++rows % batchRows !== 0) continue;
    yield text;
    text = "";
  }
  yield text;
}

function sqliteError(error: unknown, source: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return error;
  return new AirCanError("format-error", `${source} cannot be read as SQLite: ${error.message}.`, {
    hint: "Fetch the file again, or check it with `pragma integrity_check`.",
    cause: error,
    where: { source },
  });
}
