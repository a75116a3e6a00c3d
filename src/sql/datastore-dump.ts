import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { AirCanError } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { Engine } from "../plan/engine.ts";
import type { Relation, StepReference } from "../plan/relation.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { identifier, qualified } from "../storage/postgres.ts";
import { columnsOf, type Database, type DatastoreTable, datastoreSchema, readTableOf } from "./datastore.ts";
import { isoTimestamp } from "./datastore-search.ts";

export type DumpFormat = "csv" | "json" | "parquet";

export interface DatastoreDump {
  readonly stream: Readable;
  readonly mediatype: string;
  /** Such as `cities.csv`. */
  readonly fileName: string;
}

export interface DumpOptions {
  /** Needed for Parquet. */
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly temporaryFolder?: string;
}

const mediatypes: Readonly<Record<DumpFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  parquet: "application/vnd.apache.parquet",
};

/** An hour; a dump goes as fast as its reader takes it. */
const dumpTimeout = 3_600_000;

/**
 * A whole loaded table as a stream, in row order, without `_id`. CSV has the column names as its header and
 * the text forms of Table Schema; JSON is a list of objects. The stream fails if the database does.
 *
 * @throws AirCanError `not-found`, `config-error`, `database-error`.
 */
export async function dumpDatastore(
  database: Database,
  name: string,
  format: DumpFormat,
  options: DumpOptions = {},
): Promise<DatastoreDump> {
  const facts = { mediatype: mediatypes[format], fileName: `${name.replace(/[/\\"\r\n]/g, "_")}.${format}` };
  if (format === "parquet") return { ...facts, stream: await parquet(database, name, options) };
  const stream = await copyOut(database, name, format === "csv" ? csvSql : jsonSql);
  return {
    ...facts,
    stream: format === "csv" ? stream : asList(stream),
  };
}

