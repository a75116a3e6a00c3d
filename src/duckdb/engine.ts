import type { Engine, EngineResult, EngineRun, Progress, RunOptions } from "../plan/engine.ts";
import type { PackagePlan, PlannedResource, Sink, StagedOutput } from "../plan/package-plan.ts";
import type { Relation, Row } from "../plan/relation.ts";
import { mergeCasts } from "../plan/rewrite.ts";
import { askAlone } from "./ask-alone.ts";
import { compile } from "./compile.ts";
import { describeTable } from "./describe-table.ts";
import { explainPlan } from "./explain.ts";
import { countFindings, readFindings } from "./findings.ts";
import { openInquiry } from "./inquire.ts";
import { copyToFile, copyToPostgres, rowsOf, scanAll } from "./output.ts";
import { asAirCanError, attempt, isDoubtful, mayRepeat, prepare, store } from "./prepare.ts";
import { countClasses, findBadRows, lookForErrors } from "./questions.ts";
import { openSession } from "./session.ts";
import { newState, type RunState, relationsOf } from "./state.ts";
import { gatherStatistics } from "./statistics.ts";

/** Findings that a result lists; all are counted. */
const listedFindings = 1000;

/** The engine on DuckDB: an in-memory database of its own for each run. */
export function createDuckDBEngine(): Engine {
  return {
    run: (plan, options = {}) => withState(options, (state) => runPlan(state, mergePlan(plan), options)),
    stream: streamRelation,
    explain: explainPlan,
    lookForErrors: (question, options = {}) => withState(options, (state) => lookForErrors(state, question)),
    findBadRows: (question, options = {}) => withState(options, (state) => findBadRows(state, question)),
    classes: (scan, missingValues, options = {}) =>
      withState(options, (state) => countClasses(state, scan, missingValues)),
    inquire: (use, options = {}) =>
      withState({ ...options, fitsRows: true }, (state) => use(openInquiry(state))),
    askAlone,
    describe: (table) => withState({}, ({ session }) => describeTable(session, table)),
    statistics: (relation, options = {}) =>
      withState(options, async (state) => {
        const merged = mergeCasts(relation);
        await prepare(state, [merged]);
        return attempt(state, merged, () => gatherStatistics(state, merged));
      }),
  };
}

async function withState<Result>(
  options: RunOptions & { readonly fitsRows?: boolean },
  use: (state: RunState) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(options);
  try {
    return await use(newState(session, options));
  } catch (error) {
    throw asAirCanError(error);
  } finally {
    await session.close();
  }
}

/** The plan with its casts merged; what `errors` names is looked up last. */
function mergePlan(plan: PackagePlan): PackagePlan {
  for (const { relation } of plan.resources) if (relation.kind !== "errors") mergeCasts(relation);
  return { ...plan, resources: plan.resources.map(mergeResource) };
}

function mergeResource(resource: PlannedResource): PlannedResource {
  return { ...resource, relation: mergeCasts(resource.relation) };
}

async function runPlan(state: RunState, plan: PackagePlan, options: RunOptions): Promise<EngineResult> {
  const roots = rootsOf(plan);
  await prepare(state, roots);
  for (;;) {
    const outputs: StagedOutput[] = [];
    try {
      for (const sink of plan.sinks) outputs.push(await sink.stage(engineRun(state, sink, options)));
      const rows = await countResources(state, plan, outputs);
      const result = await resultOf(state, plan, { outputs, rows });
      for (const output of outputs) await output.commit();
      return result;
    } catch (error) {
      await Promise.all(outputs.map((output) => output.discard()));
      if (!(await mayRepeat(state, error, roots))) throw error;
    }
  }
}

/**
 * Every relation that something outside reads, as it is after merging: those of the sinks, and the resources
 * that no sink reads. A sink may read twice, which a row function that keeps state must not notice: a
 * relation above one counts as read by its resource too, so that it is computed once.
 */
