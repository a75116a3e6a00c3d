import type { Report, ReportError } from "./report.ts";
import { adviceFor } from "./report-groups.ts";

const columns = [
  "task",
  "place",
  "type",
  "severity",
  "row",
  "line",
  "field",
  "fieldNumber",
  "cell",
  "message",
  "hint",
] as const;

/**
 * The errors of a report as CSV (RFC 4180, CRLF), one a row, for a spreadsheet: those of no single task
 * first, without a task. Texts that a spreadsheet would take for a formula have a `'` before them; control
 * characters and those that turn the order of letters around are a sign.
 */
export function reportCsv(report: Report): string {
  const rows = [
    columns,
    ...report.errors.map((error) => rowOf(error, "", error.place ?? "")),
    ...report.tasks.flatMap(({ name, place, errors }) => errors.map((error) => rowOf(error, name, place))),
  ];
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function rowOf(error: ReportError, task: string, place: string): string[] {
  const { type, severity, rowNumber, line, fieldName, fieldNumber, cell, label, message, note, tags } = error;
  const hint = note !== "" && tags.length === 0 ? note : adviceFor(type).hint;
  const cells = [task, place, type, severity, rowNumber ?? error.rowNumbers?.[0], line];
  return [...cells, fieldName, fieldNumber, cell ?? label, message, hint].map((value) =>
    value === undefined ? "" : String(value),
  );
}

/** Signs that begin a formula, also those of full width, as spreadsheets in East Asia take them. */
const formula = /^[=@\t\r\n\uff1d\uff20]|^[+\-\uff0b\uff0d](?![\d.,\s]*$)/;

function csvCell(text: string): string {
  const shown = text.replaceAll(/[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
  const safe = formula.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
