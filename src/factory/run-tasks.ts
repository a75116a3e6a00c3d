import { AirCanError, type ErrorObject, messageOf, toAirCanError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskContext, TaskKinds } from "./task.ts";
import type { FromTask, TaskJob, ToTask } from "./task-messages.ts";

export interface TaskProcess {
  readonly kinds: TaskKinds;
  readonly openStorage: (root: string) => Storage;
}

/**
 * The child's side: runs one body after the other, as the factory's process asks. Ends when that process does,
 * so that a killed factory leaves nothing running.
 */
export function runTasks(tasks: TaskProcess): void {
  const send = (message: FromTask) => {
    if (process.connected) process.send?.(message);
  };
  const state: { abort: AbortController; secrets: Map<number, Answer> } = {
    abort: new AbortController(),
    secrets: new Map(),
  };
  process.on("disconnect", () => process.exit(1));
  process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the factory decides what happens to tasks.
  process.on("message", (message: ToTask) => {
    if (message.type === "abort") {
      state.abort.abort(new AirCanError("interrupted", message.reason));
    } else if (message.type === "secret") {
      const answer = state.secrets.get(message.id);
      state.secrets.delete(message.id);
      if (message.error) answer?.reject(fromObject(message.error));
      else answer?.resolve(message.value ?? "");
    } else {
      state.abort = new AbortController();
      void runOne(message.job, { tasks, state, send });
    }
  });
  send({ type: "ready" });
}

interface Answer {
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly tasks: TaskProcess;
  readonly state: { readonly abort: AbortController; readonly secrets: Map<number, Answer> };
  readonly send: (message: FromTask) => void;
}

async function runOne(job: TaskJob, running: Running): Promise<void> {
  try {
    const body = running.tasks.kinds[job.kind];
    if (!body)
      throw new AirCanError(
        "dag-error",
        `There is no kind of task "${job.kind}"; there are ${Object.keys(running.tasks.kinds).join(", ")}.`,
      );
    const result = await body(contextOf(job, running));
    running.send({ type: "result", result: result ?? {} });
  } catch (error) {
    const found = toAirCanError(error);
    if (found.code === "bug" && error instanceof Error) logError(error, running);
    running.send({ type: "error", error: found.at({ dag: job.dag, task: job.task }).toJSON() });
  }
}

function logError(error: Error, { send }: Running): void {
  send({ type: "log", level: "error", message: error.stack ?? error.message });
}

function contextOf(job: TaskJob, { tasks, state, send }: Running): TaskContext {
  const log: Log = (level, message, facts) =>
    send({ type: "log", level, message: facts === undefined ? message : `${message} ${shownFacts(facts)}` });
  const { storage, kind: _kind, ...rest } = job;
  return {
    ...rest,
    storage: tasks.openStorage(storage),
    signal: state.abort.signal,
    log,
    progress: ({ rows, fraction }) => send({ type: "progress", rows, fraction }),
    secret: (name) => askSecret(name, { state, send }),
  };
}

function shownFacts(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

let nextSecret = 1;

function askSecret(name: string, { state, send }: Pick<Running, "state" | "send">): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const id = nextSecret++;
  state.secrets.set(id, { resolve, reject });
  send({ type: "secret", id, name: name.replace(/^secret:\/\//, "") });
  return promise;
}

/** The error that another process sent. */
export function fromObject(error: ErrorObject): AirCanError {
  return new AirCanError(error.code, messageOf(error.message), {
    hint: error.hint,
    where: error.where,
    details: error.details,
  });
}
