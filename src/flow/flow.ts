import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { AirCanError } from "../base/errors.ts";
import { makeTemporaryFolder } from "../base/temporary-folder.ts";
import type { Package } from "../descriptor/types.ts";
import type { Engine, EngineResult, RunOptions, SettledField, Statistics } from "../plan/engine.ts";
import type { PackagePlan, StagedOutput } from "../plan/package-plan.ts";
import type { ErrorPolicy, Row, RowError } from "../plan/relation.ts";
import type { Fetching } from "../reading/options.ts";
import type { ReadDatastore } from "../reading/stored-table.ts";
import { describeResources } from "./describe-resources.ts";
import { contextOf, planSteps, settle, withPlan } from "./planning.ts";
import { type ImplicitProcessors, type PlacedStep, placeSteps } from "./steps.ts";

/** How a flow is run; everything has a default. */
export interface FlowOptions extends RunOptions {
  /** What happens to bad cells and rows, unless a step says otherwise; `fail` unless told. */
  readonly onError?: ErrorPolicy;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Relative paths are relative to this folder; the working folder unless told. */
  readonly folder?: string;
  /** False: paths leave no folder, descriptors name nothing outside theirs, no code; true unless told. */
  readonly trusted?: boolean;
  /** True: descriptors that a source is, or belongs to, may name `../`, absolute paths and `file:`; false unless told. */
  readonly trustDescriptors?: boolean;
  /** Private addresses that may be fetched; all unless told. */
  readonly allowPrivate?: boolean | readonly string[];
  /** Only the first rows of each source. */
  readonly limitRows?: number;
  readonly secret?: (name: string) => Promise<string>;
  /** Where `datastore://name` is read. */
  readonly datastore?: ReadDatastore;
  /** How files of other machines are fetched: limits, cache, progress. */
  readonly fetching?: Fetching;
}

export interface ResourceStats {
  readonly rows: number;
  readonly bytes: number;
  readonly errors: number;
}

export interface FlowStats {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly resources: Readonly<Record<string, ResourceStats>>;
  /** What sinks add, such as `count_of_rows`, `hash`. */
  readonly [key: string]: unknown;
}

export interface FlowResult {
  /** The package at the end of the chain. */
  readonly package: Package;
  readonly stats: FlowStats;
  /** What a policy let pass, the first 1,000. */
  readonly errors: readonly RowError[];
  /** How many of each code there were, all counted. */
  readonly errorCounts: Readonly<Record<string, number>>;
}

export interface FlowResults extends FlowResult {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

/** A chain of steps. Building it does nothing; it can be run any number of times. */
export interface Flow<Out = unknown> {
  readonly kind: "flow";
  readonly items: readonly unknown[];
  readonly steps: readonly PlacedStep[];
  /** Opens the sources and plans every step. @throws AirCanError naming step and processor. */
  readonly plan: (options?: FlowOptions) => Promise<PackagePlan>;
  /** Executes everything, writes the sinks, keeps no rows. */
  readonly run: (options?: FlowOptions) => Promise<FlowResult>;
  /** The same, with all rows of the last resources in memory. */
  readonly results: (options?: FlowOptions) => Promise<FlowResults>;
  /** Rows of one resource (the first unless named), as they come. Sinks are not written. */
  readonly stream: (resource?: string, options?: FlowOptions) => AsyncIterable<Row>;
  /** What each resource holds over all rows, field by field. Sinks are not written. */
  readonly statistics: (options?: FlowOptions) => Promise<Readonly<Record<string, Statistics>>>;
  /** The package that `run` gives, with the cells that speak against guesses of types, and if asked with statistics. */
  readonly describe: (options?: FlowOptions & { readonly statistics?: boolean }) => Promise<Package>;
  /** The plan, its SQL and its breaks to JavaScript, as text. */
  readonly explain: (options?: FlowOptions) => Promise<string>;
  readonly rowType?: Out;
}

export interface FlowParts {
  readonly engine: Engine;
  readonly implicit: ImplicitProcessors;
}

export function isFlow(value: unknown): value is Flow {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "flow" &&
    "steps" in value
  );
}

