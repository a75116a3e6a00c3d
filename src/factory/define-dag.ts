import type { z } from "zod";
import type { scheduleSpec, triggerSpec } from "./schedule-spec.ts";
import type { TaskBody, TaskDefinition } from "./task.ts";

export type TaskSettings = Omit<TaskDefinition, "kind" | "config">;

/** What a task of a TypeScript DAG does: a flow, or a function that gets the task's context. */
export type TaskWork = TaskBody | { readonly kind: "flow" };

export interface TaskOfDag {
  readonly id: string;
  readonly work: TaskWork;
  readonly settings: TaskSettings;
}

export interface DagSettings {
  readonly title?: string;
  readonly description?: string;
  readonly jobType?: string;
  /** JSON Schema per parameter of the conf. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** When runs start by themselves: `{ cron: "0 6 * * *", timezone: "Europe/Oslo" }`. */
  readonly schedule?: z.input<typeof scheduleSpec>;
  /** Events that start a run: `[{ event: "resource.updated", match: { format: "csv" } }]`. */
  readonly triggers?: readonly z.input<typeof triggerSpec>[];
}

/** A DAG written in TypeScript, the default export of its file. */
export interface DagOfFile {
  readonly type: "dag";
  readonly dag: string;
  readonly settings: DagSettings;
  readonly tasks: readonly TaskOfDag[];
}

/** One task: `task("clean", flow(…), { retries: 3 })`. */
export function task(id: string, work: TaskWork, settings: TaskSettings = {}): TaskOfDag {
  return { id, work, settings };
}

/** A DAG: `export default dag("prices", { title: "Prices" }, [task("clean", …), task("publish", …)])`. */
export function dag(id: string, settings: DagSettings, tasks: readonly TaskOfDag[]): DagOfFile {
  return { type: "dag", dag: id, settings, tasks };
}

export function isDagOfFile(value: unknown): value is DagOfFile {
  return typeof value === "object" && value !== null && "type" in value && value.type === "dag";
}
