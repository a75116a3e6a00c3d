import type { ErrorCode } from "../../base/catalogue.ts";
import type { AirCanError } from "../../base/errors.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import { reportError, sourceError } from "../../checks/report-error.ts";
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
  const { name, place, labels, bytes, fields, rows, seconds, findings, counts } = table;
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
        errors: findings.map((finding) => findingError(finding, table)),
      },
    ],
  };
}

/** The report of a file that could not be read as a table at all. */
export function unreadableReport(
  error: AirCanError,
  table: Pick<TableFindings, "name" | "place" | "bytes" | "seconds">,
): Report {
  const counts = { [error.code]: 1 };
  const report = reportOf({
    ...table,
    labels: [],
    fields: 0,
    rows: 0,
    findings: [],
    counts,
    records: new Map(),
  });
  const stats = { ...report.stats, warnings: 0 };
  const errors = [sourceError(error, table.place)];
  const tasks = report.tasks.map((task) => ({
    ...task,
    stats: { ...task.stats, warnings: 0 },
    warnings: [],
    errors,
  }));
  return { ...report, stats, tasks };
}

function findingError(finding: RowError, table: TableFindings): ReportError {
  const { code, message, row, line, byteOffset } = finding;
  const cells = byteOffset === null ? undefined : table.records.get(byteOffset);
  // the engine's findings have codes of the catalogue
  return reportError(code as ErrorCode, message, {
    rowNumber: row,
    ...(cells ? { cells: [...cells] } : {}),
    ...(line === null ? {} : { line }),
    ...(byteOffset === null ? {} : { byteOffset }),
    ...cellOf(finding, cells, table),
  });
}

/** Which cell a finding is about. A record of another length is marked where it ends, or goes on. */
function cellOf(
  { code, field, fieldNumber, value }: RowError,
  cells: readonly string[] | undefined,
  { fields, labels }: TableFindings,
): Partial<ReportError> {
  if (field !== null)
    return { fieldName: field, cell: value ?? "", ...(fieldNumber === null ? {} : { fieldNumber }) };
  if (code === "extra-cell" && cells)
    return { fieldName: "", fieldNumber: fields + 1, cell: cells[fields] ?? "" };
  if (code === "missing-cell" && cells)
    return { fieldName: labels[cells.length] ?? "", fieldNumber: cells.length + 1, cell: "" };
  return {};
}
