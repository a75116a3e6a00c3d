import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { AirCanError } from "../base/errors.ts";
import { makeTemporaryFolder } from "../base/temporary-folder.ts";
import { type Engine, GuessWidened, type SettledField } from "../plan/engine.ts";
import { emptyPlan, type PackagePlan } from "../plan/package-plan.ts";
import type { PlanContext } from "./define.ts";
import { withErrorsResource } from "./errors-resource.ts";
import type { FlowOptions, FlowParts } from "./flow.ts";
import type { PlacedStep } from "./steps.ts";

export interface Planning<Result> extends Pick<FlowParts, "engine"> {
  readonly options: FlowOptions;
  readonly use: (plan: PackagePlan, options: FlowOptions) => Promise<Result>;
}

/** Plans and uses the plan, again with better fields as long as the file speaks against a guess. */
export async function withPlan<Result>(
  steps: readonly PlacedStep[],
  { engine, options, use }: Planning<Result>,
): Promise<Result> {
  const temporaryFolder = await makeTemporaryFolder(options.temporaryFolder ?? tmpdir(), "aircan-flow");
  const inner = { ...options, temporaryFolder };
  const settled = new Map<string, readonly SettledField[]>();
  try {
    for (;;) {
      try {
        return await use(await planSteps(steps, contextOf(inner, engine, settled)), inner);
      } catch (error) {
        settle(settled, error);
      }
    }
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

/** Keeps what the whole file showed about guesses, so that the next plan has none; throws any other error. */
export function settle(settled: Map<string, readonly SettledField[]>, error: unknown): void {
  if (!(error instanceof GuessWidened)) throw error;
  const key = settledKey(error.at.step, error.resource);
  if (settled.has(key)) throw new AirCanError("bug", `The types of "${error.resource}" were guessed twice.`);
  settled.set(key, error.fields);
}

/** Key of `PlanContext.settled`. */
export function settledKey(step: string, resource: string): string {
  return `${step} ${resource}`;
}

type FlowContext = Omit<PlanContext, "at">;

/** What the steps of a run know of it. */
export function contextOf(
  options: FlowOptions & { temporaryFolder: string },
  engine: Engine,
  settled: ReadonlyMap<string, readonly SettledField[]>,
): FlowContext {
  return {
    folder: options.folder ?? process.cwd(),
    trusted: options.trusted ?? true,
    trustDescriptors: options.trustDescriptors ?? false,
    allowPrivate: options.allowPrivate ?? true,
    onError: options.onError ?? "fail",
    params: options.params ?? {},
    signal: options.signal ?? new AbortController().signal,
    temporaryFolder: options.temporaryFolder,
    engine,
    settled,
    ...(options.secret ? { secret: options.secret } : {}),
    ...(options.datastore ? { datastore: options.datastore } : {}),
    ...(options.fetching ? { fetching: options.fetching } : {}),
    ...(options.limitRows === undefined ? {} : { limitRows: options.limitRows }),
  };
}

/** The plan of all steps, one after another. @throws AirCanError naming step and processor. */
export async function planSteps(steps: readonly PlacedStep[], context: FlowContext): Promise<PackagePlan> {
  let plan = emptyPlan;
  for (const { at, step } of steps) {
    const reference = { step: at, processor: step.definition.name };
    if (!context.trusted && !step.definition.safe) {
      throw new AirCanError("forbidden", `${step.definition.name} may not be used in a flow from outside.`, {
        where: reference,
      });
    }
    try {
      plan = withErrorsResource(
        await step.definition.plan(plan, step.config, { ...context, at: reference }),
        reference,
      );
    } catch (error) {
      throw error instanceof AirCanError ? error.at(reference) : error;
    }
  }
  return plan;
}
