import { rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValue,
} from "@duckdb/node-api";
import { AirCanError, messageOf } from "../base/errors.ts";
import { makeTemporaryFolder } from "../base/temporary-folder.ts";
import type { RunOptions } from "../plan/engine.ts";
import type { MapRelation } from "../plan/relation.ts";
import { text } from "./sql.ts";

/** Enough for sorts and joins of millions of rows in pieces; the whole process stays near 500 MB with it. */
const defaultMemoryLimit = "400MB";

/** One DuckDB of its own for one run: its memory, its temporary folder, its connections. */
export interface Session {
  readonly signal: AbortSignal;
  readonly temporaryFolder: string;
  readonly threads: number;
  /** False if the caller has set the limit of its memory. */
  readonly mayGrow: boolean;
  readonly instance: DuckDBInstance;
  /** For what belongs to the whole session: tables and functions. One statement at a time. */
  readonly connection: DuckDBConnection;
  readonly nextNumber: () => number;
  /** What a row function threw, with its place; DuckDB itself passes only a text on. */
  thrown: AirCanError | CalledOutOfOrder | FieldMissed | undefined;
  /** Whether row functions that may run in any order are called in row order all the same. */
  inOrder: boolean;
  readonly close: () => Promise<void>;
}

export async function openSession(options: RunOptions = {}): Promise<Session> {
  const temporaryFolder = await makeTemporaryFolder(options.temporaryFolder ?? tmpdir(), "aircan-run");
  const threads = options.threads ?? availableParallelism();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: options.memoryLimit ?? defaultMemoryLimit,
    temp_directory: join(temporaryFolder, "duckdb"),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await connect(instance);
  let number = 0;
  return {
    signal: options.signal ?? new AbortController().signal,
    temporaryFolder,
    threads,
    mayGrow: options.memoryLimit === undefined,
    instance,
    connection,
    nextNumber: () => ++number,
    thrown: undefined,
    inOrder: false,
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
  };
}

/** Instants are printed in UTC whatever zone the machine is in. */
async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(
    "SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false",
  );
  return connection;
}

/** Called about five times a second while a statement runs; 0 to 1. */
export type OnFraction = (fraction: number) => void;

/**
 * Runs statements with a connection of their own, so that several results can be open at once. Ends them
 * when the session's signal does.
 */
export async function withConnection<Result>(
  session: Session,
  work: (connection: DuckDBConnection) => Promise<Result>,
  onFraction?: OnFraction,
): Promise<Result> {
  if (session.signal.aborted) throw interrupted();
  const connection = await connect(session.instance);
  const interrupt = () => connection.interrupt();
  session.signal.addEventListener("abort", interrupt);
  const timer = onFraction && setInterval(() => onFraction(connection.progress.percentage / 100), 200);
  try {
    return await work(connection);
  } catch (error) {
    throw engineError(session, error);
  } finally {
    clearInterval(timer);
    session.signal.removeEventListener("abort", interrupt);
    connection.closeSync();
  }
}

/** Runs one statement and gives its rows, which are few. */
export async function query(
  session: Session,
  sql: string,
  onFraction?: OnFraction,
): Promise<DuckDBValue[][]> {
  return withConnection(
    session,
    async (connection) => (await connection.runAndReadAll(sql)).getRows(),
    onFraction,
  );
}

/** The chunks of a result, read as fast as they are asked for. */
export async function* chunks(session: Session, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const connection = await connect(session.instance);
  const interrupt = () => connection.interrupt();
  session.signal.addEventListener("abort", interrupt);
  try {
    const result: DuckDBResult = await connection.stream(sql);
    for (;;) {
      if (session.signal.aborted) throw interrupted();
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk;
    }
  } catch (error) {
    throw engineError(session, error);
  } finally {
    session.signal.removeEventListener("abort", interrupt);
    connection.closeSync();
  }
}

/** JavaScript runs on one thread, in row order: with one thread DuckDB calls it so. */
export async function inRowOrder<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.connection.run("SET threads = 1");
  try {
    return await work();
  } finally {
    await session.connection.run(`SET threads = ${session.threads}`);
  }
}

function interrupted(): AirCanError {
  return new AirCanError("interrupted", "The run was cancelled.");
}

/** Thrown by DuckDB for a reason that may lie in the data: a cell that a cast refused, a broken record. */
export class DataRefused extends Error {}

/** A row function that runs in any order threw: which row it was, and whether it is the first, shows in row order. */
export class CalledOutOfOrder extends Error {}

/** A row function read a field that it had not read in the first rows, so that it was not passed. */
export class FieldMissed extends Error {
  readonly relation: MapRelation;
  readonly field: string;

  constructor(relation: MapRelation, field: string) {
    super(`the field ${field} was not passed to a row function`);
    this.relation = relation;
    this.field = field;
  }
}

const causes: readonly (readonly [RegExp, (message: string) => AirCanError])[] = [
  [
    /No space left on device|max_temp_directory_size|Disk quota/i,
    (message) =>
      new AirCanError("storage-error", `The disk is full: ${message}`, {
        hint: "Free some space, or choose another temporary folder.",
      }),
  ],
  [
    /Out of Memory Error|failed to allocate|could not allocate/i,
    (message) =>
      new AirCanError("storage-error", `The engine's memory limit is too small for this step: ${message}`, {
        hint: "Raise `memoryLimit`, or use fewer threads.",
      }),
  ],
  [
    /Could not write|Permission denied|Read-only file system|Cannot open file|IO Error/i,
    (message) => new AirCanError("storage-error", `A file could not be read or written: ${message}`),
  ],
  [
    /Duplicate struct entry name "/,
    (message) =>
      new AirCanError(
        "config-error",
        `Two fields are called "${/name "([^"]*)"/.exec(message)?.[1]}" but for their case, which cannot be told apart.`,
        { hint: "Give one of them another name." },
      ),
  ],
  [
    /Malformed JSON|Invalid Input Error: .*JSON/i,
    (message) =>
      new AirCanError("format-error", `The JSON cannot be read: ${jsonReason(message)}`, {
        hint: "Correct the JSON at the named line.",
      }),
  ],
  [
    /parquet|thrift|magic bytes/i,
    (message) =>
      new AirCanError("format-error", `The Parquet file cannot be read: ${message}`, {
        hint: "Write the file again.",
      }),
  ],
];

/** The engine's words without its own kinds, paths and options. */
const jsonReason = (message: string): string =>
  message
    .replace(/^.*?Error: (JSON transform error )?/s, "")
    .replace(/in file "[^"]*[/\\]([^"]*)", /, "$1, ")
    .replace(/\s*Try setting.*$/s, "");

function engineError(session: Session, error: unknown): unknown {
  if (session.thrown) return session.thrown;
  if (session.signal.aborted) return interrupted();
  if (!(error instanceof Error) || error instanceof AirCanError || error instanceof DataRefused) return error;
  const message = firstLines(messageOf(error));
  const known = causes.find(([pattern]) => pattern.test(message));
  return known ? known[1](message) : new DataRefused(message, { cause: error });
}

function firstLines(message: string): string {
  return (message.split("\n\n")[0] ?? message).trim();
}

/** Creates a table of the session; its name. */
export async function createTable(session: Session, sql: string, onFraction?: OnFraction): Promise<string> {
  const name = `aircan_${session.nextNumber()}`;
  await query(session, `CREATE TABLE ${name} AS ${sql}`, onFraction);
  return name;
}

/** Text for `COPY … TO`. */
export const fileText = text;
