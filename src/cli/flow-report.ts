import type { AirCanError } from "../base/errors.ts";
import type { Report } from "../checks/report.ts";
import { reportOf } from "../ckan/load/report.ts";
import type { FlowResult } from "../flow/flow.ts";
import type { RowError } from "../plan/relation.ts";

interface Findings {
  readonly errors: readonly RowError[];
  /** Per resource, where it is known. */
  readonly rows: Readonly<Record<string, number>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The validation report of a flow that let bad cells pass; undefined if there were none. */
export function reportOfFlow({ errors, stats }: FlowResult): Report | undefined {
  const rows = Object.entries(stats.resources).map(([name, resource]) => [name, resource.rows]);
  return errors.length > 0
    ? merged({ errors, rows: Object.fromEntries(rows), seconds: stats.seconds })
    : undefined;
}

/** The validation report of a flow that bad cells ended; undefined if it was something else. */
export function reportOfFailure({ details }: AirCanError, seconds: number): Report | undefined {
  if (typeof details !== "object" || details === null || !("first_errors" in details)) return undefined;
  // Errors about data have these details, whoever throws them.
  const { first_errors: errors, counts } = details as {
    first_errors: readonly RowError[];
    counts?: Record<string, number>;
  };
  return merged({ errors, rows: {}, seconds, ...(counts ? { counts } : {}) });
}

/** One task of the report for each resource. Counts beyond the errors known belong to a single resource only. */
function merged({ errors, rows, counts, seconds }: Findings): Report {
  const names = [...new Set(errors.map(({ resource }) => resource))];
  const reports = names.map((name) => {
    const findings = errors.filter(({ resource }) => resource === name);
    return reportOf({
      ...{ name, place: name, labels: [], bytes: 0, fields: 0, rows: rows[name] ?? 0, seconds },
      findings,
      counts: counts && names.length === 1 ? counts : countsOf(findings),
    });
  });
  const sum = (key: "errors" | "warnings") => reports.reduce((total, { stats }) => total + stats[key], 0);
  return {
    valid: reports.every(({ valid }) => valid),
    stats: { tasks: reports.length, errors: sum("errors"), warnings: sum("warnings"), seconds },
    warnings: [],
    errors: [],
    tasks: reports.flatMap(({ tasks }) => tasks),
  };
}

function countsOf(findings: readonly RowError[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
