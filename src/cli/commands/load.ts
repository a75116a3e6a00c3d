import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { AirCanError, messageOf, toAirCanError } from "../../base/errors.ts";
import type { FileLoaded } from "../../ckan/load/load-file.ts";
import type { TableTarget } from "../../ckan/load/table-sink.ts";
import { bytesText, countText, secondsText } from "../cell-text.ts";
import { action, addCommand, fail, type Invocation } from "../command.ts";
import { exitCodeOf, findingText } from "../error-text.ts";
import { sayNotes } from "../notes.ts";
import type { Output } from "../output.ts";
import { addReadingOptions, type SourceOptions } from "../reading-options.ts";
import { databaseOptions } from "../settings.ts";
import { flowOptions, loadOptions } from "../source-flow.ts";

interface LoadCommandOptions extends SourceOptions {
  readonly to?: string;
  readonly name?: string;
  readonly mode: TableTarget["mode"];
  readonly key?: readonly string[];
  readonly schema?: string;
  readonly errors?: string;
}

/** `aircan load`: a file into a table of the DataStore or of any PostgreSQL, all or nothing. */
export function addLoadCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "load <sources...>",
      summary: "load files into the DataStore or a PostgreSQL, checked and all or nothing",
      example:
        "aircan load cities.csv\naircan load cities.csv --mode upsert --key id --on-error report\naircan load cities.csv --to postgresql://user:password@host/database",
    })
      .option("--to <database>", "postgresql://… instead of the DataStore of the data folder")
      .option("--name <table>", "name of the table; that of the file unless told")
      .addOption(
        new Option("--mode <mode>", "replace all rows, append, or upsert by key")
          .choices(["replace", "append", "upsert"])
          .default("replace"),
      )
      .option("--key <fields...>", "fields that identify a row; needed for upsert")
      .option("--schema <file>", "a Table Schema (JSON); types are found from the data unless given")
      .option(
        "--errors <file>",
        "file for the errors under --on-error report; <name>.errors.csv unless told",
      ),
  ).action(action(load));
}

async function load(invocation: Invocation<LoadCommandOptions>, ...sources: string[]): Promise<number> {
  const { options, output, signal } = invocation;
  if (options.name !== undefined && sources.length > 1)
    throw new AirCanError("usage-error", "--name can name one table, but there are several sources.");
  const database = await openTarget(invocation);
  const loaded: FileLoaded[] = [];
  const textOf = () => loaded.map((each) => text(each, database.kind, output)).join("\n\n");
  try {
    for (const source of sources) loaded.push(await loadOne(invocation, source, database));
    const documents = loaded.map(documentOf);
    output.result(documents.length === 1 ? documents[0] : documents, textOf);
    return 0;
  } catch (thrown) {
    if (loaded.length > 0) output.say(textOf());
    if (signal.aborted) throw thrown;
    const error = toAirCanError(thrown);
    fail(error, output, { ...nothingLoaded(error, options), loaded: loaded.map(documentOf) });
    return exitCodeOf(error);
  } finally {
    await database.close();
  }
}

interface OpenTarget extends Pick<TableTarget, "kind" | "database"> {
  readonly close: () => Promise<void>;
}

