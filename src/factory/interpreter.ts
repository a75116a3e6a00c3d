import { AirCanError, type ErrorObject, toAirCanError } from "../base/errors.ts";
import type { Attempt } from "./attempts.ts";
import type { Tables } from "./database/database.ts";
import { type Durable, type RunInput, tryId, workflowId } from "./engine/engine.ts";
import type { Fact, RunFact } from "./events.ts";
import { type Graph, type Item, itemKey, openGraph, type Progress, type Settled } from "./graph.ts";
import { record, recordLocked, taskStates } from "./store.ts";

/** What the loop of a run is told. */
export type Message =
  | {
      readonly type: "ended";
      readonly item: Item;
      readonly status: Exclude<Settled, "SKIPPED">;
      /** The number of the next try, if one is due. */
      readonly next: number | null;
      readonly delaySeconds: number;
      readonly count: number | null;
    }
  | { readonly type: "cancel" };

export interface RunParts {
  readonly database: Tables;
  readonly readAttempt: (input: RunInput) => Promise<Attempt>;
}

interface Loop extends RunParts {
  readonly input: RunInput;
  readonly attempt: Attempt;
  readonly durable: Durable<Message>;
  readonly graph: Graph;
  /** Items ready but not queued yet: what is in flight is bounded. */
  readonly backlog: Item[];
  readonly flying: Set<string>;
  /** Items whose events the tables know already, from before a crash. */
  readonly known: ReadonlySet<string>;
}

const inFlight = 256;

/**
 * Runs one attempt of a run: queues what is ready, waits for messages, lowers counters. It is called again
 * after a crash and goes the same way, as messages come in the order they were remembered in.
 */
export async function runDag(input: RunInput, durable: Durable<Message>, parts: RunParts): Promise<void> {
  const attempt = await parts.readAttempt(input);
  const state = await record(parts.database, input.run, {
    items: [],
    facts: ({ run }) =>
      run.ended || run.attempt > input.attempt ? [] : [{ type: "run.started", attempt: input.attempt }],
  });
  if (state.ended || state.attempt > input.attempt) return;
  const loop: Loop = {
    ...parts,
    input,
    attempt,
    durable,
    graph: openGraph(attempt.dag, attempt.finished),
    backlog: [],
    flying: new Set(),
    known: await knownItems(parts.database, input),
  };
  try {
    await follow(loop, loop.graph.begin());
    const cancelled = await untilIdle(loop);
    await end(loop, cancelled);
  } catch (error) {
    if (!(error instanceof AirCanError)) throw error;
    await record(parts.database, input.run, [failed(input, toAirCanError(error).toJSON())]);
  }
}

async function knownItems(database: Tables, { run, attempt }: RunInput): Promise<ReadonlySet<string>> {
  const states = await taskStates(database, run);
  return new Set(
    states
      .filter(({ state }) => state.attempt === attempt && (state.queued || state.started || state.ended))
      .map(itemKey),
  );
}

/** Handles messages until nothing is in flight. True if the run was cancelled. */
async function untilIdle(loop: Loop): Promise<boolean> {
  while (loop.flying.size > 0) {
    const message = await loop.durable.receive();
    // A task that was stopped may say so before the run is told to cancel.
    if (message.type === "cancel" || message.status === "CANCELLED") {
      await cancel(loop);
      return true;
    }
    if (!loop.flying.has(itemKey(message.item))) continue;
    if (message.next !== null) {
      await loop.durable.enqueue([queued(loop, message.item, message)]);
      continue;
    }
    loop.flying.delete(itemKey(message.item));
    await follow(loop, loop.graph.end(message.item, message));
  }
  return false;
}

/** Records what is settled without running, and queues what is ready. */
async function follow(loop: Loop, progress: Progress): Promise<void> {
  loop.backlog.push(...progress.ready);
  const items = loop.backlog.splice(0, inFlight - loop.flying.size);
  for (const item of items) loop.flying.add(itemKey(item));
  const facts = [
    ...progress.settled.map(({ task, status }) => settledFact(loop, task, status)),
    ...items.filter((item) => !loop.known.has(itemKey(item))).map((item) => queuedFact(loop, item)),
  ];
  const tries = items.map((item) => queued(loop, item, { next: firstTry(loop, item), delaySeconds: 0 }));
  await Promise.all([
    facts.length > 0 ? record(loop.database, loop.input.run, facts) : undefined,
    loop.durable.enqueue(tries),
  ]);
}

