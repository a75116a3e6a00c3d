import type { Log } from "../../base/log.ts";
import type { Engine } from "../../plan/engine.ts";
import type { Fetching } from "../../reading/options.ts";
import type { Storage } from "../../storage/storage.ts";

/** What the bodies of load tasks use of the factory's task context. */
export interface LoadTaskContext {
  readonly conf: Readonly<Record<string, unknown>>;
  /** Own address, `<dag>/<run>/<task>/`. */
  readonly address: string;
  readonly upstream: Readonly<Record<string, string>>;
  readonly storage: Storage;
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly progress: (progress: { rows: number; fraction: number | null }) => void;
}

export interface TaskOutput {
  readonly name: string;
  readonly format?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly hash?: string;
}

/** What a load task says in the end: counts, files below its address, one sentence. */
export interface LoadTaskResult {
  readonly stats: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TaskOutput[];
  readonly summary: string;
}

/** What the bodies need of the process they run in; chosen by the command that starts it. */
export interface LoadTaskParts {
  readonly engine: Engine;
  /** Hosts in private networks that may be fetched; true: all. */
  readonly allowPrivate: boolean | readonly string[];
  /** Folders of this machine whose files may be loaded. */
  readonly allowLocal: readonly string[];
  readonly fetching?: Fetching;
}

export type LoadTaskBody = (context: LoadTaskContext, parts: LoadTaskParts) => Promise<LoadTaskResult>;
