import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import type { Report, ReportError, ReportTask } from "../checks/report.ts";
import { bytesText, countText, secondsText } from "./cell-text.ts";
import type { Output } from "./output.ts";
import { textWidth } from "./table.ts";

/** Errors that are shown of each table; the report as JSON has more. */
const shownErrors = 8;

type Look = Pick<Output, "style" | "width">;

/** A validation report for people: what is wrong, where, and what to do. */
export function reportText(report: Report, look: Look): string {
  const parts = [
    ...report.errors.map((error) => metadataText(error, look)),
    ...report.tasks.map((task) => taskText(task, look)),
  ];
  const bad = report.tasks.filter(({ valid }) => !valid).length;
  const total = `${report.tasks.length} tables: ${report.tasks.length - bad} valid, ${bad} invalid`;
  return [...parts, ...(report.tasks.length > 1 ? [look.style("bold", total)] : [])].join("\n\n");
}

function taskText(task: ReportTask, look: Look): string {
  const { stats, place, errors, warnings, valid } = task;
  const facts = `${countText(stats.rows)} rows, ${stats.fields} fields, ${bytesText(stats.bytes)}, ${secondsText(stats.seconds)}`;
  const said = warnings.map((warning) => look.style("yellow", `  note: ${warning}`));
  const title = look.style("bold", place);
  if (valid) return [`${look.style("green", "valid")}  ${title} (${facts})`, ...said].join("\n");
  const shown = errors.slice(0, shownErrors).map((error) => errorLines(error, look));
  const all = Object.values(stats.errorCounts).reduce((sum, count) => sum + count, 0);
  const more = all - shown.length;
  return [
    `${look.style("red", "invalid")}  ${title} (${facts})`,
    ...said,
    ...(errors.some(isOfData) ? ["", ...countLines(stats.errorCounts)] : []),
    ...shown.flatMap((lines) => ["", ...lines]),
    ...(more > 0 ? ["", look.style("dim", `  and ${countText(more)} more; \`--json\` lists them`)] : []),
  ].join("\n");
}

/** True for what stands in the header or the rows, and not in the source or its descriptor. */
const isOfData = ({ rowNumber, labels }: ReportError) => rowNumber !== undefined || labels !== undefined;

/** One line for each kind of error: how many, what it means, what to do. */
function countLines(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([type, count]) => {
      const { summary, hint } = catalogue[type as ErrorCode]; // types of errors are codes
      return `  ${countText(count).padStart(7)}  ${type}: ${summary} ${hint}`;
    });
}

function errorLines(error: ReportError, look: Look): string[] {
  const { rowNumber, line, message } = error;
  const lineText = line === undefined || line === rowNumber ? "" : ` (line ${line})`;
  const place = rowNumber === undefined ? "" : `row ${rowNumber}${lineText}: `;
  const hint = error.note && !isOfData(error) ? [`    ${error.note}`] : [];
  return [`  ${look.style("bold", place)}${message}`, ...hint, ...rowLines(error, look)];
}

/** The row as it stands in the file, with the bad cell marked. */
function rowLines({ cells, fieldNumber, type }: ReportError, look: Look): string[] {
  if (cells === undefined || cells.length === 0) return [];
  const marked = type === "missing-cell" ? cells.length : (fieldNumber ?? 0) - 1;
  const shown = [...cells, ...(type === "missing-cell" ? ["?"] : [])].map((cell) =>
    cell === "" ? "·" : visible(cell),
  );
  const { from, to } = windowAround(shown, Math.max(0, marked), look.width - 8);
  const parts = shown
    .slice(from, to)
    .map((cell, i) => (from + i === marked ? look.style("red", cell) : cell));
  const before = shown.slice(from, marked).reduce((sum, cell) => sum + textWidth(cell) + 3, from > 0 ? 4 : 0);
  const row = `    ${from > 0 ? "… │ " : ""}${parts.join(" │ ")}${to < shown.length ? " │ …" : ""}`;
  if (marked < 0) return [row];
  return [
    row,
    look.style("red", `    ${" ".repeat(before)}${"^".repeat(Math.max(1, textWidth(shown[marked] ?? "")))}`),
  ];
}

/** The cells around one that fit a width, as places from and to. */
function windowAround(cells: readonly string[], at: number, width: number): { from: number; to: number } {
  const size = (i: number) => textWidth(cells[i] ?? "") + 3;
  let [from, to, used] = [at, Math.min(cells.length, at + 1), size(at) + 8];
  for (let grown = true; grown; ) {
    grown = false;
    if (from > 0 && used + size(from - 1) <= width) {
      used += size(--from);
      grown = true;
    }
    if (to < cells.length && used + size(to) <= width) {
      used += size(to++);
      grown = true;
    }
  }
  return { from, to };
}

const widestCell = 40;

function visible(cell: string): string {
  const text = cell
    .replaceAll(/\r\n|\n|\r/g, "⏎")
    .replaceAll("\t", "⇥")
    .replaceAll(/\p{Cc}/gu, "�");
  return text.length > widestCell ? `${text.slice(0, widestCell - 1)}…` : text;
}

function metadataText({ message, place, pointer, note, type }: ReportError, look: Look): string {
  return [
    `${look.style("red", "invalid")}  ${look.style("bold", place ?? "")}${pointer ? ` at ${pointer}` : ""}`,
    `  ${message} (${type})`,
    ...(note ? [`  ${note}`] : []),
  ].join("\n");
}
