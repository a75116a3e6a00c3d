import type { ReportError, ReportTask } from "./report.ts";
import { badPlaces, type ExcerptRow, excerptRows, shownColumns } from "./report-excerpt.ts";
import {
  commonMessage,
  counted,
  countOfGroup,
  type ErrorGroup,
  groupsOf,
  isBroken,
  isOfRows,
} from "./report-groups.ts";
import { html, type Markup } from "./report-markup.ts";

const mostRows = 100;
const mostColumns = 12;
const mostSentences = 20;
const longestCell = 200;
/** A word that may be broken where there is no room. */
const longWord = /\S{17}/;

/** The errors of a task, by kind and field, inside the rows that they are about. */
export function groupsHtml(task: ReportTask): Markup[] {
  return groupsOf(task).map((group) => {
    const { type, field, summary, hint } = group;
    return html`<details open><summary>${type}${field === undefined ? "" : ` in ${field}`} <span class="soft">${countOfGroup(group)}</span></summary>
<p class="soft">${summary} ${hint}</p>${groupRows(group, task)}</details>`;
  });
}

function groupRows({ errors, count }: ErrorGroup, task: ReportTask): Markup {
  const [first] = errors;
  if (first === undefined) return html``;
  if (!isOfRows(first)) return first.labels ? headerHtml(errors, first.labels) : sentences(errors);
  if (isBroken(first)) return brokenHtml(errors);
  const rows = excerptRows(errors).slice(0, mostRows);
  const shown = rows.reduce((sum, row) => sum + row.errors.length, 0);
  const [bad = 0] = badPlaces({ errors });
  const width = Math.max(task.labels.length, ...rows.map(({ cells }) => cells.length), bad + 1);
  const columns = shownColumns(width, bad, mostColumns);
  const common = commonMessage(errors);
  const isLeap = (i: number) => i > 0 && !columns.includes(i - 1);
  const distance = (i: number) => (i === 0 ? 0 : Math.abs(i - bad));
  const labels = columns.map((i) => labelHtml(task.labels[i] ?? "", isLeap(i), distance(i)));
  const look = { columns, distance, isSaid: common === undefined };
  return html`${common ? html`<p>${common}</p>` : ""}${scroll(html`<table class="rows"><thead><tr><th class="num">row</th>${labels}</tr></thead><tbody>${rows.map((row) => rowHtml(row, look))}</tbody></table>`)}${
    count > shown ? html`<p class="soft">and ${counted(count - shown, "more error")} of this kind</p>` : ""
  }`;
}

/** A part that is wider than the page, which the keyboard moves, too. */
const scroll = (part: Markup): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Rows">${part}</div>`;

/** A column's head; before it a sign that columns are left out. A column without a label has an empty cell. */
function labelHtml(label: string, isLeap: boolean, distance: number): Markup {
  const text = `${isLeap ? "… " : ""}${label}`;
  const look = classes({ ...byDistance(distance), long: longWord.test(label) });
  return text === "" ? html`<td${look}></td>` : html`<th${look}>${text}</th>`;
}

/** Small screens have the first column, the bad one and those beside it; paper one more on each side. */
const byDistance = (distance: number) => ({ near: distance === 2, far: distance > 2 });

function classes(names: Readonly<Record<string, boolean>>): Markup {
  const worn = Object.keys(names).filter((name) => names[name]);
  return worn.length === 0 ? html`` : html` class="${worn.join(" ")}"`;
}

/** Rows that could not be split into cells, as they stand in the file. */
function brokenHtml(errors: readonly ReportError[]): Markup {
  const rows = errors
    .slice(0, mostRows)
    .map(
      ({ rowNumber = "", cells = [], message }) =>
        html`<tr class="cells bad"><td class="num">${rowNumber}</td><td>${cellHtml(cells.join(","), true)}</td></tr><tr class="says"><td></td><td>${message}</td></tr>`,
    );
  return scroll(html`<table class="rows"><tbody>${rows}</tbody></table>`);
}

interface RowsLook {
  readonly columns: readonly number[];
  /** How far a column is from the bad one; the first is at hand. */
  readonly distance: (column: number) => number;
  /** True: what is wrong is said below each row. */
  readonly isSaid: boolean;
}

function rowHtml(row: ExcerptRow, { columns, distance, isSaid }: RowsLook): Markup {
  const { number, line, cells, errors } = row;
  const bad = badPlaces(row);
  const title = line === undefined || line === number ? "" : ` (line ${line})`;
  const says = html`<tr class="says"><td></td><td colspan="${columns.length}"><div>${errors.map(
    ({ message }, i) => html`${i > 0 ? html`<br>` : ""}${message}`,
  )}</div></td></tr>`;
  const look = (i: number, isBad: boolean) =>
    classes({
      bad: isBad,
      long: longWord.test(cells[i] ?? ""),
      ...byDistance(isBad ? 0 : distance(i)),
    });
  return html`<tr class="${isSaid ? "cells" : ""}${bad.size === 0 ? " bad" : ""}"><td class="num">${number ?? ""}${title}</td>${columns.map(
    (i) => html`<td${look(i, bad.has(i))}>${cellHtml(cells[i], bad.has(i))}</td>`,
  )}</tr>${isSaid ? says : ""}`;
}

/** An empty bad cell is said to be empty, as nothing else would show. */
function cellHtml(cell: string | undefined, isBad: boolean): Markup {
  if (cell === undefined) return isBad ? html`<span class="none">missing</span>` : html``;
  if (cell === "") return isBad ? html`<span class="none">empty</span>` : html``;
  return html`${cell.length > longestCell ? `${cell.slice(0, longestCell - 1)}…` : cell}`;
}

/** Errors about labels: the header with the bad ones marked, and what is wrong with each. */
function headerHtml(errors: readonly ReportError[], labels: readonly string[]): Markup {
  const bad = new Set(errors.map(({ fieldNumber = 0 }) => fieldNumber - 1));
  const columns = shownColumns(labels.length, Math.max(0, ...bad), mostColumns);
  const cells = columns.map(
    (i) => html`<td${classes({ bad: bad.has(i) })}>${cellHtml(labels[i], bad.has(i))}</td>`,
  );
  return html`${scroll(html`<table class="rows"><tbody><tr>${cells}</tr></tbody></table>`)}${sentences(errors)}`;
}

function sentences(errors: readonly ReportError[]): Markup {
  const shown = errors.slice(0, mostSentences);
  const more = errors.length - shown.length;
  return html`<ul>${shown.map(
    ({ message, note, tags }) =>
      html`<li>${message}${note && tags.length === 0 ? html` <span class="soft">${note}</span>` : ""}</li>`,
  )}</ul>${more > 0 ? html`<p class="soft">and ${counted(more, "more error")}</p>` : ""}`;
}
