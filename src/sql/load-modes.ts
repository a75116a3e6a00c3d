import { randomBytes } from "node:crypto";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { AirCanError } from "../base/errors.ts";
import { identifier, qualified } from "../storage/postgres.ts";
import { comparedAsText, fits } from "./column-types.ts";
import type { Loaded, Loading } from "./load-table.ts";
import { lockForSwap } from "./locks.ts";
import { duplicateKeys } from "./primary-key.ts";
import { commentSql, ownPrefix, readTable } from "./table-facts.ts";

const fresh = (): string => `${ownPrefix}${randomBytes(8).toString("hex")}`;

const listOf = (columns: readonly string[]): string => columns.map(identifier).join(", ");

/** A quarter of PostgreSQL's usual sample: enough to plan with, and soon done. */
const sampleOfNew = 25;

const namesOf = ({ columns }: Loading): string[] => columns.map(({ column }) => column);

/** A table of its own, made and filled in this transaction, which takes the name at the swap. */
export async function replace(load: Loading): Promise<Loaded> {
  const { client, schema, existing, keyColumns, columns } = load;
  if (existing && !existing.owned) throw notOwned(load);
  const name = fresh();
  const stage = qualified(schema, name);
  await client.query(`create table ${stage} (${definitions(load)})`);
  const rows = await copyInto(load, stage, "freeze");
  if (load.numbered)
    await client.query(`alter table ${stage} add constraint ${identifier(`${name}_id`)} primary key (_id)`);
  if (keyColumns.length > 0) await uniqueKey(load, stage);
  await client.query(
    `set local default_statistics_target = ${sampleOfNew}; analyze ${stage}; set local default_statistics_target to default`,
  );
  const described = columns.map(({ column, name: label }) => ({ name: column, label }));
  if (described.length > 0) await client.query(commentSql(stage, described));
  for (const grant of existing?.grants ?? []) await client.query(grant.replace("%s", stage));
  for (const role of load.readers ?? [])
    await client.query(`grant select on ${stage} to ${identifier(role)}`);
  return { rows, inserted: rows, updated: 0, unchanged: 0, swap: () => takePlace(load, name) };
}

async function takePlace(load: Loading, name: string): Promise<void> {
  const { client, schema, table, existing } = load;
  const live = qualified(schema, table);
  if (existing) {
    await lockForSwap(load);
    await refuseChanged(load);
    const { rows } = await client.query("select current_user = $1 as same", [existing.owner]);
    if (!rows[0]?.same)
      await client.query(`alter table ${qualified(schema, name)} owner to ${identifier(existing.owner)}`);
    await client.query(`drop table ${live}`);
  }
  await client.query(`alter table ${qualified(schema, name)} rename to ${identifier(table)}`);
}

/** Between the first look and the lock another session may have hung something on the table. */
async function refuseChanged({ client, schema, table, existing }: Loading): Promise<void> {
  const now = await readTable(client, schema, table);
  if (now?.oid === existing?.oid && now?.attached.length === 0) return;
  throw new AirCanError("table-error", `${table} was changed by another session while it was loaded.`, {
    hint: "Load again.",
  });
}

/** Exchanges the rows of a table that must stay, because something hangs on it. Readers are not blocked. */
export async function insertInPlace(load: Loading): Promise<Loaded> {
  const { client, schema, table, existing } = load;
  const attached = existing?.attached.join(", ") ?? "";
  requireSameColumns(
    load,
    `${attached} would be lost if the table were made anew`,
    "Drop what hangs on the table, or make the columns fit.",
  );
  await client.query(`delete from ${qualified(schema, table)}`);
  return append(load);
}

/** Straight into the table; seen by others at the commit. */
export async function append(load: Loading): Promise<Loaded> {
  const { client, schema, table } = load;
  const live = qualified(schema, table);
  requireSameColumns(load, "an append does not change a table");
  const before = await restartNumbers(load);
  const rows = await copyInto(load, live);
  if (before) await restartNumbers(load);
  await client.query(`analyze ${live}`);
  return { rows, inserted: rows, updated: 0, unchanged: 0, swap: async () => {} };
}

