import { setTimeout as pause } from "node:timers/promises";
import { AirCanError, type ErrorObject, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Attempt } from "./attempts.ts";
import { upstreamOf } from "./dag.ts";
import type { Database } from "./database/database.ts";
import { runsBefore } from "./earlier-runs.ts";
import { type RunInput, type TryInput, tryId } from "./engine/engine.ts";
import type { Fact } from "./events.ts";
import { itemKey } from "./graph.ts";
import type { Message } from "./interpreter.ts";
import { openTryLog } from "./logs.ts";
import type { Processes } from "./processes.ts";
import { hideAll, type Secrets } from "./secrets.ts";
import { type Known, record } from "./store.ts";
import type { TaskDefinition } from "./task.ts";
import type { Outcome, TaskJob } from "./task-messages.ts";
import { parseDuration, parseSize } from "./units.ts";

export interface TryParts {
  readonly database: Database;
  readonly readAttempt: (input: RunInput) => Promise<Attempt>;
  readonly processes: Processes;
  readonly secrets: Secrets;
  readonly storageRoot: string;
  readonly log: Log;
  /** Aborted when the factory closes: tries under way then have no end, and go on at the next start or elsewhere. */
  readonly closing: AbortSignal;
}

export interface Tries {
  readonly run: (input: TryInput) => Promise<Message>;
  /** Stops what runs here of a run; without a name, of every run that is being cancelled. */
  readonly cancel: (run: string | undefined) => Promise<void>;
  /** Stops what runs here and is not named: another process does it now, and says how it ends. */
  readonly keepOnly: (tries: ReadonlySet<string>) => void;
}

/** A try that runs here. */
interface Running {
  readonly abort: AbortController;
  readonly lose: () => void;
}

const longestDelay = 60;
const progressEvery = 500;

/** Runs tries of tasks in child processes, and records how they began and ended. */
export function openTries(parts: TryParts): Tries {
  const running = new Map<TryInput, Running>();
  return {
    run: async (input) => {
      const lost = new AbortController();
      const abort = new AbortController();
      const lose = () => {
        lost.abort();
        abort.abort();
      };
      running.set(input, { abort, lose });
      const closing = AbortSignal.any([parts.closing, lost.signal]);
      try {
        return await persist({ ...parts, closing }, (inner) => runTry(input, inner, abort.signal));
      } finally {
        running.delete(input);
      }
    },
    cancel: async (run) => {
      const runs = run === undefined ? await cancelling(parts.database, [...running.keys()]) : new Set([run]);
      for (const [input, { abort }] of running) if (runs.has(input.run)) abort.abort();
    },
    keepOnly: (tries) => {
      for (const [input, { lose }] of running) {
        if (tries.has(tryId(input))) continue;
        running.delete(input);
        lose();
      }
    },
  };
}

