import type { Report, ReportError, ReportTask } from "./report.ts";
import { adviceOf } from "./report-advice.ts";
import { counted, errorTotal } from "./report-groups.ts";
import { countTables } from "./report-html-counts.ts";
import { groupsHtml } from "./report-html-rows.ts";
import { reportStyle } from "./report-html-style.ts";
import { html, type Markup, markup } from "./report-markup.ts";

/**
 * A report as one page of its own: nothing is fetched and no script runs, so it can be sent, stored and
 * printed. Errors stand inside the rows that they are about.
 */
export function reportHtml(report: Report): string {
  const title = `${titleOf(report)}: ${report.valid ? "valid" : "not valid"}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${markup(reportStyle)}</style>
</head>
<body>
<main>
<header>${verdict(report.valid)}<h1>${titleOf(report)}</h1><p class="soft">${factsOf(report)}</p></header>
${report.errors.length > 0 ? sourceErrors(report.errors) : ""}
${report.warnings.length > 0 ? html`<section>${notesHtml(report.warnings)}</section>` : ""}
${report.tasks.length > 1 ? overview(report.tasks) : ""}
${report.tasks.filter((task) => !task.valid || task.warnings.length > 0 || report.tasks.length === 1).map((task) => taskHtml(task, report.tasks.indexOf(task), report.tasks.length === 1))}
<footer>Made by AirCan. Rows are counted as records of the file, the header included.</footer>
</main>
</body>
</html>
`;
  return page.text;
}

const titleOf = ({ tasks, errors }: Report): string =>
  tasks.length === 1
    ? (tasks[0]?.place ?? "")
    : tasks.length === 0
      ? (errors[0]?.place ?? "Nothing")
      : counted(tasks.length, "table");

const verdict = (valid: boolean): Markup =>
  html`<p class="verdict ${valid ? "valid" : "invalid"}">${valid ? "Valid" : "Not valid"}</p>`;

function factsOf({ tasks, stats }: Report): string {
  const rows = tasks.reduce((sum, task) => sum + task.stats.rows, 0);
  const errors = tasks.reduce(
    (sum, task) => sum + errorTotal(task),
    stats.errors - tasks.reduce((sum, task) => sum + task.stats.errors, 0),
  );
  return `${counted(errors, "error")} in ${counted(rows, "row")}, tested in ${stats.seconds} s`;
}

/** What is wrong with a descriptor, a schema or a source as a whole. */
function sourceErrors(errors: readonly ReportError[]): Markup {
  return html`<section>${errors.map(
    ({ place = "", pointer, message, note }) =>
      html`<div><h2>${place}${pointer ? html` <code class="soft">${pointer}</code>` : ""}</h2><p>${message}</p>${note ? html`<p class="soft">${note}</p>` : ""}</div>`,
  )}</section>`;
}

const notesHtml = (warnings: readonly string[]): Markup =>
  html`<ul class="notes">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`;

function overview(tasks: readonly ReportTask[]): Markup {
  const rows = tasks.map(
    (task, i) =>
      html`<tr><td>${task.valid && task.warnings.length === 0 ? task.place : html`<a href="#table-${i + 1}">${task.place}</a>`}</td><td><span class="verdict ${task.valid ? "valid" : "invalid"}" style="margin:0">${task.valid ? "valid" : "not valid"}</span></td><td class="num">${task.stats.rows.toLocaleString("en-US")}</td><td class="num">${errorTotal(task).toLocaleString("en-US")}</td></tr>`,
  );
  return html`<section><div class="scroll"><table class="list"><thead><tr><th>table</th><th>verdict</th><th class="num">rows</th><th class="num">errors</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function taskHtml(task: ReportTask, i: number, isOnly: boolean): Markup {
  const { stats, warnings, place } = task;
  const facts = [counted(stats.rows, "row"), counted(stats.fields, "field"), counted(stats.bytes, "byte")];
  if (!isOnly) facts.push(counted(errorTotal(task), "error"));
  return html`<section id="table-${i + 1}">${isOnly ? "" : html`<h2>${place}</h2>`}<p class="soft">${facts.join(", ")}</p>
${warnings.length > 0 ? notesHtml(warnings) : ""}
${adviceHtml(task, isOnly)}${task.valid ? html`<p>Nothing is wrong.</p>` : [countTables(task), groupsHtml(task)]}
</section>`;
}

function adviceHtml(task: ReportTask, isOnly: boolean): Markup | "" {
  const advice = adviceOf(task);
  if (advice.length === 0) return "";
  const title = task.valid ? "Is this the table that you mean?" : "What to do first";
  const items = advice.map(
    ({ cause, fix }) => html`<li><strong>${withCode(cause)}</strong>${withCode(fix)}</li>`,
  );
  return html`<div class="advice">${isOnly ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}<ol>${items}</ol></div>`;
}

/** A sentence of ours whose parts between backticks are code. */
function withCode(sentence: string): Markup[] {
  return sentence
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
