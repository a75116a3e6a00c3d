import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { AirCanError, type ErrorObject } from "../base/errors.ts";
import type { LogLevel } from "../base/log.ts";
import type { FromTask, Outcome, TaskJob, ToTask } from "./task-messages.ts";

/** What one try may use, and who hears of it. */
export interface TaskLimits {
  readonly timeout: number;
  /** Bytes of resident memory. */
  readonly memory: number;
  /** Aborted: the body is told, then SIGTERM, then SIGKILL. */
  readonly signal: AbortSignal;
  readonly onLog: (level: LogLevel, message: string) => void;
  readonly onProgress: (progress: { rows: number; fraction: number | null }) => void;
  readonly secret: (name: string) => Promise<string>;
}

/** A pool of warm child processes that run task bodies. */
export interface Processes {
  /** Never rejects: a body that throws, a crash, a timeout and too much memory are outcomes. */
  readonly execute: (job: TaskJob, limits: TaskLimits) => Promise<Outcome>;
  /** Kills all; what was running has no outcome. */
  readonly close: () => Promise<void>;
}

interface Worker {
  readonly child: ChildProcess;
  readonly last: string[];
  heard: (message: FromTask) => void;
  said: (level: LogLevel, line: string) => void;
}

const keptLines = 20;
const grace = 400;
const watchEvery = 200;
/** A process that has grown beyond this is not used again. */
const reusable = 700 * 1024 ** 2;

/** `entry` is the file that calls `runTasks`; at most `size` idle processes are kept. */
export function openProcesses(
  entry: string,
  size: number,
  environment: Readonly<Record<string, string>> = {},
): Processes {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const state = { closed: false };
  const start = (): Worker => {
    const worker = startWorker(entry, environment);
    all.add(worker);
    worker.child.once("exit", () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };
  const giveBack = async (worker: Worker): Promise<void> => {
    const fit = !state.closed && idle.length < size && (await memoryOf(worker.child)) < reusable;
    if (fit && worker.child.connected) idle.push(worker);
    else worker.child.kill("SIGKILL");
  };
  idle.push(start());
  return {
    execute: async (job, limits) => {
      const worker = idle.pop() ?? start();
      const outcome = await runOn(worker, job, limits);
      // Code of a DAG file stays loaded: its next version needs a process that has not seen this one.
      if (/\.[cm]?[jt]s$/.test(job.file ?? "") || limits.signal.aborted) worker.child.kill("SIGKILL");
      else void giveBack(worker);
      return outcome;
    },
    close: async () => {
      state.closed = true;
      await Promise.all([...all].map(endWorker));
    },
  };
}

function startWorker(entry: string, environment: Readonly<Record<string, string>>): Worker {
  const env = { ...process.env, ...environment };
  const child = fork(entry, [], { execArgv: [], env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const worker: Worker = { child, last: [], heard: () => {}, said: () => {} };
  child.on("message", (message: FromTask) => worker.heard(message));
  child.on("error", () => {});
  const read = (stream: NodeJS.ReadableStream | null, level: LogLevel) => {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      worker.last.push(line);
      if (worker.last.length > keptLines) worker.last.shift();
      worker.said(level, line);
    });
  };
  read(child.stdout, "info");
  read(child.stderr, "warning");
  return worker;
}

async function runOn(worker: Worker, job: TaskJob, limits: TaskLimits): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const state: { why: ErrorObject | undefined } = { why: undefined };
  const end = (error: AirCanError) => {
    state.why ??= error.toJSON();
    void stopBody(worker, error.message, promise);
  };
  const send = (message: ToTask) => worker.child.connected && worker.child.send(message);
  const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
    resolve({ type: "error", error: state.why ?? crashed(worker, job, { code, signal }).toJSON() });
  const onAbort = () => end(new AirCanError("interrupted", `Task "${job.task}" was cancelled.`));
  const watch = watchLimits(worker, job, { ...limits, end });
  worker.said = limits.onLog;
  worker.heard = (message) => {
    if (message.type === "log") limits.onLog(message.level, message.message);
    else if (message.type === "progress") limits.onProgress(message);
    else if (message.type === "secret") void answerSecret(message, limits, send);
    else if (message.type === "result" || message.type === "error") resolve(message);
  };
  worker.child.once("exit", onExit);
  limits.signal.addEventListener("abort", onAbort, { once: true });
  if (worker.child.exitCode !== null || worker.child.signalCode !== null)
    onExit(worker.child.exitCode, worker.child.signalCode);
  else if (limits.signal.aborted) onAbort();
  else send({ type: "run", job });
  const outcome = await promise;
  watch();
  limits.signal.removeEventListener("abort", onAbort);
  worker.child.off("exit", onExit);
  return state.why ? { type: "error", error: state.why } : outcome;
}