function rootsOf(plan: PackagePlan): Relation[] {
  const read = plan.sinks.flatMap(({ input }) => input.map(({ relation }) => mergeCasts(relation)));
  const others = plan.resources
    .map(({ relation }) => mergeCasts(relation))
    .filter((relation) => !read.includes(relation) || relationsOf(relation).some(keepsState));
  return [...read, ...others];
}

const keepsState = (relation: Relation) => relation.kind === "map" && !relation.pure;

function engineRun(state: RunState, sink: Sink, { onProgress }: RunOptions): EngineRun {
  const report = (relation: Relation) => {
    const resource = sink.input.find((each) => each.relation === relation)?.descriptor.name ?? "";
    return onProgress && ((fraction: number) => onProgress(progressOf(resource, fraction)));
  };
  return {
    signal: state.session.signal,
    temporaryFolder: state.session.temporaryFolder,
    copyToFile: (relation, path, format) => {
      const onFraction = report(relation);
      return copyToFile(state, mergeCasts(relation), { path, format, ...(onFraction ? { onFraction } : {}) });
    },
    copyToPostgres: (relation) => copyToPostgres(state, mergeCasts(relation), report(relation)),
    rows: (relation, options) => rowsOf(state, mergeCasts(relation), options?.limit),
    count: (relation) => scanAll(state, mergeCasts(relation), report(relation)),
    fields: async (relation) => compile(mergeCasts(relation), state).columns.map(({ field }) => field),
  };
}

function progressOf(resource: string, fraction: number): Progress {
  return { resource, rows: 0, ...(fraction >= 0 ? { fraction: Math.min(1, fraction) } : {}) };
}

/** The rows of each resource; those that no sink has read are executed here. */
async function countResources(
  state: RunState,
  plan: PackagePlan,
  outputs: readonly StagedOutput[],
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const { descriptor, relation } of plan.resources) {
    const staged = plan.sinks.flatMap(({ input }, i) =>
      input
        .filter((each) => mergeCasts(each.relation) === relation)
        .map((each) => outputs[i]?.resources[each.descriptor.name]?.rows),
    );
    rows.set(
      descriptor.name,
      staged.find((count) => count !== undefined) ?? (await scanAll(state, relation)),
    );
  }
  return rows;
}

interface Finished {
  readonly outputs: readonly StagedOutput[];
  readonly rows: ReadonlyMap<string, number>;
}

async function resultOf(
  state: RunState,
  plan: PackagePlan,
  { outputs, rows }: Finished,
): Promise<EngineResult> {
  const { session } = state;
  const all = [...new Set([...state.findings.values()].flat())];
  const resources = await Promise.all(
    plan.resources.map(async ({ descriptor, relation }) => {
      const tables = relation.kind === "errors" ? [] : findingsBelow(state, relation);
      const counts = await countFindings(session, tables);
      const facts = {
        rows: rows.get(descriptor.name) ?? 0,
        errors: Object.values(counts).reduce((sum, count) => sum + count, 0),
        fields: compile(relation, state).columns.map(({ field }) => field),
      };
      return [descriptor.name, facts] as const;
    }),
  );
  return {
    outputs,
    resources: Object.fromEntries(resources),
    errors: await readFindings(session, all, listedFindings),
    errorCounts: await countFindings(session, all),
  };
}

function findingsBelow(state: RunState, relation: Relation): string[] {
  const tables = relationsOf(relation).flatMap((each) =>
    each.kind === "cast" || each.kind === "check" ? (state.findings.get(each) ?? []) : [],
  );
  return [...new Set(tables)];
}

/** Rows of one relation. What could be refused is tested first, so that no row is given in vain. */
async function* streamRelation(relation: Relation, options: RunOptions = {}): AsyncGenerator<readonly Row[]> {
  const session = await openSession(options);
  session.inOrder = true;
  const state = newState(session);
  const root = mergeCasts(relation);
  try {
    await prepare(state, [root]);
    if (isDoubtful(state, root)) await store(state, root);
    yield* rowsOf(state, root);
  } catch (error) {
    throw asAirCanError(error);
  } finally {
    await session.close();
  }
}
