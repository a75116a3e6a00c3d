import { AirCanError } from "../../base/errors.ts";
import type { Resource } from "../../descriptor/types.ts";
import { createFlow, type Flow, type FlowOptions } from "../../flow/flow.ts";
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
export async function loadFile({
  source,
  reading,
  target,
  onError,
  engine,
  options,
}: FileLoad): Promise<FileLoaded> {
  const started = performance.now();
  const last: { staged?: Staged } = {};
  const flow = checkedFlow({ source, reading, engine }, [
    loadIntoTable(target, (staged) => {
      last.staged = staged;
    }),
  ]);
  const {
    package: loaded,
    errors,
    errorCounts,
  } = await flow.run({ ...options, onError: enginePolicy(onError) });
  const { staged } = last;
  const [descriptor] = loaded.resources;
  if (staged === undefined || descriptor === undefined)
    throw new AirCanError("bug", "A load ended without having staged its table.");
  return {
    ...staged.result,
    name: target.name ?? descriptor.name,
    rejected: onError === "drop" || onError === "report" ? staged.rejected : 0,
    errorsFile: staged.errorsFile,
    seconds: Math.round(performance.now() - started) / 1000,
    errors: errorCounts,
    first_errors: errors.slice(0, shownErrors),
    findings: errors,
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
