import { execFileSync } from "node:child_process";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { openLocalStorage } from "../storage/local.ts";
import type { LoadTaskContext, LoadTaskParts, LoadTaskResult } from "./load/task.ts";
import { loadDag } from "./load-dag.ts";
import { createLoadTaskKinds } from "./load-tasks.ts";

type TaskName = keyof typeof loadDag.tasks;

export interface TestRun {
  /** Runs one task, as the factory does. */
  readonly task: (name: TaskName, conf: Readonly<Record<string, unknown>>) => Promise<LoadTaskResult>;
  /** Runs all, and gives their results. */
  readonly all: (conf: Readonly<Record<string, unknown>>) => Promise<Record<TaskName, LoadTaskResult>>;
  readonly logs: string[];
  readonly json: (address: string) => Promise<unknown>;
  readonly text: (address: string) => Promise<string>;
}

interface TestSetting extends Partial<LoadTaskParts> {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly signal?: AbortSignal;
  readonly run?: string;
}

const engine = createDuckDBEngine();

/** A run of the DAG `load` without a factory: one task after the other in this process. */
export function openTestRun({ folder, databaseUrl, signal, run = "r1", ...parts }: TestSetting): TestRun {
  const storage = openLocalStorage(folder);
  const kinds = createLoadTaskKinds({ engine, allowPrivate: true, allowLocal: [], ...parts });
  const logs: string[] = [];
  const contextOf = (name: TaskName, conf: Readonly<Record<string, unknown>>): LoadTaskContext => {
    const definition: { readonly kind: string; readonly after?: readonly string[] } = loadDag.tasks[name];
    const after = definition.after ?? [];
    return {
      conf,
      address: `load/${run}/${name}/`,
      upstream: Object.fromEntries(after.map((id) => [id, `load/${run}/${id}/`])),
      storage,
      databaseUrl,
      signal: signal ?? new AbortController().signal,
      log: (level, message) => void logs.push(`${level}: ${message}`),
      progress: () => {},
    };
  };
  const text = async (address: string) =>
    Buffer.concat(await (await storage.read(address)).toArray()).toString();
  const task: TestRun["task"] = async (name, conf) => {
    const body = kinds[loadDag.tasks[name].kind];
    if (!body) throw new Error(`no task ${name}`);
    return body(contextOf(name, conf));
  };
  return {
    task,
    all: async (conf) => ({
      fetch: await task("fetch", conf),
      check: await task("check", conf),
      load: await task("load", conf),
      notify: await task("notify", conf),
    }),
    logs,
    text,
    json: async (address) => JSON.parse(await text(address)),
  };
}

/** A disk that is full can be had where a small one may be mounted. */
export function canMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
