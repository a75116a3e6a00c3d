import { type CatalogueEntry, catalogue, type ErrorCode } from "../../base/catalogue.ts";
import type { AirCanError } from "../../base/errors.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import type { RowError } from "../../plan/relation.ts";

export interface TableFindings {
  /** Name of the resource, and its source as people may see it. */
  readonly name: string;
  readonly place: string;
  readonly labels: readonly string[];
  readonly bytes: number;
  readonly fields: number;
  /** All data rows, bad ones too. */
  readonly rows: number;
  readonly seconds: number;
  /** The first ones; `counts` counts all. */
  readonly findings: readonly RowError[];
  readonly counts: Readonly<Record<string, number>>;
  /** Cells of the records that findings are about, by their byte offset. */
  readonly records: ReadonlyMap<number, readonly string[]>;
}

/** What a check found in one table, as a validation report. */
export function reportOf(table: TableFindings): Report {
  const { name, place, labels, bytes, fields, rows, seconds, findings, counts, records } = table;
  const errors = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const warnings = errors > findings.length ? [`reached error limit: ${findings.length}`] : [];
  return {
    valid: errors === 0,
    stats: { tasks: 1, errors, warnings: warnings.length, seconds },
    warnings: [],
    errors: [],
    tasks: [
      {
        name,
        type: "table",
        valid: errors === 0,
        place,
        labels: [...labels],
        stats: {
          errors,
          warnings: warnings.length,
          seconds,
          bytes,
          fields,
          rows,
          errorCounts: { ...counts },
        },
        warnings,
        errors: findings.map((finding) => cellError(finding, records)),
      },
    ],
  };
}

/** The report of a file that could not be read as a table at all. */
export function unreadableReport(
  { code, message }: AirCanError,
  table: Pick<TableFindings, "name" | "place" | "bytes" | "seconds">,
): Report {
  const report = reportOf({
    ...table,
    labels: [],
    fields: 0,
    rows: 0,
    findings: [],
    counts: { [code]: 1 },
    records: new Map(),
  });
  const error = { ...errorBase(code, message), tags: ["#file"] };
  return {
    ...report,
    tasks: report.tasks.map((task) => ({
      ...task,
      stats: { ...task.stats, warnings: 0 },
      warnings: [],
      errors: [error],
    })),
    stats: { ...report.stats, warnings: 0 },
  };
}

function cellError(finding: RowError, records: TableFindings["records"]): ReportError {
  const { code, message, row, line, byteOffset, field, fieldNumber, value } = finding;
  const cells = byteOffset === null ? undefined : records.get(byteOffset);
  return {
    ...errorBase(code, message),
    tags: field === null ? ["#table", "#row"] : ["#table", "#row", "#cell"],
    rowNumber: row,
    ...(cells ? { cells: [...cells] } : {}),
    ...(line === null ? {} : { line }),
    ...(byteOffset === null ? {} : { byteOffset }),
    ...(field === null ? {} : { fieldName: field, cell: value ?? "" }),
    ...(fieldNumber === null ? {} : { fieldNumber }),
  };
}

function errorBase(code: string, message: string): Omit<ReportError, "tags"> {
  const entries: Readonly<Record<string, CatalogueEntry>> = catalogue;
  return {
    type: code,
    title: titleOf(code),
    description: entries[code]?.summary ?? "",
    message,
    note: "",
    severity: "error",
  };
}

/** `type-error` gives `Type Error`. */
function titleOf(code: ErrorCode | string): string {
  return code.replace(
    /(^|-)(\w)/g,
    (_, dash: string, letter: string) => `${dash && " "}${letter.toUpperCase()}`,
  );
}