/** A flow of the given steps. @throws AirCanError `step-error`, `config-error`. */
export function createFlow(items: readonly unknown[], parts: FlowParts): Flow {
  const steps = placeSteps(items, parts.implicit);
  const planned = <Result>(
    options: FlowOptions,
    use: (plan: PackagePlan, inner: FlowOptions) => Promise<Result>,
  ) => withPlan(steps, { ...parts, options, use });
  return {
    kind: "flow",
    items,
    steps,
    plan: (options = {}) => planned(options, async (plan) => plan),
    run: (options = {}) =>
      timed((started) =>
        planned(options, async (plan, inner) => resultOf(plan, await parts.engine.run(plan, inner), started)),
      ),
    results: (options = {}) =>
      timed((started) =>
        planned(options, (plan, inner) =>
          runKeepingRows(plan, { engine: parts.engine, options: inner, started }),
        ),
      ),
    stream: (resource, options = {}) => streamRows(steps, resource, { ...parts, options }),
    statistics: (options = {}) =>
      planned(options, async ({ resources }, inner) => {
        const found: Record<string, Statistics> = {};
        for (const { descriptor, relation } of resources)
          found[descriptor.name] = await parts.engine.statistics(relation, inner);
        return found;
      }),
    describe: ({ statistics: withStatistics = false, ...options } = {}) =>
      planned(options, async (plan, inner) => {
        const { package: found } = resultOf(plan, await parts.engine.run(plan, inner), performance.now());
        return describeResources(found, plan, { engine: parts.engine, options: inner, withStatistics });
      }),
    explain: (options = {}) => planned(options, async (plan) => parts.engine.explain(plan)),
  };
}

const timed = <Result>(work: (started: number) => Promise<Result>) => work(performance.now());

function resultOf(plan: PackagePlan, result: EngineResult, started: number): FlowResult {
  const written = bytesOf(result.outputs);
  const resources = plan.resources.map(({ descriptor }) => {
    const found = result.resources[descriptor.name];
    return {
      name: descriptor.name,
      rows: found?.rows ?? 0,
      errors: found?.errors ?? 0,
      bytes: written.get(descriptor.name) ?? 0,
      fields: found?.fields ?? descriptor.schema?.fields ?? [],
    };
  });
  const sum = (key: "rows" | "bytes") => resources.reduce((total, each) => total + each[key], 0);
  return {
    package: {
      ...plan.properties,
      resources: plan.resources.map(({ descriptor }, i) => ({
        ...descriptor,
        schema: { ...descriptor.schema, fields: resources[i]?.fields ?? [] },
        rows: resources[i]?.rows ?? 0,
      })),
    },
    stats: {
      ...Object.assign({}, ...result.outputs.map(({ stats }) => stats ?? {})),
      rows: sum("rows"),
      bytes: sum("bytes"),
      seconds: Math.round(performance.now() - started) / 1000,
      resources: Object.fromEntries(
        resources.map(({ name, rows, bytes, errors }) => [name, { rows, bytes, errors }]),
      ),
    },
    errors: result.errors,
    errorCounts: result.errorCounts,
  };
}

function bytesOf(outputs: readonly StagedOutput[]): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { resources } of outputs) {
    for (const [name, file] of Object.entries(resources))
      if (file.bytes !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + file.bytes);
  }
  return bytes;
}

interface Keeping {
  readonly engine: Engine;
  readonly options: FlowOptions;
  readonly started: number;
}

/** Rows are kept by a sink like any other, so that they are those of the same run. */
async function runKeepingRows(
  plan: PackagePlan,
  { engine, options, started }: Keeping,
): Promise<FlowResults> {
  const rows: Record<string, Row[]> = {};
  const keep = {
    at: { step: "end", processor: "results" },
    input: plan.resources,
    summary: "keeps rows in memory",
    stage: async (run: Parameters<PackagePlan["sinks"][number]["stage"]>[0]): Promise<StagedOutput> => {
      for (const { descriptor, relation } of plan.resources) {
        const kept: Row[] = [];
        for await (const batch of run.rows(relation)) kept.push(...batch);
        rows[descriptor.name] = kept;
      }
      const counts = Object.entries(rows).map(([name, kept]) => [name, { rows: kept.length }] as const);
      return { resources: Object.fromEntries(counts), commit: async () => {}, discard: async () => {} };
    },
  };
  const result = await engine.run({ ...plan, sinks: [...plan.sinks, keep] }, options);
  return { ...resultOf(plan, result, started), rows };
}

interface Streaming extends FlowParts {
  readonly options: FlowOptions;
}

async function* streamRows(
  steps: readonly PlacedStep[],
  resource: string | undefined,
  { engine, options }: Streaming,
): AsyncIterable<Row> {
  const temporaryFolder = await makeTemporaryFolder(options.temporaryFolder ?? tmpdir(), "aircan-flow");
  const settled = new Map<string, readonly SettledField[]>();
  let given = 0;
  try {
    for (;;) {
      try {
        const plan = await planSteps(steps, contextOf({ ...options, temporaryFolder }, engine, settled));
        const chosen =
          resource === undefined
            ? plan.resources[0]
            : plan.resources.find(({ descriptor }) => descriptor.name === resource);
        if (chosen === undefined)
          throw new AirCanError(
            "unknown-resource",
            `The flow gives no resource ${resource ?? ""}; it gives: ${plan.resources.map(({ descriptor }) => descriptor.name).join(", ") || "none"}.`,
          );
        for await (const batch of engine.stream(chosen.relation, { ...options, temporaryFolder })) {
          yield* batch;
          given += batch.length;
        }
        return;
      } catch (error) {
        if (given > 0) throw error;
        settle(settled, error);
      }
    }
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}
