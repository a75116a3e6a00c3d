import type { ErrorObject } from "../base/errors.ts";
import { canonicalJson } from "../base/hash.ts";
import type { RunStatus, TaskStatus } from "./model.ts";
import type { TaskResult } from "./task.ts";

/** What happens to a run. `attempt` counts the run's retries from 1. */
export type RunFact =
  | {
      readonly type: "run.created" | "run.started" | "run.cancelling" | "run.retried";
      readonly attempt: number;
    }
  | {
      readonly type: "run.ended";
      readonly attempt: number;
      readonly status: "DONE" | "FAILED" | "CANCELLED";
      readonly summary: string;
      readonly error?: ErrorObject;
    };

/** What happens to a task. `try` grows over all attempts of a run; -1 as map index: not an item of a list. */
export type TaskFact = {
  readonly task: string;
  readonly mapIndex: number;
  readonly attempt: number;
  readonly try: number;
} & (
  | { readonly type: "task.waiting" | "task.queued" | "task.started"; readonly maxTries?: number }
  | {
      readonly type: "task.progress";
      readonly progress: { readonly rows: number; readonly fraction: number | null };
    }
  | {
      readonly type: "task.ended";
      readonly status: "DONE" | "FAILED" | "SKIPPED" | "CANCELLED";
      /** Failed, and another try is due. */
      readonly retry?: boolean;
      readonly result?: TaskResult;
      readonly error?: ErrorObject;
    }
);

export type Fact = RunFact | TaskFact;

/** A fact and the instant it happened at (ISO). */
export type Timed<F extends Fact = Fact> = F & { readonly time: string };

export interface RunState {
  readonly attempt: number;
  readonly status: RunStatus;
  readonly cancelling?: boolean;
  readonly started?: string;
  readonly ended?: Timed<Extract<RunFact, { type: "run.ended" }>>;
}

export interface TaskState {
  readonly attempt: number;
  readonly try: number;
  readonly maxTries: number;
  readonly status: TaskStatus;
  readonly queued?: string;
  readonly started?: string;
  readonly progress?: { readonly rows: number; readonly fraction: number | null };
  readonly ended?: Timed<Extract<TaskFact, { type: "task.ended" }>>;
}

export const newRun: RunState = { attempt: 1, status: "WAITING" };
export const newTask: TaskState = { attempt: 1, try: 0, maxTries: 1, status: "WAITING" };

/**
 * The state of a run after one more event. Order does not matter, nor does hearing of an event twice: facts of
 * an older attempt are ignored, a newer attempt begins afresh, facts of one attempt are joined.
 */
export function foldRun(event: Timed<RunFact>, state: RunState = newRun): RunState {
  if (event.attempt < state.attempt) return state;
  const base: RunState =
    event.attempt > state.attempt ? { attempt: event.attempt, status: "WAITING" } : state;
  return withRunStatus(joinRun(event, base));
}

function joinRun(event: Timed<RunFact>, state: RunState): RunState {
  if (event.type === "run.started") return { ...state, started: earliest(event.time, state.started) };
  if (event.type === "run.cancelling") return { ...state, cancelling: true };
  if (event.type === "run.ended") return { ...state, ended: first(event, state.ended) };
  return state;
}

function withRunStatus(state: RunState): RunState {
  return { ...state, status: state.ended ? state.ended.status : state.started ? "RUNNING" : "WAITING" };
}

/** The state of a task after one more event; as with runs, any order gives the same state. */
export function foldTask(event: Timed<TaskFact>, state: TaskState = newTask): TaskState {
  const age = event.attempt - state.attempt || event.try - state.try;
  if (age < 0) return state;
  const fresh = { attempt: event.attempt, try: event.try, maxTries: 1, status: "WAITING" } as const;
  return withTaskStatus(joinTask(event, age > 0 ? fresh : state));
}

function joinTask(event: Timed<TaskFact>, state: TaskState): TaskState {
  if (event.type === "task.ended") return { ...state, ended: first(event, state.ended) };
  if (event.type === "task.progress") {
    const further = event.progress.rows > (state.progress?.rows ?? -1);
    return further ? { ...state, progress: event.progress } : state;
  }
  const maxTries = Math.max(state.maxTries, event.maxTries ?? 1);
  if (event.type === "task.waiting") return { ...state, maxTries };
  return event.type === "task.queued"
    ? { ...state, maxTries, queued: earliest(event.time, state.queued) }
    : { ...state, maxTries, started: earliest(event.time, state.started) };
}

function withTaskStatus(state: TaskState): TaskState {
  const { ended, started, queued } = state;
  if (ended) return { ...state, status: ended.retry ? "RETRYING" : ended.status };
  return { ...state, status: started ? "RUNNING" : queued ? "QUEUED" : "WAITING" };
}

function earliest(time: string, known: string | undefined): string {
  return known === undefined || time < known ? time : known;
}

/** Of two events that both say how it ended, the earlier one counts. */
function first<F extends Timed>(event: F, known: F | undefined): F {
  if (known === undefined) return event;
  const rank = (one: F) => `${one.time} ${canonicalJson(one)}`;
  return rank(event) < rank(known) ? event : known;
}

/** What makes an event the same event: telling the store twice has no effect. */
export function eventKey(fact: Fact): string {
  if (!("task" in fact)) return `${fact.type}/${fact.attempt}`;
  const rows = fact.type === "task.progress" ? `/${fact.progress.rows}` : "";
  return `${fact.type}/${fact.task}/${fact.mapIndex}/${fact.attempt}/${fact.try}${rows}`;
}
