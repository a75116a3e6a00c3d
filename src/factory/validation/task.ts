import { rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { AirCanError } from "../../base/errors.ts";
import { makeTemporaryFolder } from "../../base/temporary-folder.ts";
import { checklistOf } from "../../checks/checklist.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import { sourceError } from "../../checks/report-error.ts";
import { type TableWatch, validateSources, type WatchedTable } from "../../checks/validate-sources.ts";
import type { Resource } from "../../descriptor/types.ts";
import type { Engine } from "../../plan/engine.ts";
import { nameOf } from "../../reading/describe.ts";
import type { TaskBody, TaskContext, TaskKinds, TaskResult } from "../task.ts";
import { parseSize } from "../units.ts";
import { countsOf, invalid, kindsText, sayWhatWasFound } from "./findings.ts";
import { recall, remember, reportBefore } from "./memory.ts";
import { readingOf, readSettings, type ValidationSettings } from "./options.ts";
import { profileTable } from "./profile.ts";
import { createRowSet } from "./row-set.ts";
import type { TableProfile } from "./shapes.ts";
import { type Reach, sourceOf, type ValidationSource } from "./source.ts";
import { splitRows } from "./split-rows.ts";

export interface ValidationTaskParts extends Reach {
  readonly engine: Engine;
}

type Outputs = NonNullable<TaskResult["outputs"]>;

/** Tables above this are split into good and bad rows only if one asks for it. */
const splitUpTo = parseSize("100MB");
/** The same for the profile. */
const profileUpTo = parseSize("1GB");

/**
 * The kind `validate`: tests the `source` of its config, or the `resource` of the run's conf. Leaves
 * `report.json`, `profile.json`, and the good and bad rows of each table that has some of both; it fails
 * with `data-error` if the data is not valid.
 */
export function createValidationTaskKinds(parts: ValidationTaskParts): TaskKinds {
  return { validate: validationTask(parts) };
}

function validationTask(parts: ValidationTaskParts): TaskBody {
  return async (context) => {
    const settings = readSettings(context.config, context.conf);
    const temporaryFolder = await makeTemporaryFolder(tmpdir(), "aircan-validate");
    try {
      const source = await sourceOf(context, {
        ...{ ...parts, temporaryFolder },
        maxBytes: settings.limit_bytes,
        keepsFiles: settings.skip_unchanged === true,
      });
      return await unlessUnchanged({ context, settings, source, engine: parts.engine });
    } finally {
      await rm(temporaryFolder, { recursive: true, force: true });
    }
  };
}

interface Validation {
  readonly context: TaskContext;
  readonly settings: ValidationSettings;
  readonly source: ValidationSource;
  readonly engine: Engine;
}

async function unlessUnchanged(validation: Validation): Promise<TaskResult> {
  const { context, settings, source } = validation;
  const { skip_unchanged: maySkip, ...rest } = settings;
  const state = maySkip && !asksForTheTime(settings) ? await source.version() : undefined;
  if (state === undefined) return validate(validation);
  const version = JSON.stringify([state, source.named?.place ?? source.sources, rest]);
  const known = await recall(context, version);
  if (known) {
    context.log("info", known.summary ?? "Unchanged.");
    return known;
  }
  const result = await validate(validation);
  await remember(context, version, result);
  return result;
}

/** A file that did not change may have become too old all the same. */
function asksForTheTime({ checks }: ValidationSettings): boolean {
  return (
    checks !== undefined &&
    checklistOf(checks).checks.some(({ definition }) => definition.name === "freshness")
  );
}

async function validate(validation: Validation): Promise<TaskResult> {
  const { context, source } = validation;
  context.log("info", `Checking ${source.named?.place ?? source.sources.join(", ")}.`);
  const watched = openWatch(validation);
  const report = named(await testAll(validation, watched.watch), source);
  const outputs = [
    await writeJson(context, "report.json", report),
    ...(watched.profiles.length > 0
      ? [await writeJson(context, "profile.json", { tables: watched.profiles })]
      : []),
    ...watched.outputs,
  ];
  sayWhatWasFound(context, report);
  const rows = report.tasks.reduce((sum, { stats }) => sum + stats.rows, 0);
  const counts = countsOf(report);
  const failure = report.valid ? undefined : invalid(report, context);
  return {
    stats: { rows, tables: report.tasks.length, errors: report.stats.errors, errorCounts: counts },
    outputs,
    summary: `Checked ${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}: ${report.valid ? "all good" : kindsText(counts)}`,
    ...(failure ? { failure } : {}),
  };
}

async function testAll(
  { context, settings, source, engine }: Validation,
  watch: (table: WatchedTable) => TableWatch,
): Promise<Report> {
  const { checks, limit_seconds: seconds } = settings;
  const clock = seconds === undefined ? undefined : AbortSignal.timeout(Math.ceil(seconds * 1000));
  const signal = clock ? AbortSignal.any([context.signal, clock]) : context.signal;
  const error = source.unreadable ?? (await sizeError(source, settings.limit_bytes));
  if (error) return unreadReport(error, source);
  try {
    return await validateSources(sourcesToTest(source, settings), {
      ...readingOf(settings),
      engine,
      context: { ...source.context, signal },
      schema: settings.schema,
      checklist: checks === undefined ? undefined : checklistOf(checks),
      limitErrors: settings.limit_errors,
      limitRows: settings.limit_rows,
      limitTables: settings.limit_tables,
      before: await beforeOf(context, source),
      watch,
    });
  } catch (error) {
    if (!clock?.aborted || context.signal.aborted) throw error;
    return unreadReport(timeError(seconds), source);
  }
}

/** The last report over the same data; the table of a lone file goes by whatever name it is tested under. */
async function beforeOf(context: TaskContext, { named, sources }: ValidationSource) {
  const before = await reportBefore(context);
  const [only] = before?.tasks ?? [];
  if (!before || !only || !named || before.tasks.length > 1) return before;
  const names = new Set([only.name, named.name ?? only.name, nameOf(sources[0] ?? "")]);
  return { ...before, tasks: [...names].map((name) => ({ ...only, name })) };
}

function timeError(seconds: number | undefined): AirCanError {
  return new AirCanError("timeout", `The validation took longer than its limit of ${seconds} seconds.`, {
    hint: "Raise `limit_seconds`, or test the first rows only with `limit_rows`.",
  });
}

/** The report of a source that could not be read, or went beyond a limit: nothing is said of its rows. */
function unreadReport(error: AirCanError, { named, sources }: ValidationSource): Report {
  const place = named?.place ?? sources.join(", ");
  const counted = { errors: 1, warnings: 0, seconds: 0 };
  const stats = { ...counted, bytes: 0, fields: 0, rows: 0, errorCounts: { [error.code]: 1 } };
  const task = {
    ...{ name: named?.name ?? "data", type: "table", valid: false, place, stats },
    ...{ labels: [], warnings: [], errors: [sourceError(error, place)] },
  };
  return { valid: false, stats: { tasks: 1, ...counted }, warnings: [], errors: [], tasks: [task] };
}

/** A dialect and a schema of the file's own are those of a resource; a lone path is whatever it is. */
function sourcesToTest(
  { sources, declared, named }: ValidationSource,
  { dialect, schema }: ValidationSettings,
): readonly (string | Resource)[] {
  const facts = { ...declared, ...(dialect ? { dialect } : {}), ...(schema ? { schema: undefined } : {}) };
  const told = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const [path] = sources;
  if (sources.length !== 1 || path === undefined || Object.keys(told).length === 0) return sources;
  return [{ ...told, name: named?.name ?? "data", path }];
}

async function sizeError(
  { sources, context, named }: ValidationSource,
  limit: number | undefined,
): Promise<AirCanError | undefined> {
  for (const path of limit === undefined ? [] : sources) {
    const size = (await stat(resolve(context.folder, path)).catch(() => undefined))?.size ?? 0;
    if (limit !== undefined && size > limit)
      return new AirCanError(
        "too-large",
        `${named?.place ?? path} has ${size} bytes; the limit is ${limit}.`,
        { hint: "Raise `limit_bytes`, or test a smaller file." },
      );
  }
  return undefined;
}

/** Follows the tests: notes which rows are bad, and, after each table, writes its rows and what its fields hold. */
function openWatch(validation: Validation) {
  const { context, settings, source, engine } = validation;
  const outputs: Outputs[number][] = [];
  const profiles: TableProfile[] = [];
  const { temporaryFolder } = source.context;
  const shared = { engine, temporaryFolder, signal: context.signal };
  const place = { storage: context.storage, address: context.address, limitRows: settings.limit_rows };
  const files = new Set<string>();
  const watch = ({ name: found, table, schema }: WatchedTable): TableWatch => {
    const bad = createRowSet();
    const name = tableName(found, source);
    const wanted = settings.rows ?? "auto";
    const splits = wanted === "always" || (wanted === "auto" && table.bytes <= splitUpTo);
    return {
      onError: ({ rowNumber, severity }) => {
        if (rowNumber !== undefined && severity === "error") bad.add(rowNumber);
      },
      onTested: async () => {
        if (settings.profile ?? table.bytes <= profileUpTo) {
          const profile = await profileOf(context, { ...shared, name, table, schema });
          if (profile) profiles.push(profile);
        }
        if (splits && bad.size() > 0)
          outputs.push(
            ...(await splitRows({ ...shared, ...place, table, bad, name: fileName(name, files) })),
          );
      },
    };
  };
  return { outputs, profiles, watch };
}

/** The table of a lone file goes by the name that was given; one of several in it by its own. */
function tableName(found: string, { named, sources }: ValidationSource): string {
  return named?.name !== undefined && found === nameOf(sources[0] ?? "") ? named.name : found;
}

/** The profile is an extra: a table that cannot have one is checked all the same. */
async function profileOf(
  context: TaskContext,
  profiling: Parameters<typeof profileTable>[0],
): Promise<TableProfile | undefined> {
  try {
    return await profileTable(profiling);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.log(
      "info",
      `${profiling.name} has no profile: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

/** A name that is safe everywhere, and no other table's. */
function fileName(name: string, files: Set<string>): string {
  const safe = name.replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 100) || "table";
  const free = files.has(safe) ? `${safe}-${files.size + 1}` : safe;
  files.add(free);
  return free;
}

/** The table of a lone file goes by the name that was given, and its source as people know it. */
function named(report: Report, source: ValidationSource): Report {
  const [file = ""] = source.sources;
  const place = source.named?.place;
  if (place === undefined) return report;
  // what a file of the web is called here is nobody's to know
  const hasOtherName = file !== "" && !place.endsWith(file);
  const shown = (text: string) => (hasOtherName ? text.replaceAll(file, place) : text);
  const shownError = (error: ReportError): ReportError => ({
    ...error,
    message: shown(error.message),
    ...(error.place === undefined ? {} : { place: shown(error.place) }),
  });
  return {
    ...report,
    errors: report.errors.map(shownError),
    tasks: report.tasks.map((task) => ({
      ...task,
      name: tableName(task.name, source),
      place: task.place === file ? place : shown(task.place),
      errors: task.errors.map(shownError),
    })),
  };
}

async function writeJson({ storage, address, signal }: TaskContext, name: string, value: unknown) {
  const { bytes } = await storage.write(`${address}${name}`, `${JSON.stringify(value)}\n`, signal);
  return { name, format: "json", bytes };
}
