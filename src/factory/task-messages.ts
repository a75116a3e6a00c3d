import type { ErrorObject } from "../base/errors.ts";
import type { LogLevel } from "../base/log.ts";
import type { TaskResult } from "./task.ts";

/** One try of a task, as it is sent to a child process. */
export interface TaskJob {
  readonly kind: string;
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  readonly mapIndex: number | null;
  readonly try: number;
  readonly conf: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly address: string;
  readonly upstream: Readonly<Record<string, string>>;
  readonly before: readonly string[];
  /** Root of the storage, as users write it. */
  readonly storage: string;
  readonly databaseUrl: string;
  /** The operator's file that the DAG comes from. */
  readonly file: string | null;
}

export type ToTask =
  | { readonly type: "run"; readonly job: TaskJob }
  | { readonly type: "abort"; readonly reason: string }
  | { readonly type: "secret"; readonly id: number; readonly value?: string; readonly error?: ErrorObject };

export type FromTask =
  | { readonly type: "ready" }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string }
  | { readonly type: "progress"; readonly rows: number; readonly fraction: number | null }
  | { readonly type: "secret"; readonly id: number; readonly name: string }
  | { readonly type: "result"; readonly result: TaskResult }
  | { readonly type: "error"; readonly error: ErrorObject };

/** How a try ended. */
export type Outcome =
  | { readonly type: "result"; readonly result: TaskResult }
  | { readonly type: "error"; readonly error: ErrorObject };