async function cancelling(database: Database, inputs: readonly TryInput[]): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ id: string }>(
    "select id from aircan.run where id = any($1) and (state->>'cancelling')::boolean",
    [inputs.map((input) => input.run)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A try always gives an answer: the database may be away for long. After closing, or once lost, it never does. */
async function persist<Result>(parts: TryParts, body: (parts: TryParts) => Promise<Result>): Promise<Result> {
  const { closing, log } = parts;
  for (;;) {
    try {
      const result = await body(parts);
      if (!closing.aborted) return result;
    } catch (error) {
      if (!closing.aborted) log("warning", `A task waits for the database: ${messageOf(error)}`);
    }
    if (closing.aborted) return new Promise(() => {});
    await pause(1_000, undefined, { ref: false });
  }
}

async function runTry(input: TryInput, parts: TryParts, signal: AbortSignal): Promise<Message> {
  const attempt = await parts.readAttempt(input);
  const begun = await begin(input, parts, attempt);
  if (begun) return messageOfEnd(input, attempt, begun);
  const outcome = await runBody(input, { ...parts, attempt, signal });
  const end = endOf(input, attempt, outcome);
  if (parts.closing.aborted) return new Promise(() => {});
  await record(parts.database.patient, input.run, [end]);
  return messageOfEnd(input, attempt, end);
}

type End = Extract<Fact, { type: "task.ended" }>;

/** Records that the try began, unless it has ended already (before a crash) or the run is being cancelled. */
async function begin(input: TryInput, { database }: TryParts, attempt: Attempt): Promise<End | undefined> {
  const found: { end: End | undefined } = { end: undefined };
  const facts = ({ run, tasks }: Known): readonly Fact[] => {
    const state = tasks.get(itemKey(input));
    const ended = state?.attempt === input.attempt && state.try === input.try ? state.ended : undefined;
    const over = run.cancelling || run.ended || run.attempt !== input.attempt;
    found.end = ended ?? (over ? { type: "task.ended", ...placeOf(input), status: "CANCELLED" } : undefined);
    if (ended) return [];
    if (found.end) return [found.end];
    const place = { ...placeOf(input), maxTries: lastTry(input, attempt) };
    const queued = state?.try === input.try && state.queued !== undefined;
    // A try that began at once may be here before the run has said that it was queued.
    return [
      ...(queued ? [] : [{ type: "task.queued", ...place } as const]),
      { type: "task.started", ...place },
    ];
  };
  await record(database.patient, input.run, { items: [input], facts });
  return found.end;
}

function placeOf({ task, mapIndex, attempt, try: number }: TryInput) {
  return { task, mapIndex, attempt, try: number };
}

function lastTry(input: TryInput, attempt: Attempt): number {
  return (attempt.tries[itemKey(input)] ?? 0) + 1 + (attempt.dag.tasks[input.task]?.retries ?? 0);
}

function endOf(input: TryInput, attempt: Attempt, outcome: Outcome): End {
  const place = { type: "task.ended", ...placeOf(input) } as const;
  if (outcome.type === "result") {
    const { failure, ...result } = outcome.result;
    if (failure === undefined) return { ...place, status: "DONE", result };
    return { ...place, status: "FAILED", error: failure, result };
  }
  const { error } = outcome;
  if (error.code === "interrupted") return { ...place, status: "CANCELLED", error };
  const retry = !isHopeless(error) && input.try < lastTry(input, attempt);
  return { ...place, status: "FAILED", error, ...(retry ? { retry } : {}) };
}

/** True if another try would end the same: bad data, bad words, and what a server refused (4xx) for good. */
function isHopeless({ kind, where }: ErrorObject): boolean {
  const { status } = where;
  const refused =
    typeof status === "number" && status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  return kind === "data" || kind === "config" || refused;
}

function messageOfEnd(input: TryInput, attempt: Attempt, end: End): Message {
  const nth = input.try - (attempt.tries[itemKey(input)] ?? 0);
  return {
    type: "ended",
    item: { task: input.task, mapIndex: input.mapIndex },
    status: end.status === "SKIPPED" ? "FAILED" : end.status,
    next: end.retry ? input.try + 1 : null,
    delaySeconds: end.retry ? Math.min(2 ** (nth - 1), longestDelay) : 0,
    count: end.result?.count ?? null,
  };
}

async function runBody(
  input: TryInput,
  parts: TryParts & { readonly attempt: Attempt; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { database, attempt, processes, secrets, signal } = parts;
  const task = attempt.dag.tasks[input.task];
  if (!task) {
    const error = new AirCanError("bug", `The snapshot of run "${input.run}" has no task "${input.task}".`);
    return { type: "error", error: error.toJSON() };
  }
  const seen = new Set<string>();
  const lines = openTryLog(database, input, parts.log);
  const progress = openProgress(database, input);
  const before = task.kind === "validate" ? await addressesBefore(database, input) : [];
  const outcome = await processes.execute(
    { ...jobOf(input, task, parts), before },
    {
      timeout: parseDuration(task.timeout ?? "1h"),
      memory: parseSize(task.memory ?? "4GB"),
      signal,
      onLog: (level, message) => lines.say(level, hideAll(message, seen)),
      onProgress: progress.tell,
      secret: async (name) => {
        const value = await secrets.resolve(name);
        seen.add(value);
        return value;
      },
    },
  );
  const failure = outcome.type === "error" ? outcome.error : outcome.result.failure;
  if (failure) lines.say("error", hideAll(`${failure.code}: ${failure.message}`, seen));
  await Promise.all([lines.close(), progress.close()]);
  // Hiding changes texts inside the JSON only, so its shape stays.
  return seen.size === 0 ? outcome : (JSON.parse(hideAll(JSON.stringify(outcome), seen)) as Outcome);
}

async function addressesBefore(database: Database, { run, task }: TryInput): Promise<readonly string[]> {
  return (await runsBefore(database.patient, run)).map(({ dag, id }) => `${dag}/${id}/${task}/`);
}

function jobOf(
  input: TryInput,
  task: TaskDefinition,
  parts: TryParts & { readonly attempt: Attempt },
): Omit<TaskJob, "before"> {
  const { dag, conf } = parts.attempt;
  const folder = (id: string) => `${dag.dag}/${input.run}/${id}/`;
  return {
    kind: task.kind,
    dag: dag.dag,
    run: input.run,
    task: input.task,
    mapIndex: input.mapIndex < 0 ? null : input.mapIndex,
    try: input.try,
    conf,
    config: task.config ?? {},
    address: input.mapIndex < 0 ? folder(input.task) : `${folder(input.task)}${input.mapIndex}/`,
    upstream: Object.fromEntries(upstreamOf(task).map((id) => [id, folder(id)])),
    storage: parts.storageRoot,
    databaseUrl: parts.database.url,
    file: dag.file ?? null,
  };
}

/** Records progress now and then; once closed, all of it is stored. */
function openProgress(database: Database, input: TryInput) {
  const state = { last: 0, storing: Promise.resolve() };
  const store = async (progress: { rows: number; fraction: number | null }) => {
    await record(database.patient, input.run, [{ type: "task.progress", ...placeOf(input), progress }]);
  };
  return {
    tell: (progress: { rows: number; fraction: number | null }) => {
      if (Date.now() - state.last < progressEvery) return;
      state.last = Date.now();
      state.storing = state.storing.then(() => store(progress)).catch(() => {});
    },
    close: () => state.storing,
  };
}
