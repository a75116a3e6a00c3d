import type { Report } from "./report.ts";

/** Several reports as one, their tasks in the order given. One report alone is given back as it is. */
export function mergeReports(reports: readonly Report[]): Report {
  const [only] = reports;
  if (only && reports.length === 1) return only;
  const sum = (key: keyof Report["stats"]) => reports.reduce((total, { stats }) => total + stats[key], 0);
  return {
    valid: reports.every(({ valid }) => valid),
    stats: {
      tasks: sum("tasks"),
      errors: sum("errors"),
      warnings: sum("warnings"),
      seconds: Math.round(sum("seconds") * 1000) / 1000,
    },
    warnings: reports.flatMap(({ warnings }) => warnings),
    errors: reports.flatMap(({ errors }) => errors),
    tasks: reports.flatMap(({ tasks }) => tasks),
  };
}
