import type { Log } from "../base/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { Dag, Dataset, Job, JobStatus, LogLine, Output, Run, RunEvent, Task } from "./model.ts";
import type { Schedules } from "./schedules.ts";
import type { Shares } from "./shares.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";
import type { OutsideEvent } from "./triggers.ts";

/** One page of a list: `next_cursor` is given back to get the next one; `total` counts all that match. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly total: number;
}

/** What to start. */
export interface RunRequest {
  readonly dag: string;
  readonly conf?: Readonly<Record<string, unknown>>;
  /** Chosen by the caller; made up if absent. Taken already: `conflict`. */
  readonly runId?: string;
  /** `org/dataset` */
  readonly dataset?: string;
  /** Runs for one resource never overlap: they wait for each other in the order of their start. */
  readonly resource?: string;
  readonly user?: string;
  readonly trigger?: Run["trigger"];
  /** A second request with the same key for the same DAG gives the run of the first. */
  readonly idempotencyKey?: string;
  readonly callbackUrl?: string;
  readonly note?: string;
}

export interface ListFilter {
  readonly dag?: string;
  readonly status?: JobStatus | readonly JobStatus[];
  readonly jobType?: string;
  readonly dataset?: string;
  readonly resource?: string;
  readonly user?: string;
  /** ISO instants, by time of creation. */
  readonly since?: string;
  readonly until?: string;
  /** Text that stands in id, dag, dataset, resource, user or note. */
  readonly q?: string;
  readonly cursor?: string;
  /** 50 unless told, 500 at most. */
  readonly limit?: number;
}

/** Datasets whose name holds `q`. */
export type DatasetFilter = Pick<ListFilter, "q" | "cursor" | "limit">;

export interface LogQuery {
  readonly run: string;
  readonly task?: string;
  readonly try?: number;
  /** Only lines whose id is greater. */
  readonly after?: number;
  readonly limit?: number;
}

export type Scope = "read" | "run" | "admin";

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created: string;
  readonly lastUsed: string | null;
}

/** What `gc` deleted, or would delete. */
export interface GarbageReport {
  readonly runs: readonly string[];
  readonly kept: readonly { readonly run: string; readonly why: string }[];
}

/**
 * A running factory: definitions, runs, jobs, logs, tokens and secrets over one PostgreSQL, and (unless told
 * otherwise) a worker. Each method throws AirCanError: `not-found` for what is not there, `conflict` for what
 * does not fit the present state, `params-error` for a conf that the DAG's schema refuses, `dag-error`.
 */
export interface Factory {
  readonly databaseUrl: string;
  readonly storage: Storage;
  /** Throws `database-error` if the database does not answer. */
  readonly ready: () => Promise<void>;

  readonly putDag: (definition: DagDefinition, source?: string) => Promise<Dag>;
  readonly listDags: () => Promise<readonly Dag[]>;
  readonly showDag: (id: string) => Promise<Dag>;
  readonly dagDefinition: (id: string) => Promise<DagDefinition>;
  readonly pauseDag: (id: string, paused: boolean) => Promise<Dag>;

  /** `created` is false if the idempotency key was known. The run is durable once this resolves. */
  readonly startRun: (request: RunRequest) => Promise<{ readonly run: Run; readonly created: boolean }>;
  /** Asks for the end of a run; a run that has ended already: `conflict`. */
  readonly cancelRun: (id: string) => Promise<Run>;
  /** Runs failed, cancelled and skipped tasks (or all, or those named and what depends on them) of an ended run again. */
  readonly retryRun: (
    id: string,
    options?: {
      readonly tasks?: "failed" | "all" | readonly string[];
      readonly conf?: Readonly<Record<string, unknown>>;
    },
  ) => Promise<Run>;

  readonly listRuns: (filter?: ListFilter) => Promise<Page<Run>>;
  readonly showRun: (id: string) => Promise<Run>;
  readonly listTasks: (run: string) => Promise<readonly Task[]>;
  readonly showTask: (run: string, task: string, mapIndex?: number | null) => Promise<Task>;
  readonly listOutputs: (run: string) => Promise<readonly Output[]>;
  readonly listJobs: (filter?: ListFilter) => Promise<Page<Job>>;
  readonly showJob: (id: string) => Promise<Job>;
  readonly listDatasets: (filter?: DatasetFilter) => Promise<Page<Dataset>>;

