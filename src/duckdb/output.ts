import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import type { Field } from "../descriptor/types.ts";
import type { Relation, Row } from "../plan/relation.ts";
import type { SqlType } from "./cell.ts";
import { type Compiled, compile } from "./compile.ts";
import { scannedText } from "./diagnose.ts";
import { openNamedPipe } from "./named-pipe.ts";
import { chunks, DataRefused, inRowOrder, type OnFraction, withConnection } from "./session.ts";
import { identifier, text } from "./sql.ts";
import type { RunState } from "./state.ts";
import { postgresForm, textForm } from "./text-form.ts";
import { reader } from "./values.ts";

export type OutputFormat = "csv" | "json" | "ndjson" | "parquet";

/** What is written is staged already: written in place, so that it can be read while it grows. */
const copyOptions: Readonly<Record<OutputFormat, string>> = {
  csv: "FORMAT csv, HEADER true, NULLSTR '', USE_TMP_FILE false",
  json: "FORMAT json, ARRAY true, USE_TMP_FILE false",
  ndjson: "FORMAT json, USE_TMP_FILE false",
  parquet: "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false",
};

/** Writes a relation to a local file; gives the number of its rows. */
export async function copyToFile(
  state: RunState,
  relation: Relation,
  {
    path,
    format,
    onFraction,
  }: { readonly path: string; readonly format: OutputFormat; readonly onFraction?: OnFraction },
): Promise<{ rows: number }> {
  const texts = new Set(format === "csv" ? relation.schema.fields.map(({ name }) => name) : []);
  const sql = outputSql(compile(relation, state, { texts }), format);
  return {
    rows: await copy(state, relation, { sql, target: `${text(path)} (${copyOptions[format]})`, onFraction }),
  };
}

interface Copying {
  readonly sql: string;
  readonly target: string;
  readonly onFraction?: OnFraction | undefined;
}

async function copy(
  state: RunState,
  relation: Relation,
  { sql, target, onFraction }: Copying,
): Promise<number> {
  const run = () =>
    withConnection(
      state.session,
      async (connection) => Number((await connection.run(`COPY (${sql}) TO ${target}`)).rowsChanged),
      onFraction,
    );
  return callsInOrder(state, relation) ? inRowOrder(state.session, run) : run();
}

/** True if a row function runs when the relation is read, and must be called in row order. */
export function callsInOrder(state: RunState, relation: Relation): boolean {
  if (state.tables.has(relation)) return false;
  if (relation.kind === "map" && (!relation.pure || state.session.inOrder)) return true;
  return "input" in relation && callsInOrder(state, relation.input);
}

/** The values of a relation as a file format holds them. */
export function outputSql({ sql, columns }: Compiled, format: OutputFormat | "postgres"): string {
  const forms = columns.map(({ field, type }) => {
    const name = identifier(field.name);
    const value =
      format === "csv"
        ? textForm(name, field, type)
        : format === "postgres"
          ? postgresForm(name, field, type)
          : format === "parquet"
            ? parquetForm(name, type)
            : jsonForm(name, field, type);
    return value === name ? name : `${value} AS ${name}`;
  });
  return `SELECT ${forms.join(", ")} FROM (${sql})`;
}

/** Parquet has neither HUGEINT nor times below the microsecond. */
function parquetForm(name: string, type: SqlType): string {
  if (type === "HUGEINT") return `CAST(${name} AS DECIMAL(38,0))`;
  return type === "TIME_NS" ? `CAST(${name} AS VARCHAR)` : name;
}

/**
 * Moments as ISO 8601; JSON has no NaN and no infinities. Numbers that no double holds are texts, as
 * readers of JSON would round them.
 */
function jsonForm(name: string, field: Field, type: SqlType): string {
  if (type === "BOOLEAN" || type === "BIGINT" || type === "INTEGER" || type === "HUGEINT" || type === "JSON")
    return name;
  if (type.endsWith("[]")) return name;
  if (type === "DOUBLE") return `CASE WHEN isfinite(${name}) THEN ${name} END`;
  return textForm(name, field, type);
}

