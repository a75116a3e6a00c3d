import { AirCanError } from "../../base/errors.ts";
import type { Resource } from "../../descriptor/types.ts";
import { createFlow, type Flow, type FlowOptions, type FlowResult } from "../../flow/flow.ts";
import { makeStep, type Step } from "../../flow/step.ts";
import type { Engine } from "../../plan/engine.ts";
import type { RowError } from "../../plan/relation.ts";
import { load } from "../../processors/load.ts";
import { rowFunction } from "../../processors/row-function.ts";
import { sources } from "../../processors/sources.ts";
import { validate } from "../../processors/validate.ts";
import type { LoadResult } from "../../sql/load-table.ts";
import type { loadPolicies } from "./conf.ts";
import { loadIntoTable, type Staged, type TableTarget } from "./table-sink.ts";

export type LoadPolicy = (typeof loadPolicies)[number];

/** How a source is read: the options of the processor `load`, in its own words. */
export type LoadReading = Readonly<Record<string, unknown>>;

export interface FileLoad {
  /** Path, URL, `-`, or a resource descriptor. */
  readonly source: string | Resource;
  readonly reading?: LoadReading;
  readonly target: TableTarget;
  readonly onError: LoadPolicy;
  readonly engine: Engine;
  readonly options: Omit<FlowOptions, "onError">;
}

export interface FileLoaded extends LoadResult {
  /** What the policy let pass, the first 1,000; `errors` counts all. */
  readonly findings: readonly RowError[];
  readonly errorsFile: Staged["errorsFile"];
  /** As loaded, with its schema. */
  readonly descriptor: Resource;
}

const shownErrors = 10;

/**
 * Loads one file into one table: typed, every cell and constraint checked, all or nothing. The rows go from
 * DuckDB to PostgreSQL's COPY as bytes.
 *
 * @throws AirCanError `data-error` (under `fail`, with the first errors and counts), what reading and
 *   `loadTables` throw.
 */
export async function loadFile(load: FileLoad): Promise<FileLoaded> {
  const { target, onError, options } = load;
  const started = performance.now();
  const last: { staged?: Staged } = {};
  const flow = checkedFlow(load, [
    loadIntoTable(target, (staged) => {
      last.staged = staged;
    }),
  ]);
  const result = await flow.run({ ...options, onError: enginePolicy(onError) });
  if (last.staged === undefined)
    throw new AirCanError("bug", "A load ended without having staged its table.");
  const loaded = loadedOf(result, last.staged, load);
  return { ...loaded, seconds: Math.round(performance.now() - started) / 1000 };
}

function loadedOf(
  { package: { resources }, errors, errorCounts }: FlowResult,
  { result, rejected, errorsFile }: Staged,
  { target, onError }: FileLoad,
): FileLoaded {
  const [descriptor = { name: result.name }] = resources;
  return {
    ...result,
    name: target.name ?? descriptor.name,
    rejected: onError === "drop" || onError === "report" ? rejected : 0,
    errors: errorCounts,
    first_errors: errors.slice(0, shownErrors),
    findings: errors,
    errorsFile,
    descriptor,
  };
}

/** `report` without its side resource, for which the engine would read the file once more: its rows are dropped here too. */
function enginePolicy(policy: LoadPolicy): Exclude<LoadPolicy, "report"> {
  return policy === "report" ? "drop" : policy;
}

interface Checking {
  readonly source: string | Resource;
  readonly reading?: LoadReading | undefined;
  readonly engine: Engine;
}

/** The flow that reads a source as typed cells, tests them against the schema's constraints, and goes on. */
export function checkedFlow({ source, reading, engine }: Checking, steps: readonly Step[]): Flow {
  return createFlow([makeStep(load, { ...reading, from: source }), makeStep(validate, {}), ...steps], {
    engine,
    implicit: { sources, rowFunction },
  });
}