  /** Events after an id, oldest first, of one run or all; 1,000 at most. */
  readonly listEvents: (query?: {
    readonly run?: string;
    readonly after?: number;
    readonly limit?: number;
  }) => Promise<readonly RunEvent[]>;
  /** Events after `after` (default: from now on), then new ones as they happen, until the signal aborts. */
  readonly subscribe: (query: {
    readonly run?: string;
    readonly after?: number;
    readonly signal: AbortSignal;
  }) => AsyncIterable<RunEvent>;
  readonly listLogs: (query: LogQuery) => Promise<readonly LogLine[]>;
  /** Lines after `after`, then new ones; ends when the run has ended or the signal aborts. */
  readonly followLogs: (query: LogQuery & { readonly signal: AbortSignal }) => AsyncIterable<LogLine>;

  readonly tokens: {
    /** The clear text is only ever given here. */
    readonly create: (
      name: string,
      scopes: readonly Scope[],
    ) => Promise<{ readonly token: Token; readonly text: string }>;
    readonly list: () => Promise<readonly Token[]>;
    readonly revoke: (id: string) => Promise<void>;
    /** The token of a clear text, or undefined. */
    readonly check: (text: string) => Promise<Token | undefined>;
  };
  readonly secrets: {
    readonly set: (name: string, value: string) => Promise<void>;
    readonly list: () => Promise<readonly { readonly name: string; readonly updated: string }[]>;
    readonly remove: (name: string) => Promise<void>;
    /** Hides every known secret value in a text. */
    readonly redact: (text: string) => Promise<string>;
  };
  readonly schedules: Pick<Schedules, "list" | "show" | "put" | "pause" | "remove">;
  /** Starts a run for each trigger of a DAG that an event fits. */
  readonly sendEvent: (event: OutsideEvent, user?: string) => Promise<readonly Run[]>;
  /** Links by which anyone may read the report of a run. */
  readonly shares: Shares;
  /** Older runs of the same DAG over the same data (dataset and resource, else source), newest first; 20 at most. */
  readonly runsBefore: (run: string) => Promise<readonly Run[]>;
  /** The last run over a dataset that ended and tested its data. */
  readonly lastChecked: (dataset: string) => Promise<Run | undefined>;
  readonly collectGarbage: (options: {
    readonly olderThan: Date;
    readonly dryRun?: boolean;
  }) => Promise<GarbageReport>;
  /** Stops within two seconds; runs under way go on at the next start. */
  readonly close: () => Promise<void>;
}

export interface FactoryOptions {
  readonly databaseUrl: string;
  /** Where the key of the secrets lies. */
  readonly dataFolder: string;
  readonly storage: Storage;
  /** Entry file of the child process that runs task bodies (`src/cli/task-process.ts`). */
  readonly taskProcess: string;
  /** DAGs that the product brings. */
  readonly builtIn?: readonly DagDefinition[];
  /** A folder of the user's DAG files, watched. */
  readonly dagsFolder?: string;
  /** Reads one DAG file; passed from above, as TypeScript DAGs may hold flows. */
  readonly loadDagFile?: (path: string) => Promise<readonly DagDefinition[]>;
  /** Checks one task's kind and config (a flow spec, say); throws AirCanError. Passed from above. */
  readonly checkTask?: (task: TaskDefinition, id: string) => void;
  /** Task bodies at once in this process; the number of cores unless told, at least 2. */
  readonly concurrency?: number;
  /** Added to the environment of task processes: settings that were given as flags. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Private addresses that callbacks may go to: all, or these hosts; none unless told. */
  readonly allowPrivate?: boolean | readonly string[];
  /** False: only the API; runs are left to other workers. */
  readonly worker?: boolean;
  /** False: schedules are left to others. */
  readonly scheduler?: boolean;
  readonly log: Log;
}
