import type { Report, ReportTask } from "./report.ts";
import { adviceOf } from "./report-advice.ts";
import { counted, countOfGroup, type ErrorGroup, errorTotal, groupsOf } from "./report-groups.ts";

/** GitHub takes comments of 65,536 characters. */
const mostCharacters = 60_000;
const mostTasks = 100;
const mostGroups = 10;
const mostErrors = 5;

/** A report as Markdown for the comment of a pull request: short, in tables, and never too long for one. */
export function reportMarkdown(report: Report): string {
  const bad = report.tasks.filter(({ valid }) => !valid);
  const parts = [
    `## ${report.valid ? "✅ The data is valid" : "❌ The data is not valid"}`,
    summaryOf(report, bad.length),
    ...report.errors.map((error) =>
      `- ${code(error.place ?? "")}${error.pointer ? ` at ${code(error.pointer)}` : ""}: ${safe(error.message)} ${safe(error.note)}`.trimEnd(),
    ),
    ...report.warnings.map((warning) => `> ${safe(warning)}`),
    ...(report.tasks.length > 1 ? [taskTable(report.tasks)] : []),
    ...bad.map(taskPart),
  ];
  return `${fitting(parts).join("\n\n")}\n`;
}

function summaryOf({ tasks, stats }: Report, bad: number): string {
  const rows = tasks.reduce((sum, task) => sum + task.stats.rows, 0);
  const errors = tasks.reduce((sum, task) => sum + errorTotal(task), 0);
  const found =
    errors > 0
      ? `${counted(errors, "error")} in ${bad} of ${counted(tasks.length, "table")}`
      : counted(tasks.length, "table");
  return `${found}, ${counted(rows, "row")}, ${stats.seconds} s.`;
}

/** The parts that have room; what is left out is said. */
function fitting(parts: readonly string[]): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const part of parts) {
    if (used + part.length > mostCharacters)
      return [...kept, `*${counted(parts.length - kept.length, "part")} more had no room here.*`];
    kept.push(part);
    used += part.length + 2;
  }
  return kept;
}

function taskTable(tasks: readonly ReportTask[]): string {
  const shown = tasks.toSorted((a, b) => Number(a.valid) - Number(b.valid)).slice(0, mostTasks);
  return [
    "| | table | rows | errors |",
    "| --- | --- | ---: | ---: |",
    ...shown.map((task) =>
      tableRow([task.valid ? "✅" : "❌", code(task.place), `${task.stats.rows}`, `${errorTotal(task)}`]),
    ),
    ...(tasks.length > shown.length ? [`| | *${tasks.length - shown.length} more* | | |`] : []),
  ].join("\n");
}

function taskPart(task: ReportTask): string {
  const groups = groupsOf(task);
  const more = groups.length - mostGroups;
  const advice = adviceOf(task).map(({ cause, fix }) => `- **${safe(cause)}** ${safe(fix)}`);
  return [
    `### ${code(task.place)}`,
    ...(advice.length > 0 ? [["What to do first:", "", ...advice].join("\n")] : []),
    ...task.warnings.map((warning) => `> ${safe(warning)}`),
    ...groups.slice(0, mostGroups).map(groupPart),
    ...(more > 0 ? [`*and ${counted(more, "more kind")} of errors*`] : []),
  ].join("\n\n");
}

function groupPart(group: ErrorGroup): string {
  const { type, field, count, summary, hint, errors } = group;
  const shown = errors.slice(0, mostErrors);
  const rest = count - shown.length;
  return [
    `**${type}**${field === undefined ? "" : ` in ${code(field)}`}: ${countOfGroup(group)}. ${summary} ${hint}`.trim(),
    "",
    "| row | cell | what is wrong |",
    "| ---: | --- | --- |",
    ...shown.map((error) =>
      tableRow([
        String(error.rowNumber ?? error.rowNumbers?.join(", ") ?? ""),
        code(error.cell ?? error.label ?? ""),
        safe(error.message),
      ]),
    ),
    ...(rest > 0 ? [`| … | | *and ${rest.toLocaleString("en-US")} more* |`] : []),
  ].join("\n");
}

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const longest = 120;

/** A text in a code span, which nothing inside of it can end. */
function code(text: string): string {
  const short = oneLine(text);
  if (short === "") return "";
  const fence = "`".repeat(1 + Math.max(0, ...Array.from(short.matchAll(/`+/g), ([run]) => run.length)));
  const pad = fence.length > 1 || short.startsWith("`") || short.endsWith("`") ? " " : "";
  return `${fence}${pad}${short}${pad}${fence}`;
}

/** A text in which no sign means anything, but for code that our own texts mark. Nobody is mentioned. */
function safe(text: string): string {
  return oneLine(text, 400)
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 1 ? code(part) : escaped(part)))
    .join("");
}

const escaped = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>&~]/g, "\\$&").replaceAll(/([@#])(?=[\w-])/g, "$1\u200b");

/** Control characters are blanks; those that turn the order of letters around are a sign. */
function oneLine(text: string, most = longest): string {
  const line = text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