function firstTry({ attempt }: Loop, item: Item): number {
  return (attempt.tries[itemKey(item)] ?? 0) + 1;
}

function queued(
  loop: Loop,
  item: Item,
  { next, delaySeconds }: { next: number | null; delaySeconds: number },
) {
  const number = next ?? 1;
  const { run, attempt } = loop.input;
  const input = { parent: workflowId(loop.input), run, attempt, ...item, try: number };
  return { id: tryId(input), input, delaySeconds };
}

function queuedFact(loop: Loop, item: Item): Fact {
  const first = firstTry(loop, item);
  const maxTries = first + (loop.attempt.dag.tasks[item.task]?.retries ?? 0);
  return { type: "task.queued", ...item, attempt: loop.input.attempt, try: first, maxTries };
}

function settledFact(loop: Loop, task: string, status: Settled): Fact {
  const place = {
    task,
    mapIndex: -1,
    attempt: loop.input.attempt,
    try: firstTry(loop, { task, mapIndex: -1 }) - 1,
  };
  if (status !== "SKIPPED") return { type: "task.ended", ...place, status };
  const error = new AirCanError("upstream-failed", `Task "${task}" was not run, as one before it failed.`, {
    where: { dag: loop.attempt.dag.dag, task },
  });
  return { type: "task.ended", ...place, status, error: error.toJSON() };
}

/** Ends what has not begun, and waits for what runs: its processes are being stopped. */
async function cancel(loop: Loop): Promise<void> {
  const { run, attempt } = loop.input;
  const running = await loop.durable.step("cancel", async () => {
    const found: string[] = [];
    await recordLocked(loop.database, run, async (_state, connection) => {
      const answer = await connection.query<{ task: string; mapIndex: number; status: string; try: number }>(
        `select task, map_index as "mapIndex", status, (state->>'try')::int as try from aircan.task where run_id = $1`,
        [run],
      );
      found.splice(0, found.length, ...answer.rows.filter(({ status }) => status === "RUNNING").map(itemKey));
      return answer.rows
        .filter(({ status }) => ["WAITING", "QUEUED", "RETRYING"].includes(status))
        .map(
          (row): Fact => ({
            type: "task.ended",
            task: row.task,
            mapIndex: row.mapIndex,
            attempt,
            try: row.status === "RETRYING" ? row.try + 1 : row.try,
            status: "CANCELLED",
          }),
        );
    });
    return found;
  });
  const waited = new Set(running);
  while (waited.size > 0) {
    const message = await loop.durable.receive();
    if (message.type === "ended") waited.delete(itemKey(message.item));
  }
}

async function end(loop: Loop, cancelled: boolean): Promise<void> {
  const { run, attempt } = loop.input;
  if (cancelled) {
    const summary = "Cancelled.";
    await record(loop.database, run, [{ type: "run.ended", attempt, status: "CANCELLED", summary }]);
    return;
  }
  const states = await taskStates(loop.database, run);
  const broken = states.find(({ state }) => state.status === "FAILED" && state.ended?.error);
  const statuses = [...loop.graph.statuses().values()];
  if (statuses.every((status) => status === "DONE")) {
    const said = states.map(({ state }) => state.ended?.result?.summary).filter((text) => text !== undefined);
    const summary = said.at(-1) ?? `All ${statuses.length} tasks are done.`;
    await record(loop.database, run, [{ type: "run.ended", attempt, status: "DONE", summary }]);
    return;
  }
  const error = broken?.state.ended?.error ?? new AirCanError("task-failed", "A task failed.").toJSON();
  await record(loop.database, run, [failed(loop.input, error, broken?.task)]);
}

/** The end of a run that failed, with its true reason. */
export function failed({ attempt }: RunInput, error: ErrorObject, task?: string): RunFact {
  const summary = task === undefined ? error.message : `Task "${task}" failed: ${error.message}`;
  return { type: "run.ended", attempt, status: "FAILED", summary, error };
}
