import type { ErrorCode } from "../../base/catalogue.ts";
import type { AirCanError } from "../../base/errors.ts";
import { checklistOf } from "../../checks/checklist.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import { reportError, sourceError } from "../../checks/report-error.ts";
import { validateSources } from "../../checks/validate-sources.ts";
import type { Resource } from "../../descriptor/types.ts";
import type { Engine } from "../../plan/engine.ts";
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
}

/** What a flow found in one table, as a validation report: cells without their rows. */
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
        errors: findings.map(findingError),
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

function findingError(finding: RowError): ReportError {
  const { code, message, row, line, byteOffset, field, fieldNumber, value } = finding;
  // the engine's findings have codes of the catalogue
  return reportError(code as ErrorCode, message, {
    rowNumber: row,
    ...(line === null ? {} : { line }),
    ...(byteOffset === null ? {} : { byteOffset }),
    ...(field === null
      ? {}
      : { fieldName: field, cell: value ?? "", ...(fieldNumber === null ? {} : { fieldNumber }) }),
  });
}

export interface FileToReport {
  /** With the schema that the load has found, and a path on this machine. */
  readonly resource: Resource;
  readonly place: string;
  readonly folder: string;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** What a load lets pass, or finds out for itself. */
const ofLoads = checklistOf({ skipErrors: ["#file", "#header", "row-count", "field-count", "blank-row"] });

/** The validation report of a file with errors, by the schema that the load has found. */
export async function exactReport({
  resource,
  place,
  folder,
  engine,
  signal,
}: FileToReport): Promise<Report> {
  const context = {
    folder,
    trusted: true,
    allowPrivate: false,
    allowLocal: true,
    temporaryFolder: folder,
    signal,
  };
  const report = await validateSources([resource], { engine, context, checklist: ofLoads });
  return { ...report, tasks: report.tasks.map((task) => ({ ...task, place })) };
}
