import type { LocatedRecord } from "./finding-list.ts";
import type { ReportError } from "./report.ts";

/** Characters of a cell that a report shows. */
const longestCell = 2000;

export const shortened = (text: string, length = longestCell) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A cell in quotes, cut where it is long. */
export const shownCell = (cell: string | null | undefined) => `"${shortened(cell ?? "", 100)}"`;

export interface NamedCell {
  readonly name: string;
  /** Its column, from 0. */
  readonly place: number;
}

/** What an error says of the row that it is about, and of the cell if it is about one. */
export function rowDetails(
  row: number,
  record: LocatedRecord | undefined,
  cell?: NamedCell,
): Partial<ReportError> {
  return {
    rowNumber: row,
    ...(record === undefined || record.line === null ? {} : { line: record.line }),
    ...(record === undefined || record.byteOffset === null ? {} : { byteOffset: record.byteOffset }),
    ...(record === undefined ? {} : { cells: record.cells.map((each) => shortened(each ?? "")) }),
    ...(cell === undefined
      ? {}
      : {
          fieldName: cell.name,
          fieldNumber: cell.place + 1,
          ...(record === undefined ? {} : { cell: shortened(record.cells[cell.place] ?? "") }),
        }),
  };
}
