import type { ErrorCode } from "../base/catalogue.ts";
import { type AirCanError, toAirCanError } from "../base/errors.ts";
import type { Resource, Schema } from "../descriptor/types.ts";
import type { Engine } from "../plan/engine.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { ReadingContext, ReadingOptions } from "../reading/options.ts";
import { type Checklist, wantedBy } from "./checklist.ts";
import { fileErrors, rowCountErrors } from "./file-facts.ts";
import { createFindingList, type FindingList } from "./finding-list.ts";
import { openTargets, readSchema, type Target } from "./open-targets.ts";
import type { Report, ReportError, ReportTask } from "./report.ts";
import { sourceError } from "./report-error.ts";
import { type TestedTable, validateTable } from "./validate-table.ts";

export interface ValidateOptions extends ReadingOptions {
  readonly engine: Engine;
  readonly context: ReadingContext;
  /** A Table Schema, or the path or address of one, that every source is tested by. */
  readonly schema?: string | Readonly<Record<string, unknown>> | undefined;
  /** Which findings are reported; all unless told. */
  readonly checklist?: Checklist | undefined;
  /** Errors that each task lists; 1,000 unless told. All are counted. */
  readonly limitErrors?: number | undefined;
  /** Rows of each source that are tested; all unless told. */
  readonly limitRows?: number | undefined;
  /** Looks at each table on the way: what it gives is told of every error and of the end. */
  readonly watch?: ((table: WatchedTable) => TableWatch) | undefined;
}

/** A table that is about to be tested. */
export interface WatchedTable {
  readonly name: string;
  readonly table: LocalTable;
  /** What its rows must be; undefined: found out from the file. */
  readonly schema: Schema | undefined;
}

export interface TableWatch {
  /** Called for each error, also past the limit. */
  readonly onError: (error: ReportError) => void;
  /** Called when the table was tested, as long as its temporary files are there. */
  readonly onTested: () => Promise<void>;
}

/**
 * Tests sources (paths, addresses, `-`, resource descriptors) and reports what is wrong with them, one task
 * for each file or resource in the order given. Whatever is wrong with a source stands in the report.
 *
 * @throws AirCanError `interrupted`, and faults that are not the sources'.
 */
export async function validateSources(
  sources: readonly (string | Resource)[],
  options: ValidateOptions,
): Promise<Report> {
  const started = performance.now();
  const errors: ReportError[] = [];
  const told = options.schema === undefined ? undefined : await readSchema(options.schema, options.context);
  errors.push(...(told?.errors ?? []));
  const tasks: ReportTask[] = [];
  for (const source of told && told.schema === undefined ? [] : sources) {
    const opened = await openTargets(source, options);
    errors.push(...opened.errors);
    for (const target of opened.targets)
      for (const table of await singleTables(target)) tasks.push(await taskOf(table, told?.schema, options));
  }
  const sum = (count: (task: ReportTask) => number) => tasks.reduce((all, task) => all + count(task), 0);
  const counted = errors.filter(({ severity }) => severity === "error");
  return {
    valid: counted.length === 0 && tasks.every(({ valid }) => valid),
    stats: {
      tasks: tasks.length,
      errors: counted.length + sum(({ stats }) => stats.errors),
      warnings: errors.length - counted.length + sum(({ stats }) => stats.warnings),
      seconds: secondsSince(started),
    },
    warnings: errors.filter(({ severity }) => severity !== "error").map(({ message }) => message),
    errors: counted,
    tasks,
  };
}

const secondsSince = (started: number) => Math.round(performance.now() - started) / 1000;

/** A target for each table of a target. One that cannot be opened stays as it is, and says so when it is tested. */
async function singleTables(target: Target): Promise<readonly Target[]> {
  if (target.problems.some(({ severity }) => severity === "error")) return [target];
  try {
    const tables = await target.open();
    return tables.map((table) => ({
      ...target,
      name: tables.length > 1 ? table.resource.name : target.name,
      open: async () => [table],
    }));
  } catch (error) {
    return [{ ...target, open: () => Promise.reject(error) }];
  }
}

async function taskOf(
  target: Target,
  told: Schema | undefined,
  options: ValidateOptions,
): Promise<ReportTask> {
  const started = performance.now();
  const { limitErrors = 1000, checklist } = options;
  const watching: { watch?: TableWatch } = {};
  const isWanted = checklist ? wantedBy(checklist) : () => true;
  const onError = options.watch ? (error: ReportError) => watching.watch?.onError(error) : undefined;
  const findings = createFindingList(limitErrors, isWanted, onError);
  const isError = ({ severity }: ReportError) => severity === "error";
  addAll(findings, target.problems.filter(isError));
  const notes = target.problems.filter((problem) => !isError(problem)).map(({ message }) => message);
  const { labels, warnings, ...stats } =
    findings.errors.length > 0 ? unread : await testTarget(target, findings, { ...options, told, watching });
  const all = [...notes, ...warnings, ...(findings.isFull ? [`reached error limit: ${limitErrors}`] : [])];
  return {
    name: target.name,
    type: "table",
    valid: findings.errors.length === 0 && !findings.isFull,
    place: target.place,
    labels: [...labels],
    stats: {
      errors: findings.errors.length,
      warnings: all.length,
      seconds: secondsSince(started),
      ...stats,
      errorCounts: { ...findings.counts },
    },
    warnings: all,
    errors: [...findings.errors],
  };
}

function addAll(findings: FindingList, errors: readonly ReportError[]): void {
  for (const error of errors) findings.add(error.type as ErrorCode, () => error); // the types of errors are codes
}

const unread = { bytes: 0, fields: 0, rows: 0, labels: [], warnings: [] } as const;

interface Testing extends ValidateOptions {
  readonly told: Schema | undefined;
  /** Holds the watch of the table, once it is open. */
  readonly watching: { watch?: TableWatch };
}

/** Opens and tests one table; what is wrong with it as a source is a finding, too. */
async function testTarget(
  target: Target,
  findings: FindingList,
  { told, watching, ...options }: Testing,
): Promise<TestedTable & { readonly bytes: number }> {
  const { engine, context, limitRows } = options;
  const { signal } = context;
  let bytes = 0;
  try {
    const [table] = await target.open();
    if (table === undefined) return { ...unread, bytes };
    bytes = table.resource.bytes ?? table.bytes;
    const whole = limitRows === undefined;
    if (whole) addAll(findings, await fileErrors(table, target.facts));
    const schema = told ?? target.schema;
    const watch = options.watch?.({ name: target.name, table, schema });
    if (watch) watching.watch = watch;
    const tested = await validateTable({ engine, table, schema, findings, limitRows, signal });
    if (whole) addAll(findings, rowCountErrors(tested.rows, target.facts));
    await watch?.onTested();
    const isCut = !whole && tested.rows >= limitRows;
    return {
      ...tested,
      bytes,
      warnings: [...tested.warnings, ...(isCut ? [`reached row limit: ${limitRows}`] : [])],
    };
  } catch (thrown) {
    const error = toAirCanError(thrown);
    if (signal.aborted || error.kind === "bug" || !isOfSource(error)) throw thrown;
    findings.add(error.code, () => sourceError(error, target.place));
    return { ...unread, bytes };
  }
}

/** True for what is wrong with a source, and not with the machine that looks at it. */
function isOfSource({ code }: AirCanError): boolean {
  return !["storage-error", "database-error", "interrupted"].includes(code);
}
