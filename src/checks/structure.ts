import { fullDialect } from "../descriptor/dialect.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { originalEncoding } from "../reading/original-bytes.ts";
import { type Checked, checkRecords, type RecordFinding } from "../reading/tokenizer.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";
import { problemTexts } from "./row-checker.ts";
import { rowDetails } from "./row-details.ts";
import { openText, type TableTest } from "./table-test.ts";

export interface Structure {
  /** True if every record is a row of as many cells as there are columns. */
  readonly isSound: boolean;
  /** True if all lines end alike, which the engine needs to read the file as it is. */
  readonly isUniform: boolean;
  readonly rows: number;
  /** What is broken in the header. */
  readonly headerErrors: readonly ReportError[];
  readonly warnings: readonly string[];
}

/** Whether each record of a text file is a row. */
export async function structureOf({
  table,
  signal,
}: Pick<TableTest, "table" | "signal">): Promise<Structure> {
  const dialect = fullDialect(table.resource.dialect);
  const headerErrors: ReportError[] = [];
  const checked = await checkRecords(openText(table), {
    dialect,
    encoding: originalEncoding(table),
    width: table.columns.length,
    signal,
    onFinding: (finding) => {
      if (dialect.headerRows.includes(finding.row)) headerErrors.push(headerError(finding, table));
    },
  });
  const ends = (["lf", "crlf", "cr"] as const).filter((name) => checked.lineEnds[name] > 0);
  const told = ends.map(
    (name) => `${checked.lineEnds[name]} ${name.toUpperCase()} (first in row ${checked.firstEnds[name]})`,
  );
  return {
    isSound: checked.reported === 0 && checked.blank === 0,
    isUniform: ends.length <= 1,
    rows: checked.records,
    headerErrors,
    warnings: [
      ...(ends.length > 1 ? [`mixed-line-ends: ${told.join(", ")}`] : []),
      ...(checked.doubtful.rows > 0 ? [doubtOf(checked.doubtful)] : []),
    ],
  };
}

/** An error of the row that the header is. */
function headerError(finding: RecordFinding, { labels, isSpooled }: LocalTable): ReportError {
  const { code, row, line, byteOffset, badByte, cell, text } = finding;
  const [type, said] = problemTexts[code as keyof typeof problemTexts]; // a header has no other problems
  const message = type === "stray-quote" ? "A quote stands where none may be." : said;
  const place = isSpooled ? { line: null, byteOffset: null } : { line, byteOffset: badByte ?? byteOffset };
  return reportError(type, message, {
    ...rowDetails(row, { ...place, cells: [text] }),
    ...(cell === null ? {} : { fieldNumber: cell, fieldName: labels[cell - 1] ?? "" }),
  });
}

function doubtOf({ rows, first, lines }: Checked["doubtful"]): string {
  const others = rows === 1 ? "" : ` (and ${rows - 1} more such rows)`;
  return `quotes: row ${first} goes over ${lines} lines, each of which looks like a row${others}; look for a quote too many there`;
}
