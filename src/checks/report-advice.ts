import type { Advice, Report, ReportError, ReportTask } from "./report.ts";
import { cellAdvice } from "./report-advice-cells.ts";
import { labelsMoved, validRules, wholeRules } from "./report-advice-header.ts";
import { joinedRules } from "./report-advice-joined.ts";
import { rowRules } from "./report-advice-rows.ts";
import { type ErrorGroup, errorTotal, groupsOf } from "./report-groups.ts";

/** What rules look at. */
export interface Look {
  readonly task: ReportTask;
  readonly groups: readonly ErrorGroup[];
  readonly total: number;
  /** The listed errors of a type. */
  readonly of: (type: string) => readonly ReportError[];
  /** All errors of a type, also those that are not listed. */
  readonly count: (type: string) => number;
}

/** Advice that is worth the room it takes. */
const mostAdvice = 5;

/**
 * The causes behind the errors of a task, the one that explains most of them first; often there is none. A
 * valid table may have some, too: it may not be the table that was meant.
 */
export function adviceOf(task: ReportTask): Advice[] {
  const groups = groupsOf(task);
  const look: Look = {
    task,
    groups,
    total: errorTotal(task),
    of: (type) => task.errors.filter((error) => error.type === type),
    count: (type) => task.stats.errorCounts[type] ?? 0,
  };
  if (task.valid) return validRules.flatMap((rule) => rule(look) ?? []);
  const whole = wholeRules.flatMap((rule) => rule(look) ?? []);
  const found =
    whole.length > 0
      ? whole
      : [
          ...[labelsMoved, ...rowRules, ...joinedRules].flatMap((rule) => rule(look) ?? []),
          ...cellAdvice(groups, task.stats.rows),
        ];
  return found.sort((a, b) => b.explains - a.explains).slice(0, mostAdvice);
}

/** A report with the advice on each of its tables, as it is sent to people and programs. */
export function advised(report: Report): Report {
  return { ...report, tasks: report.tasks.map((task) => ({ ...task, advice: adviceOf(task) })) };
}

/** Finds one cause, if it is there. */
export type AdviceRule = (look: Look) => Advice | undefined;
