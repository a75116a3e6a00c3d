import type { Report } from "./checks/report.ts";
import type { FileValidation } from "./checks/validate-files.ts";
import type { Resource } from "./descriptor/types.ts";
import { createDuckDBEngine } from "./duckdb/engine.ts";
import { createFlow, type Flow } from "./flow/flow.ts";
import { type FlowSpec, type Registry, specOf, stepsFromSpec } from "./flow/spec.ts";
import { processors } from "./processors/registry.ts";
import { rowFunction } from "./processors/row-function.ts";
import type { Item, Source } from "./processors/row-types.ts";
import { sources as sourcesDefinition } from "./processors/sources.ts";

export { AirCanError, type ErrorKind, type ErrorObject } from "./base/errors.ts";
export type {
  CustomCheck,
  CustomFinding,
  CustomRow,
  CustomTable,
  RunningCheck,
} from "./checks/custom-check.ts";
export type { Report, ReportError, ReportTask } from "./checks/report.ts";
export type { FileValidation } from "./checks/validate-files.ts";
export type { Field, FieldType, Package, Resource, Schema } from "./descriptor/types.ts";
export { type DagOfFile, type DagSettings, dag, type TaskSettings, task } from "./factory/define-dag.ts";
export { defineProcessor, type PlanContext, type ProcessorDefinition } from "./flow/define.ts";
export type { FlowOptions, FlowResult, FlowResults, FlowStats } from "./flow/flow.ts";
export { readSpecFile } from "./flow/spec.ts";
export { builderOf, type Step } from "./flow/step.ts";
export type { ErrorPolicy, Row, RowError } from "./plan/relation.ts";
export * from "./processors/builders.ts";
export { processors } from "./processors/registry.ts";
export type { CellOf, OpenRow } from "./processors/row-types.ts";
export type { Flow, FlowSpec, Registry };

/** The engine that flows run on. */
export const engine = createDuckDBEngine();

/**
 * Tests files, addresses, descriptors and packages, as `aircan validate` does; what is wrong with them stands
 * in the report.
 *
 * @throws AirCanError `config-error` for checks that are not known, `interrupted`.
 */
export async function validateFiles(
  sources: string | Resource | readonly (string | Resource)[],
  options: FileValidation = {},
): Promise<Report> {
  const { validateFiles } = await import("./checks/validate-files.ts"); // flows do without the checks
  return validateFiles(engine, sources, options);
}

/** A flow that can also say itself as a spec. */
export interface RunnableFlow<Out = unknown> extends Flow<Out> {
  /** @throws AirCanError `step-error` if a step holds code or rows. */
  readonly toSpec: () => FlowSpec;
}

/**
 * A chain of steps: processors, other flows, tables (arrays, iterables), row functions. Building it does
 * nothing; see `run`, `results`, `stream`, `explain`.
 *
 * @throws AirCanError `step-error`, `config-error`.
 */
export function flow(): RunnableFlow;
export function flow<A>(a: Source<A>): RunnableFlow<A>;
export function flow<A, B = A>(a: Source<A>, b: Item<A, B>): RunnableFlow<B>;
export function flow<A, B = A, C = B>(a: Source<A>, b: Item<A, B>, c: Item<B, C>): RunnableFlow<C>;
export function flow<A, B = A, C = B, D = C>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
): RunnableFlow<D>;
export function flow<A, B = A, C = B, D = C, E = D>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
): RunnableFlow<E>;
export function flow<A, B = A, C = B, D = C, E = D, F = E>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
): RunnableFlow<F>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
): RunnableFlow<G>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F, H = G>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
  h: Item<G, H>,
): RunnableFlow<H>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F, H = G, I = H>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
  h: Item<G, H>,
  i: Item<H, I>,
): RunnableFlow<I>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F, H = G, I = H, J = I>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
  h: Item<G, H>,
  i: Item<H, I>,
  j: Item<I, J>,
): RunnableFlow<J>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F, H = G, I = H, J = I, K = J>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
  h: Item<G, H>,
  i: Item<H, I>,
  j: Item<I, J>,
  k: Item<J, K>,
): RunnableFlow<K>;
export function flow<A, B = A, C = B, D = C, E = D, F = E, G = F, H = G, I = H, J = I, K = J, L = K>(
  a: Source<A>,
  b: Item<A, B>,
  c: Item<B, C>,
  d: Item<C, D>,
  e: Item<D, E>,
  f: Item<E, F>,
  g: Item<F, G>,
  h: Item<G, H>,
  i: Item<H, I>,
  j: Item<I, J>,
  k: Item<J, K>,
  l: Item<K, L>,
): RunnableFlow<L>;
export function flow(...items: readonly unknown[]): RunnableFlow;
export function flow(...items: readonly unknown[]): RunnableFlow {
  return runnable(items);
}

function runnable(items: readonly unknown[]): RunnableFlow {
  const made = createFlow(items, { engine, implicit: { sources: sourcesDefinition, rowFunction } });
  return { ...made, toSpec: () => specOf(made) };
}

/**
 * The flow that a spec describes; the inverse of `toSpec`.
 *
 * @throws AirCanError `config-error`, `unknown-processor`, `params-error`, naming the step.
 */
export function flowFromSpec(
  spec: unknown,
  options: { readonly params?: Readonly<Record<string, unknown>>; readonly registry?: Registry } = {},
): RunnableFlow {
  return runnable(stepsFromSpec(spec, options.registry ?? processors, options.params));
}
