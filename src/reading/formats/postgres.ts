import { once } from "node:events";
import { stat } from "node:fs/promises";
import type pg from "pg";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { Guess, Resource } from "../../descriptor/types.ts";
import { connect, databaseError, identifier, qualified, shownDatabase } from "../../storage/postgres.ts";
import { columnNames } from "../labels.ts";
import type { LocalTable } from "../local-table.ts";
import type { ReadingContext, ReadingOptions } from "../options.ts";
import { type PostgresColumn, postgresColumn } from "./postgres-columns.ts";
import { spoolRecords } from "./record-spool.ts";
import { chooseTables } from "./tables-told.ts";

interface Telling extends ReadingOptions {
  readonly name?: string;
  readonly resource?: Partial<Resource>;
}

/**
 * Tables of a PostgreSQL database, or the rows of a query: told by `table` and `query` of the options or of
 * the address (`postgresql://host/database?table=public.cities`). Read in one read-only transaction; values
 * come as their texts, so that digits, nulls and empty texts survive. The password is shown nowhere.
 *
 * @throws AirCanError `unsafe-path` where no local files may be read, `database-error`, `format-error` (no
 *   such table), `usage-error` (a query that cannot be run).
 */
export async function postgresTables(
  source: string,
  options: Telling,
  context: ReadingContext,
): Promise<readonly LocalTable[]> {
  if (!context.allowLocal)
    throw new AirCanError("unsafe-path", "A database may not be read here.", {
      hint: "Read it where AirCan runs for you alone, or upload a file.",
    });
  const told = toldOf(source, options);
  const client = await connect(told.url, context.signal);
  try {
    await client.query("begin transaction isolation level repeatable read, read only");
    const tables: LocalTable[] = [];
    for (const from of await fromsOf(client, told))
      tables.push(await readRows(client, from, { told, options, context }));
    return tables;
  } catch (error) {
    throw databaseError(error, { url: told.url, signal: context.signal });
  } finally {
    await client.end().catch(() => {});
  }
}

interface Told {
  /** Without what only AirCan reads. */
  readonly url: string;
  readonly table: string | number | undefined;
  readonly query: string | undefined;
}

function toldOf(source: string, { table, query, resource }: Telling): Told {
  const [, address = source, search = ""] = /^([^?]*)\??(.*)$/s.exec(source) ?? [];
  const parameters = new URLSearchParams(search);
  const inDialect = resource?.dialect?.table;
  const named = table ?? parameters.get("table") ?? (typeof inDialect === "string" ? inDialect : undefined);
  const asked = query ?? parameters.get("query") ?? undefined;
  parameters.delete("table");
  parameters.delete("query");
  return { url: parameters.size > 0 ? `${address}?${parameters}` : address, table: named, query: asked };
}

/** What is read: SQL to stand after `from`. */
interface From {
  readonly sql: string;
  /** The table's name as people write it. */
  readonly table?: string;
  readonly guess?: Guess;
}

async function fromsOf(client: pg.Client, { url, table, query }: Told): Promise<readonly From[]> {
  if (query !== undefined) return [{ sql: `(${query.replace(/[\s;]+$/, "")}\n)` }];
  const { rows } = await client.query<{ schema: string; name: string; is_default: boolean }>(
    `select n.nspname as schema, c.relname as name, n.nspname = current_schema() as is_default
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v', 'm', 'f', 'p') and n.nspname !~ '^(pg_|information_schema$)'
       and has_table_privilege(c.oid, 'select')
     order by is_default desc, n.nspname, c.relname`,
  );
  const names = new Map(
    rows.map(({ schema, name, is_default }) => [is_default ? name : `${schema}.${name}`, { schema, name }]),
  );
  for (const { schema, name } of rows) if (`${schema}.${name}` === table) names.set(table, { schema, name });
  const { chosen, guess } = chooseTables([...names.keys()], { told: table, source: shownDatabase(url) });
  return chosen.flatMap((name) => {
    const found = names.get(name);
    return found
      ? [{ sql: qualified(found.schema, found.name), table: name, ...(guess ? { guess } : {}) }]
      : [];
  });
}

interface Reading {
  readonly told: Told;
  readonly options: Telling;
  readonly context: ReadingContext;
}

async function readRows(client: pg.Client, from: From, reading: Reading): Promise<LocalTable> {
  const { told, options, context } = reading;
  const { columns, aliases } = await columnsOf(client, from);
  const rows = `select row_to_json(r.*) from (select ${columns.map(({ sql }) => sql).join(", ")} from ${from.sql} as t(${aliases.join(", ")})) as r`;
  const name = options.name ?? options.resource?.name ?? nameOf(from);
  const path = await spoolRecords(copied(client, rows), { fileName: name }, context);
  const bytes = (await stat(path)).size;
  const fields = columns.map(({ field }) => field);
  const resource: Resource = {
    path: shownDatabase(told.url),
    type: "table",
    format: "postgresql",
    ...(from.table === undefined ? {} : { dialect: { table: from.table } }),
    ...(from.guess ? { aircan: { guesses: [from.guess] } } : {}),
    ...options.resource,
    name,
  };
  const found = { columns: [], labels: [], guessed: [], bytes, known: { fields, areAll: true } };
  return { path, format: "ndjson", compression: null, isSpooled: true, resource, ...found };
}

const nameOf = ({ table }: From) =>
  (table ?? "query")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^-+|-+$/g, "") || "table";

async function columnsOf(
  client: pg.Client,
  { sql, table }: From,
): Promise<{ readonly columns: readonly PostgresColumn[]; readonly aliases: readonly string[] }> {
  const described = await client.query(`select * from ${sql} as t limit 0`).catch((error: unknown) => {
    if (table !== undefined) throw error;
    throw new AirCanError("usage-error", `The query cannot be run: ${messageOf(error)}.`, {
      hint: "Give one query, such as select … from …, as PostgreSQL knows it.",
      cause: error,
    });
  });
  const { rows } = await client.query<{ type: string }>(
    "select format_type(oid, modifier) as type from unnest($1::oid[], $2::int[]) with ordinality as t(oid, modifier, place) order by place",
    [
      described.fields.map(({ dataTypeID }) => dataTypeID),
      described.fields.map((field) => field.dataTypeModifier),
    ],
  );
  const names = columnNames(
    described.fields.map(({ name }) => name),
    described.fields.length,
  );
  const columns = names.map((name, i) => postgresColumn(name, rows[i]?.type ?? "text", `c${i}`));
  return { columns, aliases: names.map((_, i) => identifier(`c${i}`)) };
}

/** Lines of JSON as they are: characters that JSON text never holds stand for COPY's own quotes. */
async function* copied(client: pg.Client, rows: string): AsyncGenerator<string> {
  const { to } = await import("pg-copy-streams");
  const stream = client.query(
    to(`copy (${rows}) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`),
  );
  stream.setEncoding("utf8");
  yield* stream;
  if (!stream.readableEnded) await once(stream, "end");
}
