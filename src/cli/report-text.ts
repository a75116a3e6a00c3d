import { located, withTables } from "../checks/located.ts";
import type { Report, ReportError, ReportTask } from "../checks/report.ts";
import { adviceOf } from "../checks/report-advice.ts";
import { counted, errorTotal, groupsOf } from "../checks/report-groups.ts";
import { bytesText, countText, secondsText } from "./cell-text.ts";
import type { Output } from "./output.ts";
import { groupLines, type RowLook } from "./report-rows-text.ts";
import { visible } from "./table.ts";
import { wrapped } from "./wrap-text.ts";

export interface ReportLook extends Pick<Output, "style" | "width"> {
  /** True: more rows of each kind. */
  readonly verbose?: boolean;
}

/** Kinds of errors that are shown of each table, and rows of each kind. */
const shownGroups = { few: 6, many: 50 };
const shownRows = { few: 3, many: 20 };

/** A validation report for people: what is wrong, where, and what to do. */
export function reportText(found: Report, look: ReportLook): string {
  const report = withTables(located(found));
  const { tasks } = report;
  const several = tasks.length > 1;
  const parts = [
    ...report.errors.map((error) => metadataText(error, look)),
    ...(report.warnings.length > 0 ? [noteLines(report.warnings, look).join("\n")] : []),
    ...(several ? [tasks.map((task) => titleLine(task, look)).join("\n")] : []),
    ...tasks.filter((task) => !several || hasMore(task)).map((task) => taskText(task, look, !several)),
    ...(several ? [totalLine(report, look)] : []),
  ];
  return parts.join("\n\n");
}

const hasMore = (task: ReportTask): boolean =>
  !task.valid || task.warnings.length > 0 || adviceOf(task).length > 0;

function totalLine({ tasks }: Report, { style }: ReportLook): string {
  const bad = tasks.filter(({ valid }) => !valid).length;
  const errors = tasks.reduce((sum, task) => sum + errorTotal(task), 0);
  const found =
    bad === 0 ? "all valid" : `${tasks.length - bad} valid, ${bad} not valid, ${counted(errors, "error")}`;
  return style("bold", `${tasks.length} tables: ${found}`);
}

/** Verdict, place and facts of one table; of one that could not be read there are none. */
function titleLine(task: ReportTask, look: ReportLook): string {
  const { stats, valid } = task;
  const facts = [
    counted(stats.rows, "row"),
    counted(stats.fields, "field"),
    bytesText(stats.bytes),
    secondsText(stats.seconds),
  ].join(", ");
  const found = valid ? "" : `: ${counted(errorTotal(task), "error")}`;
  return `${verdictLine(task, look)}${stats.fields + stats.bytes > 0 ? ` (${facts})` : ""}${found}`;
}

const verdictLine = ({ valid, place }: ReportTask, { style }: ReportLook): string =>
  `${valid ? style("green", "valid") : style("red", "invalid")}  ${style("bold", visible(place))}`;

/** What is to be said of one table; where there are several, their facts were said before. */
function taskText(task: ReportTask, look: ReportLook, isOnly: boolean): string {
  return [
    isOnly ? titleLine(task, look) : verdictLine(task, look),
    ...noteLines(task.warnings, look),
    ...adviceLines(task, look),
    ...groupsText(task, look),
  ].join("\n");
}

const noteLines = (warnings: readonly string[], { style, width }: ReportLook): string[] =>
  warnings.map((warning) => style("yellow", wrapped(visible(`note: ${warning}`), { width, indent: 2 })));

function adviceLines(task: ReportTask, { style, width }: ReportLook): string[] {
  const advice = adviceOf(task);
  if (advice.length === 0) return [];
  return [
    "",
    style("bold", task.valid ? "  Is this the table that you mean?" : "  What to do first"),
    ...advice.flatMap(({ cause, fix }) => [
      style("yellow", wrapped(`* ${visible(cause)}`, { width, indent: 2, hanging: 4 })),
      wrapped(visible(fix), { width, indent: 4 }),
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
            wrapped(
              `And also: ${visible(more.join(", "))}. \`--verbose\` or \`--html report.html\` shows them.`,
              {
                width: look.width,
                indent: 2,
              },
            ),
          ),
        ]
      : []),
  ];
}

function metadataText({ message, place, pointer, note, type }: ReportError, look: ReportLook): string {
  const { style, width } = look;
  return [
    `${style("red", "invalid")}  ${style("bold", visible(place ?? ""))}${pointer ? ` at ${visible(pointer)}` : ""}`,
    wrapped(visible(`${message} (${type})`), { width, indent: 2 }),
    ...(note ? [wrapped(visible(note), { width, indent: 2 })] : []),
  ].join("\n");
}
