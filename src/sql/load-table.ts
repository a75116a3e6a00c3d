import pg from "pg";
import { AirCanError } from "../base/errors.ts";
import type { Field, Resource } from "../descriptor/types.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { StagedOutput } from "../plan/package-plan.ts";
import type { Relation, RowError } from "../plan/relation.ts";
import { connect, databaseError } from "../storage/postgres.ts";
import { columnNamesOf, tableNameOf } from "./column-names.ts";
import { postgresType } from "./column-types.ts";
import { append, insertInPlace, replace, upsert } from "./load-modes.ts";
import { queueForTable } from "./locks.ts";
import { readTable, type TableFacts } from "./table-facts.ts";

export type LoadMode = "replace" | "append" | "upsert";

export interface TableLoad {
  readonly run: EngineRun;
  readonly relation: Relation;
  /** Name and labels go into the result and the comments. */
  readonly resource: Resource;
  /** Labels of the source, one for each field; the field names unless told. */
  readonly labels?: readonly string[];
  /** The name wanted; `tableNameOf` makes a table name of it. */
  readonly table: string;
  /** The first schema of the search path unless told. */
  readonly schema?: string;
  readonly mode: LoadMode;
  /** Names of fields (or columns); the primary key of the schema unless told. */
  readonly key?: readonly string[];
  /** Adds `_id`, numbered in row order, which the DataStore pages by. */
  readonly numbered?: boolean;
  /** Roles that may read the table. */
  readonly readers?: readonly string[];
  /** Called in the transaction that swaps, so that metadata and table change together. */
  readonly register?: (client: pg.Client, loaded: LoadResult) => Promise<void>;
}

export interface LoadOptions {
  readonly database: string;
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for another load of the table, and for its readers at the swap; a minute unless told. */
  readonly lockTimeout?: number;
}

/** One column as it was loaded: the label of the source, the column's name, and both types. */
export interface LoadedField {
  readonly name: string;
  readonly column: string;
  readonly type: string;
  readonly sql_type: string;
}

/** What `aircan load --json` prints. */
export interface LoadResult {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly mode: LoadMode;
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Of the source, where they are known. */
  readonly bytes: number;
  readonly seconds: number;
  readonly fields: readonly LoadedField[];
  readonly errors: Readonly<Record<string, number>>;
  readonly first_errors: readonly RowError[];
}

export interface StagedLoad extends StagedOutput {
  readonly results: readonly LoadResult[];
  /** True if the load was done before, so that nothing was read and nothing will change. */
  readonly repeated?: boolean;
}

/** One table's part of a load while its transaction is open; the modes work on this. */
export interface Loading extends TableLoad {
  readonly client: pg.Client;
  readonly schema: string;
  readonly signal: AbortSignal;
  readonly lockTimeout: number;
  readonly columns: readonly LoadedField[];
  /** Columns of the key; none without a key. */
  readonly keyColumns: readonly string[];
  readonly existing: TableFacts | undefined;
}

/** What a mode did, and what is left to do at the commit. */
export interface Loaded {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly swap: () => Promise<void>;
}

/**
 * Loads relations into tables of a PostgreSQL database, all or none: one transaction, from the first lock
 * to the commit, so that a load that is killed leaves nothing behind and readers see the old rows until the end.
 *
 * `replace` fills a table of its own, which takes the name at the commit. Rights are kept. Where something
 * hangs on the old table (views, triggers, policies, foreign indexes), the old table stays and its rows are
 * exchanged, if the columns are the same; else the load is refused. `append` and `upsert` make the table if
 * there is none, and refuse other columns. Loads of one table wait for each other.
 *
 * @throws AirCanError `database-error`, `table-error`, `primary-key`, `config-error`, `timeout`, `interrupted`.
 */
