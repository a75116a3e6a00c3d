import type { Package, Resource } from "../descriptor/types.ts";
import type { EngineRun } from "./engine.ts";
import type { Relation, StepReference } from "./relation.ts";

/** A resource that a flow will give. `descriptor.schema` always equals `relation.schema`. */
export interface PlannedResource {
  readonly descriptor: Resource;
  readonly relation: Relation;
}

/** A package that a flow will give, and what it will write on the way. Immutable; each step returns a new one. */
export interface PackagePlan {
  /** Properties of the package, without its resources. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly resources: readonly PlannedResource[];
  /** In the order of their steps. */
  readonly sinks: readonly Sink[];
}

/** Something written: it sees the package as it was at its place in the chain. */
export interface Sink {
  readonly at: StepReference;
  readonly input: readonly PlannedResource[];
  /** One line for `explain()`. */
  readonly summary: string;
  /** Writes all to a temporary place. Only when every sink of the run has staged are they committed. */
  readonly stage: (run: EngineRun) => Promise<StagedOutput>;
}

export interface StagedOutput {
  /** Per resource name; `bytes` and `hash` where a file was written. */
  readonly resources: Readonly<
    Record<string, { readonly rows: number; readonly bytes?: number; readonly hash?: string }>
  >;
  /** Merged into the run's stats. */
  readonly stats?: Readonly<Record<string, unknown>>;
  /** The package as written, where the sink knows more than the plan (paths, counts, hashes). */
  readonly descriptor?: Package;
  /** One rename, commit or swap. */
  readonly commit: () => Promise<void>;
  /** Removes what was staged; called instead of `commit` when anything failed. Never throws. */
  readonly discard: () => Promise<void>;
}

export const emptyPlan: PackagePlan = { properties: {}, resources: [], sinks: [] };
