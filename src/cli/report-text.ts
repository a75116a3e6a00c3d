import type { Report, ReportError, ReportTask } from "../checks/report.ts";
import { adviceOf } from "../checks/report-advice.ts";
import { counted, errorTotal, groupsOf } from "../checks/report-groups.ts";
import { bytesText, countText, secondsText } from "./cell-text.ts";
import type { Output } from "./output.ts";
import { groupLines, type RowLook } from "./report-rows-text.ts";
import { wrapped } from "./wrap-text.ts";

export interface ReportLook extends Pick<Output, "style" | "width"> {
  /** True: more rows of each kind. */
  readonly verbose?: boolean;
}

/** Kinds of errors that are shown of each table, and rows of each kind. */
const shownGroups = { few: 6, many: 50 };
const shownRows = { few: 3, many: 20 };

/** A validation report for people: what is wrong, where, and what to do. */
export function reportText(report: Report, look: ReportLook): string {
  const { tasks } = report;
  const several = tasks.length > 1;
  const parts = [
    ...report.errors.map((error) => metadataText(error, look)),
    ...(several ? [tasks.map((task) => titleLine(task, look)).join("\n")] : []),
    ...tasks.filter((task) => !several || !task.valid).map((task) => taskText(task, look)),
    ...(several ? [totalLine(report, look)] : []),
  ];
  return parts.join("\n\n");
}

function totalLine({ tasks }: Report, { style }: ReportLook): string {
  const bad = tasks.filter(({ valid }) => !valid).length;
  const errors = tasks.reduce((sum, task) => sum + errorTotal(task), 0);
  const found =
    bad === 0 ? "all valid" : `${tasks.length - bad} valid, ${bad} not valid, ${counted(errors, "error")}`;
  return style("bold", `${tasks.length} tables: ${found}`);
}

/** Verdict, place and facts of one table. */
function titleLine(task: ReportTask, { style }: ReportLook): string {
  const { stats, place, valid } = task;
  const facts = [
    counted(stats.rows, "row"),
    counted(stats.fields, "field"),
    bytesText(stats.bytes),
    secondsText(stats.seconds),
  ].join(", ");
  const verdict = valid ? style("green", "valid") : style("red", "invalid");
  const found = valid ? "" : `: ${counted(errorTotal(task), "error")}`;
  return `${verdict}  ${style("bold", place)} (${facts})${found}`;
}

function taskText(task: ReportTask, look: ReportLook): string {
  const { style, width } = look;
  const notes = task.warnings.map((warning) =>
    style("yellow", wrapped(`note: ${warning}`, { width, indent: 2 })),
  );
  if (task.valid) return [titleLine(task, look), ...notes].join("\n");
  return [titleLine(task, look), ...notes, ...adviceLines(task, look), ...groupsText(task, look)].join("\n");
}

function adviceLines(task: ReportTask, { style, width }: ReportLook): string[] {
  const advice = adviceOf(task);
  if (advice.length === 0) return [];
  return [
    "",
    style("bold", "  What to do first"),
    ...advice.flatMap(({ cause, fix }) => [
      style("yellow", wrapped(`* ${cause}`, { width, indent: 2, hanging: 4 })),
      wrapped(fix, { width, indent: 4 }),
    ]),
  ];
}

function groupsText(task: ReportTask, look: ReportLook): string[] {
  const amount = look.verbose ? "many" : "few";
  const groups = groupsOf(task);
  const shown = groups.slice(0, shownGroups[amount]);
  const rest = groups.slice(shown.length);
  const rows: RowLook = { ...look, labels: task.labels, rows: shownRows[amount] };
  const more = rest.map(
    ({ type, field, count }) => `${type}${field === undefined ? "" : ` in ${field}`} (${countText(count)})`,
  );
  return [
    ...shown.flatMap((group, i) => [
      "",
      ...groupLines(group, { ...rows, isKnown: shown.findIndex(({ type }) => type === group.type) < i }),
    ]),
    ...(more.length > 0
      ? [
          "",
          look.style(
            "dim",
            wrapped(`And also: ${more.join(", ")}. \`--verbose\` or \`--html report.html\` shows them.`, {
              width: look.width,
              indent: 2,
            }),
          ),
        ]
      : []),
  ];
}

function metadataText({ message, place, pointer, note, type }: ReportError, look: ReportLook): string {
  const { style, width } = look;
  return [
    `${style("red", "invalid")}  ${style("bold", place ?? "")}${pointer ? ` at ${pointer}` : ""}`,
    wrapped(`${message} (${type})`, { width, indent: 2 }),
    ...(note ? [wrapped(note, { width, indent: 2 })] : []),
  ].join("\n");
}
