import pg from "pg";
import { AirCanError } from "../base/errors.ts";
import type { Field, Resource } from "../descriptor/types.ts";
import { connect, databaseError } from "../storage/postgres.ts";
import { tableNameOf } from "./column-names.ts";
import { remember, repeatedLoad } from "./load-once.ts";
import {
  type LoadOptions,
  type LoadResult,
  loadTable,
  type StagedLoad,
  type TableLoad,
} from "./load-table.ts";

/** Schema of the loaded tables, and the role that may read them and nothing else. */
export const datastoreSchema = "datastore";
export const readerRole = "aircan_reader";

/** One loaded table, as `aircan.datastore_table` knows it. */
export interface DatastoreTable {
  /** The name it was asked for by; `resource_id` of the DataStore API. */
  readonly name: string;
  readonly table: string;
  /** Label, column, and both types of each field, in order. */
  readonly fields: readonly LoadResult["fields"][number][];
  /** As it was loaded; `schema.fields` stand in the order of `fields`. */
  readonly descriptor: Resource;
  readonly updated: string;
}

const layout = `
  create schema if not exists aircan;
  create schema if not exists ${datastoreSchema};
  create table if not exists aircan.datastore_table (
    name text primary key,
    table_name text not null unique,
    fields jsonb not null,
    descriptor jsonb not null,
    created timestamptz not null default now(),
    updated timestamptz not null default now()
  );
  create table if not exists aircan.datastore_load (
    id text primary key,
    result jsonb not null,
    committed timestamptz not null default now()
  )`;

/**
 * Makes the schemas, the table of tables and the reading role of a DataStore, where they are not there yet.
 * A user who may make no roles gets none: its reads are in read-only transactions all the same.
 *
 * @throws AirCanError `database-error`.
 */
export async function prepareDatastore(database: string): Promise<void> {
  const client = await connect(database);
  try {
    await client.query("begin; select pg_advisory_xact_lock(hashtextextended('aircan.datastore', 0))");
    if (!(await isPrepared(client))) await client.query(layout);
    await makeReader(client);
    await client.query("commit");
  } catch (error) {
    throw databaseError(error, { url: database });
  } finally {
    await client.end().catch(() => {});
  }
}

async function isPrepared(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    "select to_regclass('aircan.datastore_load') is not null and to_regnamespace($1) is not null as prepared",
    [datastoreSchema],
  );
  return rows[0]?.prepared === true;
}

