import type { Task, TaskStatus } from "../../lib/contract.ts";
import { formatCount } from "../../lib/format.ts";

/** A task of the DAG with all its instances: one, or as many as it was mapped to. */
export interface TaskGroup {
  readonly id: string;
  readonly title: string;
  readonly after: readonly string[];
  readonly status: TaskStatus;
  readonly tasks: readonly Task[];
  readonly started: string | null;
  readonly ended: string | null;
  readonly seconds: number | null;
}

/** What many instances amount to: the most pressing of their states. */
const pressing: readonly TaskStatus[] = [
  "RUNNING",
  "FAILED",
  "RETRYING",
  "QUEUED",
  "WAITING",
  "CANCELLED",
  "SKIPPED",
  "DONE",
];

/** Tasks by the name they have in the DAG, in its order. */
export function groupTasks(tasks: readonly Task[]): readonly TaskGroup[] {
  return [...Map.groupBy(tasks, (task) => task.id)].map(([id, members]) => {
    const states = new Set(members.map((task) => task.status));
    const starts = members.flatMap((task) => task.started ?? []).sort();
    const ends = members.flatMap((task) => task.ended ?? []).sort();
    return {
      id,
      title: members[0]?.title || id,
      after: members[0]?.after ?? [],
      status: pressing.find((status) => states.has(status)) ?? "WAITING",
      tasks: members,
      started: starts[0] ?? null,
      ended: ends.length === members.length ? (ends.at(-1) ?? null) : null,
      seconds: members.length === 1 ? (members[0]?.seconds ?? null) : null,
    };
  });
}

/** One line about a group: rows, tries, how many instances are done. */
export function factsOf(group: TaskGroup): readonly string[] {
  const done = group.tasks.filter((task) => task.status === "DONE").length;
  const rows = sum(group.tasks.map(rowsOf));
  const tries = Math.max(...group.tasks.map((task) => task.try));
  return [
    ...(group.tasks.length > 1 ? [`${done} of ${group.tasks.length} done`] : []),
    ...(rows === null ? [] : [formatCount(rows, "row")]),
    ...percentOf(group),
    ...(tries > 1 ? [`try ${tries}`] : []),
  ];
}

/** How far a task is that runs alone and knows its end. */
function percentOf({ tasks: [task, ...others] }: TaskGroup): readonly string[] {
  const fraction = task?.status === "RUNNING" && others.length === 0 ? task.progress?.fraction : null;
  return fraction == null ? [] : [`${Math.floor(fraction * 100)} %`];
}

function rowsOf(task: Task): number | null {
  // A task that counts no rows, such as a download, says 0 all the time.
  if (task.status === "RUNNING" && task.progress !== null) return task.progress.rows || null;
  return typeof task.stats.rows === "number" ? task.stats.rows : null;
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

/** Whether a task has checked data, or failed at it: then there is a report. */
export function hasChecked(tasks: readonly Task[]): boolean {
  const over = tasks.filter(({ status }) => status === "DONE" || status === "FAILED");
  return over.some(({ stats, error }) => typeof stats.errors === "number" || error?.kind === "data");
}

/** The table of the DataStore that a task loaded. */
export function tableOf(groups: readonly TaskGroup[]): string | null {
  const tables = groups
    .flatMap((group) => group.tasks)
    .filter((task) => task.status === "DONE")
    .map((task) => task.stats.table);
  return tables.find((table) => typeof table === "string") ?? null;
}
