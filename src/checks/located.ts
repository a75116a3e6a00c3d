import type { Report, ReportTask } from "./report.ts";

/** A report whose places are all relative to where the validation was called, for those who look for the files. */
export function located(report: Report): Report {
  return { ...report, tasks: report.tasks.map(locatedTask) };
}

function locatedTask(task: ReportTask): ReportTask {
  const { folder, place, errors } = task;
  const isElsewhere = place === "memory" || place.startsWith("/") || /^[a-z][a-z0-9+.-]+:/i.test(place);
  if (folder === undefined || isElsewhere) return task;
  const whole = `${folder}/${place}`;
  return {
    ...task,
    place: whole,
    errors: errors.map((error) => (error.place === place ? { ...error, place: whole } : error)),
  };
}

/** A report for people: where several tables stand in one file, each place says which one it is. */
export function withTables(report: Report): Report {
  const counts = Map.groupBy(report.tasks, ({ place }) => place);
  const tasks = report.tasks.map((task) =>
    (counts.get(task.place)?.length ?? 0) < 2 ? task : { ...task, place: `${task.place} (${task.name})` },
  );
  return { ...report, tasks };
}
