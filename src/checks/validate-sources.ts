import type { Resource, Schema } from "../descriptor/types.ts";
import type { Engine } from "../plan/engine.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { ReadingContext, ReadingOptions } from "../reading/options.ts";
import type { Checklist } from "./checklist.ts";
import type { CustomCheck } from "./custom-check.ts";
import { openTargets, readSchema, type Target } from "./open-targets.ts";
import type { Report, ReportError, ReportTask } from "./report.ts";
import { warningText } from "./report-error.ts";
import { validateTask } from "./validate-task.ts";

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
  /** Tables that are tested; all unless told. */
  readonly limitTables?: number | undefined;
  /** Checks of one's own. */
  readonly customChecks?: readonly CustomCheck[] | undefined;
  /** The report of the last run, for the checks that compare with it; tasks are found by name. */
  readonly before?: Report | undefined;
  /** Milliseconds since 1970; the clock unless told. */
  readonly now?: (() => number) | undefined;
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
  const told = options.schema === undefined ? undefined : await readSchema(options.schema, options.context);
  const isUseless = told !== undefined && told.schema === undefined;
  const found = await testTables(isUseless ? [] : sources, { ...options, told: told?.schema });
  const { tasks, limits } = found;
  const errors = [...(told?.errors ?? []), ...found.errors];
  const sum = (count: (task: ReportTask) => number) => tasks.reduce((all, task) => all + count(task), 0);
  const counted = errors.filter(({ severity }) => severity === "error");
  return {
    valid: counted.length === 0 && tasks.every(({ valid }) => valid),
    stats: {
      tasks: tasks.length,
      errors: counted.length + sum(({ stats }) => stats.errors),
      warnings: errors.length - counted.length + limits.length + sum(({ stats }) => stats.warnings),
      seconds: secondsSince(started),
    },
    warnings: [...errors.filter(({ severity }) => severity !== "error").map(warningText), ...limits],
    errors: counted,
    tasks,
  };
}

/** The tasks of all tables, up to the limit, and what is wrong with no single one. */
async function testTables(
  sources: readonly (string | Resource)[],
  options: ValidateOptions & { readonly told: Schema | undefined },
): Promise<{ tasks: ReportTask[]; errors: ReportError[]; limits: string[] }> {
  const tasks: ReportTask[] = [];
  const errors: ReportError[] = [];
  const limit = options.limitTables ?? Number.POSITIVE_INFINITY;
  let left = 0;
  for (const source of sources) {
    const opened = await openTargets(source, {
      ...options,
      names: options.told?.fields.map(({ name }) => name),
    });
    errors.push(...opened.errors);
    for (const target of opened.targets)
      for (const table of tasks.length < limit ? await singleTables(target) : [target])
        if (tasks.length < limit) tasks.push(await validateTask(table, options));
        else left++;
  }
  return { tasks, errors, limits: left > 0 ? [`reached table limit: ${limit}`] : [] };
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