async function makeReader(client: pg.Client): Promise<void> {
  await client.query("savepoint reader");
  try {
    if (!(await hasReader(client))) {
      await client.query(`create role ${readerRole} nologin`);
      await client.query(`grant ${readerRole} to current_user`);
    }
    const { rows } = await client.query("select has_schema_privilege($1, $2, 'usage') as may", [
      readerRole,
      datastoreSchema,
    ]);
    if (!rows[0]?.may) await client.query(`grant usage on schema ${datastoreSchema} to ${readerRole}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !["42501", "42710"].includes(error.code ?? "")) throw error;
    await client.query("rollback to savepoint reader");
  }
}

/** True if there is a reading role that the present user may take. */
export async function hasReader(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query(
    "select pg_has_role(oid, 'usage') as may from pg_roles where rolname = $1",
    [readerRole],
  );
  return rows[0]?.may === true;
}

export interface DatastoreLoad
  extends Omit<TableLoad, "schema" | "table" | "numbered" | "readers" | "register"> {
  /** The name to find it by later. */
  readonly name: string;
  /** A load with an id happens once: the next one with it changes nothing and gives the first one's result. */
  readonly id?: string;
}

/**
 * Stages a load into the DataStore: `loadTable` with the DataStore's schema, its row numbers (`_id`), its
 * reading role, and its entry in the table of tables, which changes in the same transaction.
 */
export async function loadIntoDatastore(
  { name, id, ...load }: DatastoreLoad,
  options: LoadOptions,
): Promise<StagedLoad> {
  await prepareDatastore(options.database);
  const { readers, done } = await factsOf(options.database, id);
  if (done) return repeatedLoad(done);
  const table: TableLoad = { ...load, table: name, schema: datastoreSchema, numbered: true, readers };
  return loadTable({
    ...table,
    ...options,
    register: async (writer, loaded) => {
      await register(writer, { name, load: table, loaded });
      if (id !== undefined) await remember(writer, id, loaded);
    },
  });
}

/** Who may read, and what the load of that id gave if it was done before. */
async function factsOf(
  database: string,
  id: string | undefined,
): Promise<{ readers: string[]; done: LoadResult | undefined }> {
  const client = await connect(database);
  try {
    const readers = (await hasReader(client)) ? [readerRole] : [];
    const { rows } = await client.query("select result from aircan.datastore_load where id = $1", [id]);
    return { readers, done: rows[0]?.result };
  } catch (error) {
    throw databaseError(error, { url: database });
  } finally {
    await client.end().catch(() => {});
  }
}

interface Registering {
  readonly name: string;
  readonly load: TableLoad;
  readonly loaded: LoadResult;
}

async function register(client: pg.Client, { name, load, loaded }: Registering): Promise<void> {
  const taken = await client.query(
    "select name from aircan.datastore_table where table_name = $1 and name <> $2",
    [loaded.table, name],
  );
  if (taken.rows[0])
    throw new AirCanError(
      "table-error",
      `The table ${loaded.table} belongs to "${taken.rows[0].name}" already.`,
      { hint: "Choose another name." },
    );
  const fields = await load.run.fields(load.relation);
  const { data: _, ...resource } = load.resource;
  const descriptor = { ...resource, schema: { ...load.relation.schema, fields } };
  const isNew = load.mode === "replace" ? "excluded" : "known";
  await client.query(
    `insert into aircan.datastore_table as known (name, table_name, fields, descriptor) values ($1, $2, $3, $4)
     on conflict (name) do update set table_name = excluded.table_name, fields = ${isNew}.fields, descriptor = ${isNew}.descriptor, updated = now()`,
    [name, loaded.table, JSON.stringify(loaded.fields), JSON.stringify(descriptor)],
  );
}

/** A database to read from: an address, or a pool that the caller keeps. */
export type Database = string | pg.Pool;

/** Settings of each session of a pool made for `Database`. */
export function openPool(database: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: database,
    application_name: "aircan reader",
    max: 8,
    connectionTimeoutMillis: 15_000,
  });
  pool.on("error", () => {}); // an idle connection that breaks is replaced at the next use
  return pool;
}

export interface ReadOptions {
  /** Milliseconds that one read may take; 30 s unless told. */
  readonly timeout?: number;
  /** The work may break off in the middle of a COPY, which ends with its connection only. */
  readonly streams?: boolean;
}

/**
 * Work in a read-only transaction on one loaded table, as the reading role.
 *
 * @throws AirCanError `not-found`, `timeout`, `database-error`.
 */
export async function readTableOf<Result>(
  database: Database,
  name: string,
  work: (client: pg.ClientBase, table: DatastoreTable) => Promise<Result>,
  { timeout = 30_000, streams = false }: ReadOptions = {},
): Promise<Result> {
  const { client, release } = await reader(database);
  let broken = false;
  try {
    await client.query(
      `begin read only; set local statement_timeout = ${Math.round(timeout)}; set local TimeZone = 'UTC';
       set local DateStyle = 'ISO, YMD'; set local IntervalStyle = 'iso_8601'; set local search_path = pg_catalog`,
    );
    const table = await findTable(client, name);
    if (await hasReader(client)) await client.query(`set local role ${readerRole}`);
    return await work(client, table);
  } catch (error) {
    broken = streams;
    throw databaseError(error, { url: typeof database === "string" ? database : "", table: name });
  } finally {
    if (!broken) await client.query("rollback").catch(() => {});
    release(broken);
  }
}

async function reader(
  database: Database,
): Promise<{ client: pg.ClientBase; release: (broken: boolean) => void }> {
  try {
    if (typeof database === "string") {
      const client = await connect(database);
      return { client, release: () => void client.end().catch(() => {}) };
    }
    const client = await database.connect();
    return { client, release: (broken) => client.release(broken) };
  } catch (error) {
    throw databaseError(error, { url: typeof database === "string" ? database : "" });
  }
}

async function findTable(client: pg.ClientBase, name: string): Promise<DatastoreTable> {
  const there = await client.query("select to_regclass('aircan.datastore_table') is not null as there");
  const { rows } = there.rows[0]?.there
    ? await client.query(
        "select name, table_name, fields, descriptor, updated from aircan.datastore_table where name = $1 or table_name = $2 order by name = $1 desc limit 1",
        [name, tableNameOf(name)],
      )
    : { rows: [] };
  const found = rows[0];
  if (found === undefined)
    throw new AirCanError("not-found", `There is no table "${name}" in the DataStore.`, {
      where: { resource: name },
    });
  const { table_name: table, fields, descriptor, updated } = found;
  return { name: found.name, table, fields, descriptor, updated: new Date(updated).toISOString() };
}

/** Names of all loaded tables, the last changed first. */
export async function listDatastore(database: string): Promise<{ name: string; updated: string }[]> {
  const client = await connect(database);
  try {
    const there = await client.query("select to_regclass('aircan.datastore_table') is not null as there");
    if (!there.rows[0]?.there) return [];
    const { rows } = await client.query(
      "select name, updated from aircan.datastore_table order by updated desc, name",
    );
    return rows.map(({ name, updated }) => ({ name, updated: new Date(updated).toISOString() }));
  } catch (error) {
    throw databaseError(error, { url: database });
  } finally {
    await client.end().catch(() => {});
  }
}

/** The fields of a loaded table with its columns, in order. */
export function columnsOf({
  fields,
  descriptor,
}: DatastoreTable): { column: string; field: Field; sqlType: string }[] {
  const declared = descriptor.schema?.fields ?? [];
  return fields.map(({ name, column, sql_type }, i) => ({
    column,
    field: declared[i] ?? { name, type: "string" },
    sqlType: sql_type,
  }));
}
