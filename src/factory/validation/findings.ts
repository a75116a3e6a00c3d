import { catalogue, type ErrorCode } from "../../base/catalogue.ts";
import { AirCanError, type ErrorObject } from "../../base/errors.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import type { TaskContext } from "../task.ts";

const shownErrors = 10;

/** How many errors of each type a report counts, in all its tables. */
export function countsOf(report: Report): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of report.errors) counts[type] = (counts[type] ?? 0) + 1;
  for (const { stats } of report.tasks)
    for (const [type, count] of Object.entries(stats.errorCounts))
      if (count > 0) counts[type] = (counts[type] ?? 0) + count;
  return counts;
}

/** `3 type-error, 1 missing-cell`. */
export function kindsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([type, count]) => `${count.toLocaleString("en-US")} ${type}`)
    .join(", ");
}

/** The errors of a report with the tables they stand in. */
function errorsOf(report: Report): readonly (ReportError & { readonly table?: string })[] {
  return [
    ...report.errors,
    ...report.tasks.flatMap(({ name, errors }) => errors.map((error) => ({ ...error, table: name }))),
  ];
}

/** Puts the first errors of a report into the log. */
export function sayWhatWasFound({ log }: TaskContext, report: Report): void {
  const errors = errorsOf(report);
  if (errors.length === 0) log("info", "Everything is good.");
  for (const { rowNumber, line, message, type } of errors.slice(0, shownErrors)) {
    const inLine = line === undefined || line === rowNumber ? "" : ` (line ${line})`;
    const place = rowNumber === undefined ? "" : `Row ${rowNumber}${inLine}: `;
    log("warning", `${place}${message} (${type})`);
  }
}

function placeOf(error: ReturnType<typeof errorsOf>[number] | undefined): Readonly<Record<string, unknown>> {
  const { table: resource, rowNumber: row, line, fieldName: field, cell: value } = error ?? {};
  const places = Object.entries({ resource, row, line, field, value });
  return Object.fromEntries(places.filter(([, place]) => place !== undefined && place !== ""));
}

/** `cities.csv is`, `2 of 3 tables are`. */
function subjectOf({ tasks }: Report, first: ReportError | undefined): string {
  const bad = tasks.filter(({ valid }) => !valid);
  if (tasks.length > 1 && bad.length > 0)
    return `${bad.length} of ${tasks.length} tables ${bad.length === 1 ? "is" : "are"}`;
  return `${tasks[0]?.place ?? first?.place ?? "The source"} is`;
}

/** The code of what ends the run: where nothing could be opened, that of the first error, else `data-error`. */
function codeOf(errors: readonly ReportError[]): ErrorCode {
  const codes = errors.map(({ type }) => (type in catalogue ? (type as ErrorCode) : "data-error")); // it is one
  const [first = "data-error"] = codes;
  return codes.every((code) => catalogue[code].kind !== "data") ? first : "data-error";
}

/** Why a run over invalid data fails: what is wrong in all, and first. */
export function invalid(report: Report, { dag, task }: TaskContext): ErrorObject {
  const errors = errorsOf(report);
  const [first] = errors;
  const code = codeOf(errors);
  if (first && code !== "data-error")
    return new AirCanError(code, first.message, {
      ...(first.note === "" ? {} : { hint: first.note }),
      where: { dag, task },
    }).toJSON();
  const what = `${subjectOf(report, first)} not valid: ${kindsText(countsOf(report))}.`;
  const where = first?.rowNumber === undefined ? "" : `row ${first.rowNumber}: `;
  return new AirCanError(code, `${what}${first ? ` First: ${where}${first.message}` : ""}`, {
    hint: "Correct the cells that the report lists, and check the file again.",
    where: { dag, task, ...placeOf(first) },
    details: {
      first_errors: errors.slice(0, shownErrors).map((error) => ({
        ...{ code: error.type, row: error.rowNumber ?? null, line: error.line ?? null },
        ...{ field: error.fieldName ?? null, value: error.cell ?? null, message: error.message },
      })),
      counts: countsOf(report),
      rows: report.tasks.reduce((sum, { stats }) => sum + stats.rows, 0),
    },
  }).toJSON();
}
