import type { Report, ReportError, ReportTask } from "../../checks/report.ts";
import type { Change, Comparison } from "./shapes.ts";

/**
 * Compares the errors of a report with those of the one before. An error is the same if type, field, cell and the
 * whole row are, wherever the row stands now; else if type, field, cell and row number are; else if type, field
 * and cell are. Each error of one report is the counterpart of at most one of the other.
 */
export function compareReports(before: Report, now: Report): Comparison {
  const tasks = now.tasks.map((task, i) => compareTasks(counterpartOf(task, i, before), task));
  const count = (wanted: Change) =>
    tasks.reduce((sum, { errors }) => sum + errors.filter((one) => one === wanted).length, 0);
  return {
    new: count("new"),
    remaining: count("remaining"),
    fixed: tasks.reduce((sum, { fixed }) => sum + fixed.length, 0),
    isComplete: [before, now].every(listsAll),
    counts: countsOf(before, now),
    tasks,
  };
}

/** The task of the same name, else of the same place in the report. */
function counterpartOf({ name }: ReportTask, place: number, { tasks }: Report): ReportTask | undefined {
  return tasks.find((task) => task.name === name) ?? tasks[place];
}

function compareTasks(before: ReportTask | undefined, now: ReportTask): Comparison["tasks"][number] {
  const left = new Set(before?.errors);
  const changes = new Map<ReportError, Change>();
  for (const keyOf of keys) {
    const byKey = Map.groupBy(left, keyOf);
    for (const error of now.errors) {
      if (changes.has(error)) continue;
      const same = byKey.get(keyOf(error))?.shift();
      if (same === undefined) continue;
      left.delete(same);
      changes.set(error, "remaining");
    }
  }
  return {
    name: now.name,
    errors: now.errors.map((error) => changes.get(error) ?? "new"),
    fixed: [...left],
  };
}

/** What makes an error the same, the strictest first. Errors without a row are the same by their message. */
const keys: readonly ((error: ReportError) => string)[] = [
  (error) => JSON.stringify([cellOf(error), error.cells ?? error.message]),
  (error) => JSON.stringify([cellOf(error), error.rowNumber ?? null]),
  (error) => JSON.stringify([cellOf(error), error.rowNumber === undefined ? error.message : null]),
];

function cellOf({ type, fieldName, fieldNumber, label, cell, constraint, pointer }: ReportError) {
  return [type, fieldName || fieldNumber || label || null, cell ?? null, constraint ?? null, pointer ?? null];
}

function listsAll({ tasks }: Report): boolean {
  return tasks.every(
    ({ errors, stats }) =>
      errors.length >= Object.values(stats.errorCounts).reduce((sum, count) => sum + count, 0),
  );
}

function countsOf(before: Report, now: Report): Comparison["counts"] {
  const [old, young] = [totalsOf(before), totalsOf(now)];
  return [...new Set([...young.keys(), ...old.keys()])].map((type) => ({
    type,
    before: old.get(type) ?? 0,
    now: young.get(type) ?? 0,
  }));
}

function totalsOf({ tasks }: Report): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { stats } of tasks)
    for (const [type, count] of Object.entries(stats.errorCounts))
      if (count > 0) totals.set(type, (totals.get(type) ?? 0) + count);
  return totals;
}
