import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { type Ears, openEars } from "./ears.ts";
import { migrations } from "./migrations.ts";

/** One connection, in or out of a transaction. */
export type Connection = Pick<pg.ClientBase, "query">;

/** What breaks with the connection is tried again, so all of it must be idempotent. */
export interface Tables {
  readonly query: <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly transaction: <Result>(body: (connection: Connection) => Promise<Result>) => Promise<Result>;
}

/** The factory's own tables. */
export interface Database extends Tables {
  readonly url: string;
  /** The same, for work that nobody waits for: however long the database is away, it goes on after. */
  readonly patient: Tables;
  /** Throws `database-error` at once if it does not answer. */
  readonly ping: () => Promise<void>;
  readonly listen: Ears["listen"];
  readonly close: () => Promise<void>;
}

const migrationLock = 4_711_010;
/** Who asks for something waits this long for a database that is away. */
const patience = 10_000;

/** Opens the pool and brings the tables up to date; safe when several processes do so at once. */
export async function openDatabase(url: string, log: Log): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  pool.on("error", (error) => log("debug", `A database connection broke: ${error.message}`));
  const state = { closed: false };
  const ears = openEars(url, log);
  const tables = openTables(pool, state, patience);
  const close = async () => {
    state.closed = true;
    await Promise.all([pool.end(), ears.close()]);
  };
  await tables.transaction(migrate).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url,
    ...tables,
    patient: openTables(pool, state, Number.POSITIVE_INFINITY),
    ping: async () => void (await openTables(pool, state, 0).query("select 1")),
    listen: ears.listen,
    close,
  };
}

function openTables(pool: pg.Pool, state: { readonly closed: boolean }, patience: number): Tables {
  const limits = { state, patience };
  return {
    query: async (sql, values) =>
      (await again(() => pool.query(sql, values ? [...values] : []), limits)).rows,
    transaction: (body) => again(() => inTransaction(pool, body), limits),
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  body: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query("begin");
    const result = await body(client);
    await client.query("commit");
    return result;
  } catch (error) {
    if (!broken) await client.query("rollback").catch((failure: Error) => onError(failure));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

async function migrate(connection: Connection): Promise<void> {
  await connection.query("select pg_advisory_xact_lock($1)", [migrationLock]);
  await connection.query("create schema if not exists aircan");
  await connection.query(
    "create table if not exists aircan.migration (version int primary key, time timestamptz not null default now())",
  );
  const answer = await connection.query<{ version: number | null }>(
    "select max(version) as version from aircan.migration",
  );
  const present = answer.rows[0]?.version ?? 0;
  if (present > migrations.length)
    throw new AirCanError("database-error", `The database was made by a newer AirCan (version ${present}).`, {
      hint: "Use that AirCan, or another database.",
    });
  for (const [index, sql] of migrations.entries()) {
    if (index < present) continue;
    await connection.query(sql);
    await connection.query("insert into aircan.migration (version) values ($1)", [index + 1]);
  }
}

/** Tries again while the database is away: it restarts, or fails over. */
async function again<Result>(
  body: () => Promise<Result>,
  { state, patience }: { readonly state: { readonly closed: boolean }; readonly patience: number },
): Promise<Result> {
  const deadline = Date.now() + patience;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await body();
    } catch (error) {
      if (error instanceof AirCanError) throw error;
      if (!isAway(error) || state.closed || Date.now() > deadline) throw databaseError(error);
      await pause(wait);
    }
  }
}

const awayCodes = new Set([
  ...["57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "40001", "40P01"],
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
]);

/** True if the connection, not the statement, is at fault (or another transaction stood in the way). */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && awayCodes.has(error.code)) return true;
  return /Connection terminated|connection error|not queryable|timeout exceeded when trying to connect/i.test(
    error.message,
  );
}

function databaseError(error: unknown): AirCanError {
  return new AirCanError("database-error", `The factory's database failed: ${messageOf(error)}`, {
    cause: error,
  });
}