/** Rows with a known key change the row they name, others are new, equal ones are left alone. */
export async function upsert(load: Loading): Promise<Loaded> {
  const { client, schema, table, keyColumns } = load;
  requireSameColumns(load, "an upsert does not change a table");
  const stage = `pg_temp.${identifier(fresh())}`;
  const live = qualified(schema, table);
  await client.query(
    `create temp table ${stage.slice(8)} on commit drop as select ${listOf(namesOf(load))} from ${live} limit 0`,
  );
  const rows = await copyInto(load, stage);
  await uniqueKey(load, stage);
  await client.query(`analyze ${stage}`);
  if (!(await hasUniqueIndex(load))) await indexTable(load, live);
  const numbered = await restartNumbers(load);
  const { rows: counts } = await client.query(upsertSql(load, stage, keyColumns));
  if (numbered) await restartNumbers(load);
  await client.query(`analyze ${live}`);
  const { inserted, updated } = {
    inserted: Number(counts[0]?.inserted),
    updated: Number(counts[0]?.updated),
  };
  return { rows, inserted, updated, unchanged: rows - inserted - updated, swap: async () => {} };
}

/** `xmax` is 0 in a row that was inserted, and our transaction in one that was there. */
function upsertSql(load: Loading, stage: string, key: readonly string[]): string {
  const others = load.columns.filter(({ column }) => !key.includes(column));
  const types = new Map(load.existing?.columns.map(({ name, type }) => [name, type]));
  const text = (column: string) => (comparedAsText.has(types.get(column) ?? "") ? "::text" : "");
  const changed = others.map(
    ({ column }) =>
      `live.${identifier(column)}${text(column)} is distinct from excluded.${identifier(column)}${text(column)}`,
  );
  const set = others.map(({ column }) => `${identifier(column)} = excluded.${identifier(column)}`);
  const action =
    others.length === 0 ? "do nothing" : `do update set ${set.join(", ")} where ${changed.join(" or ")}`;
  const columns = listOf(namesOf(load));
  return `with done as (
      insert into ${qualified(load.schema, load.table)} as live (${columns}) select ${columns} from ${stage} order by ctid
      on conflict (${listOf(key)}) ${action} returning (live.xmax = 0) as inserted)
    select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated from done`;
}

function definitions({ columns, numbered }: Loading): string {
  const own = columns.map(({ column, sql_type }) => `${identifier(column)} ${sql_type}`);
  return [...(numbered ? ["_id bigint generated by default as identity (cache 1000)"] : []), ...own].join(
    ", ",
  );
}

/** Rows from the engine through a pipe into COPY. If one side fails, the other is ended; the first one's error counts. */
async function copyInto(load: Loading, table: string, freeze = ""): Promise<number> {
  const { stream, done } = load.run.copyToPostgres(load.relation);
  const options = ["format csv", ...(freeze ? ["freeze"] : [])].join(", ");
  const copy = load.client.query(
    copyFrom(`copy ${table} (${listOf(namesOf(load))}) from stdin (${options})`),
  );
  const [sent, made] = await Promise.allSettled([pipeline(stream, copy, { signal: load.signal }), done]);
  const isEngines = made.status === "rejected" && sent.status === "rejected" && made.reason === sent.reason;
  if (sent.status === "rejected" && !isEngines) throw keyTaken(sent.reason, load);
  if (made.status === "rejected") throw made.reason;
  return copy.rowCount;
}

/** A row of the file whose key the table has already. */
function keyTaken(error: unknown, load: Loading): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== "23505") return error;
  return new AirCanError(
    "primary-key",
    `A row cannot be added to ${load.table}: ${error.detail ?? error.message}`,
    {
      hint: "Load with `--mode upsert`, or remove the row.",
      cause: error,
      where: { table: load.table },
    },
  );
}