async function openTarget(invocation: Invocation<LoadCommandOptions>): Promise<OpenTarget> {
  const { options, settings, folder, output } = invocation;
  const { to } = options;
  if (to !== undefined && to !== "datastore") {
    if (/^postgres(ql)?:\/\//.test(to)) return { kind: "table", database: to, close: async () => {} };
    throw new AirCanError("usage-error", "--to is no address of a kind that can be loaded into.", {
      hint: "Give postgresql://user:password@host/database, or leave --to out for the DataStore.",
    });
  }
  const { openDatabase } = await import("../../sql/embedded.ts");
  const { url, close } = await openDatabase(databaseOptions(settings, folder, output.log));
  return { kind: "datastore", database: url, close };
}

async function loadOne(
  invocation: Invocation<LoadCommandOptions>,
  source: string,
  database: OpenTarget,
): Promise<FileLoaded> {
  const { options, output, folder } = invocation;
  const [{ loadFile }, { createDuckDBEngine }] = await Promise.all([
    import("../../ckan/load/load-file.ts"),
    import("../../duckdb/engine.ts"),
  ]);
  const schema = options.schema === undefined ? undefined : await readSchema(resolve(folder, options.schema));
  const { onError: _, ...how } = flowOptions(invocation);
  const loaded = await loadFile({
    source,
    reading: { ...loadOptions(options), ...(schema ? { schema } : {}) },
    target: targetOf(invocation, source, database),
    onError: options.onError ?? "fail",
    engine: createDuckDBEngine(),
    options: {
      ...how,
      onProgress: ({ fraction }) =>
        output.progress(
          `${basename(source)}: ${fraction === undefined ? "loading" : `${Math.round(fraction * 100)} %`}`,
        ),
    },
  });
  sayNotes(output, { resources: [loaded.descriptor] });
  return loaded;
}

function targetOf(
  { options, folder }: Invocation<LoadCommandOptions>,
  source: string,
  { kind, database }: OpenTarget,
): TableTarget {
  const { name, mode, key, onError } = options;
  return {
    kind,
    database,
    mode,
    ...(name === undefined ? {} : { name }),
    ...(key === undefined ? {} : { key }),
    ...(onError === "report" ? { errorsPath: errorsPath(options, source, folder) } : {}),
  };
}

function errorsPath({ errors, name }: LoadCommandOptions, source: string, folder: string): string {
  const stem =
    name ?? (source === "-" ? "stdin" : basename(source.replace(/[?#].*$/, "")).replace(/\.[^.]*$/, ""));
  return resolve(folder, errors ?? `${stem.replace(/[/\\]/g, "_") || "data"}.errors.csv`);
}

/** @throws AirCanError `schema-error`, `field-error` with the place in the file. */
async function readSchema(path: string): Promise<Record<string, unknown>> {
  const [{ schemaProblems }, { refuseProblems }] = await Promise.all([
    import("../../descriptor/validate-schema.ts"),
    import("../../descriptor/problem.ts"),
  ]);
  let schema: unknown;
  try {
    schema = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new AirCanError("schema-error", `The schema ${path} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  refuseProblems(schemaProblems(schema), path);
  return { ...(schema as object) }; // an object: anything else is a problem
}

/** What `--json` prints, and nothing else of what is known. */
function documentOf({ findings: _, descriptor: __, errorsFile, ...result }: FileLoaded) {
  return { ...result, errors_file: errorsFile?.path ?? null };
}

/** The same keys for a load that failed; what was loaded before it stands under `loaded`. */
function nothingLoaded(
  { details }: AirCanError,
  { name, mode }: LoadCommandOptions,
): Record<string, unknown> {
  const found = typeof details === "object" && details !== null ? details : {};
  return {
    name: name ?? null,
    table: null,
    mode,
    rows: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    bytes: 0,
    seconds: 0,
    fields: [],
    errors: "counts" in found ? found.counts : {},
    first_errors: "first_errors" in found ? found.first_errors : [],
  };
}

function text(loaded: FileLoaded, kind: TableTarget["kind"], { style }: Output): string {
  const { name, table, schema, mode, rows, bytes, seconds, fields } = loaded;
  const into = kind === "datastore" ? `"${name}" of the DataStore` : `${schema}.${table}`;
  const renamed = fields.filter((field) => field.name !== field.column);
  return [
    `${style("bold", `${countText(rows)} rows`)} into ${into} (${mode}), ${bytesText(bytes)} in ${secondsText(seconds)}`,
    ...changes(loaded),
    `  fields: ${fields.map((field) => `${field.column} ${field.sql_type}`).join(", ")}`,
    ...renamed.map((field) => `  "${field.name}" is the column "${field.column}"`),
    ...problems(loaded),
    ...(kind === "datastore"
      ? [`next: aircan show datastore://${/^[\w.-]+$/.test(name) ? name : `'${name}'`}`]
      : []),
  ].join("\n");
}

function changes({ mode, inserted, updated, unchanged }: FileLoaded): string[] {
  if (mode !== "upsert") return [];
  return [`  ${countText(inserted)} new, ${countText(updated)} changed, ${countText(unchanged)} unchanged`];
}

/** The first errors that a policy let pass, and how many of each kind there are. */
function problems({ errors, first_errors, rejected, errorsFile }: FileLoaded): string[] {
  const kinds = Object.entries(errors).map(([code, count]) => `${countText(count)} ${code}`);
  if (kinds.length === 0) return [];
  return [
    `  ${rejected > 0 ? `${countText(rejected)} ${rejected === 1 ? "row" : "rows"} left out: ` : "errors: "}${kinds.join(", ")}`,
    ...first_errors.map((error) => `    ${findingText(error)}`),
    ...(errorsFile ? [`  every error: ${errorsFile.path}`] : []),
  ];
}