async function answerSecret(
  { id, name }: { readonly id: number; readonly name: string },
  limits: TaskLimits,
  send: (message: ToTask) => void,
): Promise<void> {
  await limits.secret(name).then(
    (value) => send({ type: "secret", id, value }),
    (error: unknown) => {
      const found =
        error instanceof AirCanError ? error : new AirCanError("not-found", `There is no secret "${name}".`);
      send({ type: "secret", id, error: found.toJSON() });
    },
  );
}

interface Limit extends TaskLimits {
  readonly end: (error: AirCanError) => void;
}

function watchLimits(worker: Worker, job: TaskJob, { timeout, memory, end }: Limit): () => void {
  const clock = setTimeout(() => {
    const where = { dag: job.dag, task: job.task };
    end(new AirCanError("timeout", `Task "${job.task}" took longer than ${shownTime(timeout)}.`, { where }));
  }, timeout);
  const scales = setInterval(async () => {
    const used = await memoryOf(worker.child);
    if (used <= memory) return;
    worker.child.kill("SIGKILL");
    end(tooMuchMemory(job, { used, memory }));
  }, watchEvery);
  return () => {
    clearTimeout(clock);
    clearInterval(scales);
  };
}

function tooMuchMemory(job: TaskJob, { used, memory }: { used: number; memory: number }): AirCanError {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
  return new AirCanError(
    "task-failed",
    `Task "${job.task}" used ${megabytes(used)} of memory; it may use ${megabytes(memory)}.`,
    { hint: "Raise `memory` of the task, or give it less at once.", where: { dag: job.dag, task: job.task } },
  );
}

function shownTime(milliseconds: number): string {
  return milliseconds >= 60_000 ? `${milliseconds / 60_000} minutes` : `${milliseconds / 1_000} seconds`;
}

/** Tells the body; one that goes on is ended, then killed. */
async function stopBody(worker: Worker, reason: string, ended: Promise<unknown>): Promise<void> {
  if (worker.child.connected) worker.child.send({ type: "abort", reason } satisfies ToTask);
  const waited = { over: false };
  void ended.then(() => {
    waited.over = true;
  });
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await Promise.race([ended, pause(grace, undefined, { ref: false })]);
    if (waited.over) return;
    worker.child.kill(signal);
  }
}

function crashed(
  worker: Worker,
  job: TaskJob,
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
): AirCanError {
  const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
  return new AirCanError("task-failed", `The process of task "${job.task}" ${how}.`, {
    where: { dag: job.dag, task: job.task, code, signal },
    details: { last_lines: [...worker.last] },
  });
}

/** Resident bytes; 0 where the system does not tell. */
async function memoryOf(child: ChildProcess): Promise<number> {
  const text = await readFile(`/proc/${child.pid}/statm`, "utf8").catch(() => "");
  return Number(text.split(" ")[1] ?? 0) * 4096;
}

async function endWorker({ child }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 500);
  await gone;
  clearTimeout(patience);
}