async function uniqueKey(load: Loading, table: string): Promise<void> {
  const { client, keyColumns } = load;
  await client.query("savepoint unique_key");
  const empty = keyColumns.map((column) => `${identifier(column)} is null`).join(" or ");
  const { rows } = await client.query(`select exists (select from ${table} where ${empty}) as found`);
  if (rows[0]?.found) throw await duplicateKeys(load, table);
  try {
    await client.query(`create unique index ${identifier(fresh())} on ${table} (${listOf(keyColumns)})`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== "23505") throw error;
    await client.query("rollback to savepoint unique_key");
    throw await duplicateKeys(load, table);
  }
}

/** A table that was loaded without a key gets its index now, if its rows allow it. */
async function indexTable(load: Loading, live: string): Promise<void> {
  try {
    await load.client.query(
      `create unique index ${identifier(fresh())} on ${live} (${listOf(load.keyColumns)})`,
    );
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== "23505") throw error;
    throw new AirCanError(
      "table-error",
      `The rows that stand in ${load.table} repeat the key: ${error.detail ?? error.message}`,
      {
        hint: "Choose another key, or load with `--mode replace`.",
        cause: error,
        where: { table: load.table },
      },
    );
  }
}

async function hasUniqueIndex({ client, existing, keyColumns }: Loading): Promise<boolean> {
  const { rows } = await client.query(
    `select exists (select from pg_index i where i.indrelid = $1 and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
       and (select array_agg(a.attname::text order by a.attname) from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]))
         = (select array_agg(name order by name) from unnest($2::text[]) name)) as found`,
    [existing?.oid, keyColumns],
  );
  return rows[0]?.found === true;
}

/** Numbers go on where the rows end, without the gaps that cached numbers leave. */
async function restartNumbers({ client, schema, table, existing }: Loading): Promise<boolean> {
  if (!existing?.columns.some(({ name, filled }) => name === "_id" && filled)) return false;
  const live = qualified(schema, table);
  const { rows } = await client.query(`select coalesce(max(_id), 0) + 1 as next from ${live}`);
  await client.query(`alter table ${live} alter column _id restart with ${rows[0]?.next}`);
  return true;
}

function requireSameColumns(load: Loading, reason: string, hint?: string): void {
  const { columns, existing, table } = load;
  const there = existing?.columns ?? [];
  const unknown = columns.filter(({ column }) => !there.some(({ name }) => name === column));
  const missing = there.filter(
    ({ name, filled }) => !filled && !columns.some(({ column }) => column === name),
  );
  const other = columns.flatMap(({ column, sql_type }) => {
    const type = there.find(({ name }) => name === column)?.type;
    return type === undefined || fits(sql_type, type)
      ? []
      : [`${column} (${sql_type} in the file, ${type} in the table)`];
  });
  const findings = [
    ...(unknown.length > 0 ? [`the table has no column ${quoted(unknown.map(({ column }) => column))}`] : []),
    ...(missing.length > 0 ? [`the file has no column ${quoted(missing.map(({ name }) => name))}`] : []),
    ...(other.length > 0 ? [`other types: ${other.join(", ")}`] : []),
  ];
  if (findings.length === 0) return;
  throw new AirCanError(
    "table-error",
    `The file does not fit the table ${table}: ${findings.join("; ")}; ${reason}.`,
    {
      ...(hint ? { hint } : {}),
      where: { table },
      details: {
        unknown: unknown.map(({ column }) => column),
        missing: missing.map(({ name }) => name),
        other,
      },
    },
  );
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function notOwned({ table, existing }: Loading): AirCanError {
  return new AirCanError(
    "database-error",
    `The table ${table} belongs to ${existing?.owner}, so it cannot be replaced.`,
    {
      hint: `Load as ${existing?.owner}, or with \`--mode append\`.`,
      where: { table },
    },
  );
}
