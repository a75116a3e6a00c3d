import type { ErrorObject } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { ScheduleSpec, TriggerSpec } from "./schedule-spec.ts";

/** What a task's body gets. It runs in a child process; nothing here holds rows. */
export interface TaskContext {
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  readonly mapIndex: number | null;
  readonly try: number;
  /** Global to the run; checked against the DAG's params. Secrets stand in it as `secret://name`. */
  readonly conf: Readonly<Record<string, unknown>>;
  /** The task's own configuration in the DAG. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The operator's file that the DAG comes from; null for DAGs from elsewhere. */
  readonly file: string | null;
  /** Own address, `<dag>/<run>/<task>/`: whatever the task makes is written below it. */
  readonly address: string;
  /** Addresses of the tasks directly upstream. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Own addresses in earlier runs over the same data, newest first; for validations only. */
  readonly before: readonly string[];
  readonly storage: Storage;
  readonly databaseUrl: string;
  /** Aborted on cancel, timeout and shutdown. A body that ignores it is killed. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly progress: (progress: { rows: number; fraction: number | null }) => void;
  readonly secret: (name: string) => Promise<string>;
}

/** What a task says in the end: addresses and counts, never data. */
export interface TaskResult {
  readonly stats?: Readonly<Record<string, unknown>>;
  /** Names of files below the task's address, with what is known of each. */
  readonly outputs?: readonly {
    readonly name: string;
    readonly format?: string;
    readonly rows?: number;
    readonly bytes?: number;
    readonly hash?: string;
  }[];
  /** Length of the list that a mapped task downstream fans out over. */
  readonly count?: number;
  /** One sentence for people: "loaded 12,345 rows". */
  readonly summary?: string;
  /** The task did its work, and what it found makes it fail: its outputs and stats stay. */
  readonly failure?: ErrorObject;
}

/** The body of a kind of task. Throwing AirCanError fails the try; `kind: "data" | "config"` is not retried. */
export type TaskBody = (context: TaskContext) => Promise<TaskResult>;

/** The kinds of task there are: `flow`, `load.fetch`, … A value, passed from above; plug-ins add their own. */
export type TaskKinds = Readonly<Record<string, TaskBody>>;

/** A DAG as data: what is stored, hashed and interpreted. */
export interface DagDefinition {
  readonly dag: string;
  readonly title?: string;
  readonly description?: string;
  readonly jobType?: string;
  /** JSON Schema per parameter of `conf`. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
  readonly schedule?: ScheduleSpec;
  /** Events that start a run. */
  readonly triggers?: readonly TriggerSpec[];
  /** Absolute path of the operator's file that it came from. */
  readonly file?: string;
}

export interface TaskDefinition {
  /** Key of TaskKinds. */
  readonly kind: string;
  readonly title?: string;
  readonly after?: readonly string[];
  /** Tries after the first; 0 unless told. */
  readonly retries?: number;
  /** Such as `20m`; 1 hour unless told. */
  readonly timeout?: string;
  /** Such as `2GB`; the body's process is killed above it. */
  readonly memory?: string;
  /** Fans out over the list that this upstream task counted. */
  readonly map?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** `always`: runs even if something upstream failed (for notifying). */
  readonly when?: "success" | "always";
}
