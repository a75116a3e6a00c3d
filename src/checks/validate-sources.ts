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
  const errors: ReportError[] = [];
  const told = options.schema === undefined ? undefined : await readSchema(options.schema, options.context);
  errors.push(...(told?.errors ?? []));
  const tasks: ReportTask[] = [];
  for (const source of told && told.schema === undefined ? [] : sources) {
    const names = told?.schema?.fields.map(({ name }) => name);
    const opened = await openTargets(source, { ...options, names });
    errors.push(...opened.errors);
    for (const target of opened.targets)
      for (const table of await singleTables(target))
        tasks.push(await validateTask(table, { ...options, told: told?.schema }));
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
    warnings: errors.filter(({ severity }) => severity !== "error").map(warningText),
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