export async function loadTables(loads: readonly TableLoad[], options: LoadOptions): Promise<StagedLoad> {
  const { database, lockTimeout = 60_000 } = options;
  const signal = options.signal ?? loads[0]?.run.signal ?? new AbortController().signal;
  const client = await connect(database, signal);
  const done: { load: Loading; loaded: Loaded; result: LoadResult }[] = [];
  const discard = async () => {
    await client.query("rollback").catch(() => {});
    await client.end().catch(() => {});
  };
  let table = "";
  try {
    await client.query("begin");
    for (const load of loads) {
      table = tableNameOf(load.table);
      const started = performance.now();
      const loading = await begin(client, { ...load, table }, { signal, lockTimeout });
      const loaded = await modeOf(loading)(loading);
      done.push({ load: loading, loaded, result: resultOf(loading, loaded, started) });
    }
  } catch (error) {
    await discard();
    throw isOurs(error) || signal.aborted ? databaseError(error, { url: database, table, signal }) : error;
  }
  const commit = async () => {
    try {
      for (const { load, loaded, result } of done) {
        table = load.table;
        await loaded.swap();
        await load.register?.(client, result);
      }
      await client.query("commit");
    } catch (error) {
      throw databaseError(error, { url: database, table, signal });
    } finally {
      await discard();
    }
  };
  return {
    resources: Object.fromEntries(done.map(({ result }) => [result.name, { rows: result.rows }])),
    stats: { tables: done.map(({ result }) => result) },
    results: done.map(({ result }) => result),
    commit,
    discard,
  };
}

/** What the database or its connection threw; the engine's errors go on unchanged, since it acts on them. */
function isOurs(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError ||
    (error instanceof Error &&
      (/Connection terminated|not queryable/.test(error.message) || "syscall" in error))
  );
}

/** `loadTables` for one table. */
export function loadTable({ ...load }: TableLoad & LoadOptions): Promise<StagedLoad> {
  return loadTables([load], load);
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly lockTimeout: number;
}

async function begin(client: pg.Client, load: TableLoad, { signal, lockTimeout }: Waiting): Promise<Loading> {
  const fields = await load.run.fields(load.relation);
  const names = columnNamesOf(fields.map(({ name }) => name));
  const columns = fields.map((field, i) => ({
    name: load.labels?.[i] ?? field.name,
    column: names[i] ?? field.name,
    type: field.type,
    sql_type: postgresType(field),
  }));
  const schema = load.schema ?? (await currentSchema(client));
  await queueForTable(client, `${schema}.${load.table}`, lockTimeout);
  const existing = await readTable(client, schema, load.table);
  if (existing && !["table", "partitioned table"].includes(existing.kind))
    throw new AirCanError(
      "table-error",
      `${load.table} is a ${existing.kind}, so nothing can be loaded into it.`,
      {
        hint: "Choose another table name.",
      },
    );
  return {
    ...load,
    client,
    schema,
    signal,
    lockTimeout,
    columns,
    keyColumns: keyOf(load, fields, columns),
    existing,
  };
}

async function currentSchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query("select current_schema() as name");
  if (rows[0]?.name) return rows[0].name;
  throw new AirCanError("database-error", "No schema of the user's search_path exists.", {
    hint: "Set search_path for the user, or create the schema.",
  });
}

function keyOf(
  { key, relation, mode, table }: TableLoad,
  fields: readonly Field[],
  columns: readonly LoadedField[],
): string[] {
  const wanted = key && key.length > 0 ? key : (relation.schema.primaryKey ?? []);
  if (mode === "upsert" && wanted.length === 0)
    throw new AirCanError("config-error", `To upsert into ${table}, a key is needed.`, {
      hint: "Name the fields that identify a row with `--key`, or give the schema a primaryKey.",
    });
  return wanted.map((name) => {
    const place = fields.findIndex((field) => field.name === name);
    const column = columns[place] ?? columns.find((each) => each.column === name || each.name === name);
    if (column) return column.column;
    throw new AirCanError(
      "unknown-field",
      `The key names the field "${name}", but the fields are: ${columns.map((each) => each.name).join(", ")}.`,
      { where: { field: name } },
    );
  });
}

function modeOf({ mode, existing }: Loading): (loading: Loading) => Promise<Loaded> {
  if (existing === undefined) return replace;
  if (mode === "append") return append;
  if (mode === "upsert") return upsert;
  return existing.attached.length > 0 || existing.kind !== "table" ? insertInPlace : replace;
}

function resultOf(
  load: Loading,
  { rows, inserted, updated, unchanged }: Loaded,
  started: number,
): LoadResult {
  return {
    name: load.resource.name,
    schema: load.schema,
    table: load.table,
    mode: load.mode,
    rows,
    inserted,
    updated,
    unchanged,
    rejected: 0,
    bytes: load.resource.bytes ?? 0,
    seconds: Math.round(performance.now() - started) / 1000,
    fields: load.columns,
    errors: {},
    first_errors: [],
  };
}
