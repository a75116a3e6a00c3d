import pg from "pg";
import { AirCanError } from "../base/errors.ts";

/** An identifier of PostgreSQL or SQLite, quoted. */
export const identifier = (name: string): string => pg.escapeIdentifier(name);

/** A text literal of PostgreSQL. */
export const literal = (text: string): string => pg.escapeLiteral(text);

/** `"schema"."table"`. */
export const qualified = (schema: string, table: string): string =>
  `${identifier(schema)}.${identifier(table)}`;

/**
 * Settings of each session: texts of values that do not depend on the server's configuration, and a server
 * that notices when we are gone also while it waits.
 */
const session = {
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  IntervalStyle: "iso_8601",
  extra_float_digits: "1",
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  client_connection_check_interval: "1000",
};

/**
 * A connection of its own, closed by the caller. When the signal aborts, the socket is cut: the server
 * undoes what was not committed.
 *
 * @throws AirCanError `database-error`.
 */
export async function connect(url: string, signal?: AbortSignal): Promise<pg.Client> {
  const client = clientOf(url);
  client.on("error", () => {}); // the query under way rejects with the same error
  const cut = () => client.connection.stream.destroy();
  try {
    signal?.throwIfAborted();
    await client.connect();
    signal?.addEventListener("abort", cut);
    client.once("end", () => signal?.removeEventListener("abort", cut));
    await client.query(
      "select set_config(name, wanted.value, false) from pg_settings join json_each_text($1) wanted on wanted.key = name",
      [JSON.stringify(session)],
    );
    return client;
  } catch (error) {
    client.end().catch(() => {});
    throw databaseError(error, { url, ...(signal ? { signal } : {}) });
  }
}

function clientOf(url: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: "aircan",
      connectionTimeoutMillis: 15_000,
      keepAlive: true,
    });
  } catch (error) {
    throw new AirCanError("database-error", "The address of the database cannot be read.", {
      hint: "Write it as postgresql://user:password@host:port/database.",
      cause: error,
    });
  }
}

/** The address without its password, for messages. */
export function shownDatabase(url: string): string {
  try {
    const { protocol, username, host, pathname } = new URL(url);
    return `${protocol}//${username ? `${decodeURIComponent(username)}@` : ""}${host}${pathname}`;
  } catch {
    return "the database";
  }
}

interface Place {
  readonly url: string;
  readonly table?: string;
  readonly signal?: AbortSignal;
}

/** What each SQLSTATE, or its first two characters, means to the person who loads. */
const meanings: Readonly<Record<string, readonly [AirCanError["code"], string, string?]>> = {
  "28": ["database-error", "it refused the user or the password", "Check user and password in the address."],
  "3D": ["database-error", "there is no such database", "Create the database, or correct the address."],
  "3F": ["database-error", "there is no such schema", "Create the schema, or correct the name."],
  "42501": ["database-error", "the user may not do this", "Grant the user the right, or use another user."],
  "53100": ["database-error", "its disk is full", "Make room on the database's disk, then load again."],
  "53300": ["database-error", "it has too many connections", "Try again later, or raise max_connections."],
  "57P": ["database-error", "it was shut down", "Start the database, then load again."],
  "08": ["database-error", "the connection was lost", "Check that the database runs, then load again."],
  "55P03": ["timeout", "another session holds a lock on the table", "Wait for the other work to end."],
  "40P01": ["timeout", "another session holds a lock on the table", "Load again."],
  "57014": ["timeout", "the statement was cancelled"],
  "22": ["table-error", "a value does not fit its column"],
  "23": ["table-error", "a row breaks a rule of the table"],
  "54": ["table-error", "the table would be too wide"],
  "42P": ["table-error", "the table is not as it was"],
};

const lost =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOENT|Connection terminated|timeout expired|not queryable/;

/** Whatever a database threw, as an error for people. An AirCanError stays as it is. */
export function databaseError(error: unknown, { url, table, signal }: Place): AirCanError {
  if (error instanceof AirCanError) return error;
  const where = { database: shownDatabase(url), ...(table === undefined ? {} : { table }) };
  if (signal?.aborted)
    return new AirCanError("interrupted", "The load was cancelled; nothing was changed.", { where });
  const subject = table === undefined ? where.database : `${table} in ${where.database}`;
  const state = error instanceof pg.DatabaseError ? (error.code ?? "") : "";
  const known = meanings[state] ?? meanings[state.slice(0, 3)] ?? meanings[state.slice(0, 2)];
  const text = textOf(error);
  if (known) {
    const [code, meaning, hint] = known;
    return new AirCanError(code, `${subject}: ${meaning} (${text}).`, {
      ...(hint ? { hint } : {}),
      cause: error,
      where,
    });
  }
  const reason = lost.test(text) && state === "" ? `it cannot be reached, or went away (${text})` : text;
  return new AirCanError("database-error", `${subject}: ${reason}.`, { cause: error, where });
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join("; ");
  if (!(error instanceof Error)) return String(error);
  const detail = error instanceof pg.DatabaseError && error.detail ? `: ${error.detail}` : "";
  return `${error.message}${detail}`.replace(/\.$/, "");
}