/** A relation as PostgreSQL's CSV: DuckDB writes to a named pipe while the stream is read. */
export function copyToPostgres(
  state: RunState,
  relation: Relation,
  onFraction?: OnFraction,
): { readonly stream: Readable; readonly done: Promise<{ rows: number }> } {
  const { session } = state;
  const path = join(session.temporaryFolder, `pipe-${session.nextNumber()}`);
  const stream = withoutNulls();
  const done = (async () => {
    const pipe = await openNamedPipe(path);
    pipe.reading.on("error", (error) => stream.destroy(error)).pipe(stream);
    stream.on("close", pipe.letGo);
    if (stream.destroyed) pipe.letGo();
    try {
      const texts = relation.schema.fields.filter(({ type }) => type !== "list").map(({ name }) => name);
      const sql = outputSql(compile(relation, state, { texts: new Set(texts) }), "postgres");
      return {
        rows: await copy(state, relation, {
          sql,
          target: `${text(path)} (FORMAT csv, HEADER false, NULLSTR '')`,
          onFraction,
        }),
      };
    } catch (error) {
      pipe.letGo();
      const first = stream.errored ?? error;
      stream.destroy(first instanceof Error ? first : new Error(String(first)));
      throw first;
    } finally {
      await pipe.remove();
    }
  })();
  done.catch(() => {});
  return { stream, done };
}

/** Bytes as they are; PostgreSQL has no text with a NUL in it, so that one is refused like a bad cell. */
function withoutNulls(): Transform {
  return new Transform({
    highWaterMark: 1 << 20,
    transform: (chunk: Buffer, _encoding, done) => {
      if (chunk.includes(0)) done(new DataRefused("PostgreSQL takes no text with a NUL character."));
      else done(null, chunk);
    },
  });
}

/** Rows as JavaScript sees them, a batch per chunk. */
export async function* rowsOf(
  state: RunState,
  relation: Relation,
  limit?: number,
): AsyncGenerator<readonly Row[]> {
  const { sql, columns } = compile(relation, state);
  const readers = columns.map((column) => ({ name: column.field.name, read: reader(column) }));
  const ordered = callsInOrder(state, relation);
  if (ordered) await state.session.connection.run("SET threads = 1");
  const select = limit === undefined ? sql : `SELECT * FROM (${sql}) LIMIT ${limit}`;
  for await (const chunk of chunks(state.session, select)) {
    const vectors = readers.map((_, i) => chunk.getColumnVector(i));
    yield Array.from({ length: chunk.rowCount }, (_, row) =>
      Object.fromEntries(readers.map(({ name, read }, i) => [name, read(vectors[i]?.getItem(row) ?? null)])),
    );
  }
  if (ordered) await state.session.connection.run(`SET threads = ${state.session.threads}`);
}

/**
 * Computes every cell of a relation and keeps none; gives the number of rows. Cells of text that nothing is
 * computed from are tested only: what they are worth nobody asks.
 */
export async function scanAll(state: RunState, relation: Relation, onFraction?: OnFraction): Promise<number> {
  const names = scannedText(relation) ? relation.schema.fields.map(({ name }) => name) : [];
  const { sql, columns } = compile(relation, state, { texts: new Set(names) });
  const counts = ["count(*)", ...columns.map(({ field }) => `count(${identifier(field.name)})`)].join(", ");
  const run = () =>
    withConnection(
      state.session,
      async (connection) => {
        const result = await connection.runAndReadAll(`SELECT ${counts} FROM (${sql})`);
        return Number(result.getRows()[0]?.[0] ?? 0);
      },
      onFraction,
    );
  return callsInOrder(state, relation) ? inRowOrder(state.session, run) : run();
}
