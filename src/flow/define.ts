import type { z } from "zod";
import type { Engine, SettledField } from "../plan/engine.ts";
import type { PackagePlan } from "../plan/package-plan.ts";
import type { ErrorPolicy, StepReference } from "../plan/relation.ts";
import type { Fetching } from "../reading/options.ts";
import type { ReadDatastore } from "../reading/stored-table.ts";

/** What a processor may use while it plans. Sources open files here; nothing is written. */
export interface PlanContext {
  readonly at: StepReference;
  /** Relative paths of a spec are relative to this folder. */
  readonly folder: string;
  /** False for specs from outside: no local files beyond `folder`, no private addresses, no code. */
  readonly trusted: boolean;
  /** True: descriptors that are read from files may name `../`, absolute paths and `file:` too. */
  readonly trustDescriptors?: boolean;
  /** Whether paths on this machine may be read; if trusted unless told. */
  readonly allowLocal?: boolean;
  /** Private addresses that may be fetched: all, or these hosts. */
  readonly allowPrivate: boolean | readonly string[];
  readonly onError: ErrorPolicy;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Temporary files that a source needs (spools) go here; removed when the run ends. */
  readonly temporaryFolder: string;
  /** Brings a table of the DataStore to this machine as a file in the given folder; undefined where there is none. */
  readonly datastore?: ReadDatastore;
  /** How files of other machines are fetched. */
  readonly fetching?: Fetching;
  /** Resolves `secret://name`; undefined where there is no secret store. */
  readonly secret?: (name: string) => Promise<string>;
  readonly engine: Engine;
  readonly limitRows?: number;
  /** Fields that an earlier attempt of this run found on the whole file, by `settledKey(step, resource)`. */
  readonly settled: ReadonlyMap<string, readonly SettledField[]>;
}

/** An example is documentation and a test: tables in, config, tables out (or the code of the error). */
export interface ProcessorExample {
  readonly title: string;
  readonly input: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly config: unknown;
  readonly output:
    | Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
    | { readonly error: string };
}

export type ProcessorCategory = "source" | "rows" | "fields" | "resources" | "check" | "sink" | "flow";

/**
 * The one definition of a processor, from which builder, spec key, JSON Schema, help, reference page and
 * tests come. `arguments` names the config properties that the builder takes by position; the first is
 * also what a bare value in a spec means (`- load: cities.csv`).
 */
export interface ProcessorDefinition<Config extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly category: ProcessorCategory;
  readonly config: Config;
  readonly arguments: readonly string[];
  /** Positional arguments that may themselves be an object (else an object is the options). */
  readonly objects?: readonly string[];
  readonly examples: readonly ProcessorExample[];
  /** False if a spec from outside may not use it (it runs code or reads anything). */
  readonly safe: boolean;
  readonly plan: (
    input: PackagePlan,
    config: z.output<Config>,
    context: PlanContext,
  ) => PackagePlan | Promise<PackagePlan>;
}

/** Makes a processor; only fixes the types. */
export function defineProcessor<const Config extends z.ZodType>(
  definition: ProcessorDefinition<Config>,
): ProcessorDefinition<Config> {
  return definition;
}