/** Starts a COPY and gives its bytes; the transaction ends when the stream does. */
function copyOut(
  database: Database,
  name: string,
  sqlOf: (table: DatastoreTable) => string,
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const out = new PassThrough({ highWaterMark: 1 << 18 }).on("error", () => {});
    let started = false;
    const copy = (client: pg.ClientBase, table: DatastoreTable) => {
      // a pool's client and a single one submit alike; the types of pg know this of the latter only
      const source = (client as pg.Client).query(copyTo(sqlOf(table)));
      started = true;
      // not before PostgreSQL has begun to answer: it may refuse
      out.once("readable", () => resolve(out));
      return pipeline(source, out);
    };
    readTableOf(database, name, copy, { timeout: dumpTimeout, streams: true }).catch((error: unknown) => {
      reject(error);
      if (started && !out.destroyed) out.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

function csvSql(table: DatastoreTable): string {
  const columns = columnsOf(table).map(
    ({ column, sqlType }) => `${textForm(identifier(column), sqlType)} as ${identifier(column)}`,
  );
  return `copy (select ${columns.join(", ")} from ${liveOf(table)} order by _id) to stdout (format csv, header true)`;
}

/** Lines of JSON as they are: characters that JSON text never holds stand for COPY's own quotes. */
function linesSql(table: DatastoreTable, columns: readonly string[]): string {
  const rows = `select row_to_json(t.*) from (select ${columns.join(", ")} from ${liveOf(table)} order by _id) t`;
  return `copy (${rows}) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`;
}

const jsonSql = (table: DatastoreTable): string =>
  linesSql(
    table,
    columnsOf(table).map(
      ({ column, sqlType }) => `${jsonForm(identifier(column), sqlType)} as ${identifier(column)}`,
    ),
  );

const liveOf = ({ table }: DatastoreTable): string => qualified(datastoreSchema, table);

/** A column's values in the text forms of Table Schema. */
function textForm(column: string, sqlType: string): string {
  if (sqlType.startsWith("timestamp")) return isoTimestamp(column);
  if (sqlType === "point") return `btrim(${column}::text, '()')`;
  if (sqlType === "double precision") return `replace(${column}::text, 'Infinity', 'INF')`;
  return sqlType.endsWith("[]") ? `array_to_string(${column}, ',')` : `${column}::text`;
}

const asTheyAre = new Set(["bigint", "integer", "numeric", "boolean", "jsonb"]);

function jsonForm(column: string, sqlType: string): string {
  if (sqlType === "double precision")
    return `case when ${column} not in ('NaN', 'Infinity', '-Infinity') then ${column} end`;
  return asTheyAre.has(sqlType) || sqlType.endsWith("[]") ? column : textForm(column, sqlType);
}

/** Lines become a list: each line break but the last a comma and a line break. Both streams end as one. */
function asList(lines: Readable): Readable {
  let pending = "[";
  const list = new Transform({
    transform(chunk: Buffer, _, done) {
      const ends = chunk.at(-1) === 10;
      const text = (ends ? chunk.subarray(0, -1) : chunk).toString("latin1").replaceAll("\n", ",\n");
      const out = Buffer.from(pending + text, "latin1");
      pending = ends ? ",\n" : "";
      done(null, out);
    },
    flush(done) {
      done(null, pending === "[" ? "[]\n" : "]\n");
    },
  });
  pipeline(lines, list).catch(() => {});
  return list;
}

/**
 * A loaded table as a local file that flows read: lines of JSON in which every value stands in its text form
 * (so that null and the empty text stay two), with the schema it was loaded with. Names are the labels.
 *
 * @throws AirCanError `not-found`, `database-error`.
 */
export async function readDatastore(
  database: Database,
  name: string,
  temporaryFolder: string,
): Promise<LocalTable> {
  const folder = await mkdtemp(join(temporaryFolder, "datastore-"));
  const path = join(folder, "rows.ndjson");
  let table: DatastoreTable | undefined;
  const stream = await copyOut(database, name, (found) => {
    table = found;
    return linesSql(
      found,
      columnsOf(found).map(
        ({ column, field, sqlType }) =>
          `${lineForm(identifier(column), sqlType)} as ${identifier(field.name)}`,
      ),
    );
  });
  await pipeline(stream, createWriteStream(path));
  if (table === undefined) throw new AirCanError("bug", `The table ${name} was read without being found.`);
  const fields = columnsOf(table).map(({ field }) => plainField(field));
  const { title, description, schema } = table.descriptor;
  const bytes = (await stat(path)).size;
  return {
    path,
    format: "ndjson",
    compression: null,
    isSpooled: true,
    resource: {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      name: table.name,
      path: `datastore://${table.name}`,
      format: "ndjson",
      bytes,
      schema: { ...schema, fields, missingValues: [] },
    },
    columns: fields.map((field) => field.name),
    labels: table.fields.map((field) => field.name),
    guessed: [],
    bytes,
  };
}

const lineForm = (column: string, sqlType: string): string =>
  sqlType === "jsonb" ? column : textForm(column, sqlType);

/** A field without the properties that tell how its cells stood in the file it came from. */
function plainField({
  decimalChar: _,
  groupChar: __,
  bareNumber: ___,
  trueValues: ____,
  falseValues: _____,
  missingValues: ______,
  format,
  ...field
}: Field): Field {
  const kept = format !== undefined && !format.includes("%") && format !== "any";
  return { ...field, ...(kept ? { format } : {}) } as Field; // only optional properties were taken away
}

async function parquet(
  database: Database,
  name: string,
  { engine, signal, temporaryFolder = tmpdir() }: DumpOptions,
): Promise<Readable> {
  if (engine === undefined) throw new AirCanError("bug", "A dump to Parquet needs an engine.");
  const folder = await mkdtemp(join(temporaryFolder, "aircan-dump-"));
  try {
    const path = join(folder, "rows.parquet");
    await writeParquet(await readDatastore(database, name, folder), path, {
      engine,
      ...(signal ? { signal } : {}),
    });
    const stream = createReadStream(path);
    stream.once("close", () => void rm(folder, { recursive: true, force: true }));
    return stream;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const at: StepReference = { step: "1", processor: "dump" };

async function writeParquet(
  table: LocalTable,
  path: string,
  { engine, signal }: { engine: Engine; signal?: AbortSignal },
): Promise<void> {
  const relation = typedRelation(table);
  const resource = { descriptor: table.resource, relation };
  const sink = {
    at,
    input: [resource],
    summary: "writes Parquet",
    stage: async (run: Parameters<Parameters<Engine["run"]>[0]["sinks"][number]["stage"]>[0]) => ({
      resources: { [table.resource.name]: await run.copyToFile(relation, path, "parquet") },
      commit: async () => {},
      discard: async () => {},
    }),
  };
  await engine.run({ properties: {}, resources: [], sinks: [sink] }, signal ? { signal } : {});
}

/** The rows of a described file with the types of its schema. */
function typedRelation(table: LocalTable): Relation {
  const fields = table.resource.schema?.fields ?? [];
  const texts = fields.map(({ name }): Field => ({ name, type: "string" }));
  const scan: Relation = { kind: "scan", table, schema: { fields: texts }, at };
  return {
    kind: "cast",
    input: scan,
    fields,
    missingValues: [],
    guessed: [],
    guessedAt: at,
    onError: "fail",
    resource: table.resource.name,
    schema: { fields },
    at,
  };
}
