import type { ReportError, ReportTask } from "../../lib/contract.ts";

/** A row of the file with all that is wrong in it. */
export interface ErrorRow {
  readonly row: number;
  readonly line: number | null;
  /** As they stand in the file; empty if the report does not hold them. */
  readonly cells: readonly string[];
  readonly errors: readonly ReportError[];
}

/** A column of the table of errors. */
export interface Column {
  /** Its place and label: labels alone may repeat. */
  readonly key: string;
  /** From 0. */
  readonly place: number;
  readonly label: string;
  /** In characters. */
  readonly width: number;
}

/** Errors that belong to a row, by row; and those that belong to the header or the file. */
export function groupErrors(errors: readonly ReportError[]): {
  readonly rows: readonly ErrorRow[];
  readonly others: readonly ReportError[];
} {
  const byRow = Map.groupBy(errors, (error) => error.rowNumber ?? null);
  const others = byRow.get(null) ?? [];
  const rows = [...byRow].flatMap(([row, members]) => (row === null ? [] : [rowOf(row, members)]));
  return { rows: rows.sort((a, b) => a.row - b.row), others };
}

function rowOf(row: number, errors: readonly ReportError[]): ErrorRow {
  const cells = errors.find((error) => error.cells !== undefined && error.cells.length > 0)?.cells ?? [];
  return {
    row,
    line: errors.find((error) => error.line != null)?.line ?? null,
    cells: cells.map(textOf),
    errors,
  };
}

/** The columns to show: those of the header, and unnamed ones where a row has more. */
export function columnsOf(task: ReportTask, rows: readonly ErrorRow[]): readonly Column[] {
  const labels = task.labels ?? [];
  const widest = rows.reduce(
    (most, row) => Math.max(most, row.cells.length, ...placesOf(row)),
    labels.length,
  );
  return Array.from({ length: widest }, (_, place) => {
    const label = labels[place] ?? "";
    return { key: `${place} ${label}`, place, label, width: widthOf(label, place, rows) };
  });
}

/** Numbers of the cells of a row that its errors are about; an error about a key has several. */
export function placesOf(row: ErrorRow): number[] {
  return row.errors.flatMap(numbersOf);
}

const numbersOf = ({ fieldNumber, fieldNumbers = [] }: ReportError) =>
  fieldNumber === undefined ? fieldNumbers : [fieldNumber];

/** Wide enough for the label and for what the first rows hold. */
function widthOf(label: string, place: number, rows: readonly ErrorRow[]): number {
  const lengths = rows.slice(0, 100).map((row) => (cellAt(row, place) ?? "").length);
  return Math.min(28, Math.max(9, label.length + 4, ...lengths.map((length) => length + 4)));
}

/** What stands in a column of a row; `null` if there is no cell. */
export function cellAt(row: ErrorRow, place: number): string | null {
  const error = errorAt(row, place);
  if (error?.type === "missing-cell") return null;
  const cell = error?.cell ?? row.cells[place];
  return cell === undefined || cell === null ? null : textOf(cell);
}

/** What is wrong with a column of a row, where the header has `labels` columns. */
export function errorAt(
  row: ErrorRow,
  place: number,
  labels = Number.POSITIVE_INFINITY,
): ReportError | undefined {
  const exact = row.errors.find((error) => numbersOf(error).includes(place + 1));
  if (exact !== undefined) return exact;
  // A row that is too long or too short may be reported once, for all its cells.
  return row.errors.find(({ type }) => {
    if (type === "extra-cell") return place >= labels && place < row.cells.length;
    return type === "missing-cell" && place >= row.cells.length && place < labels;
  });
}

function textOf(cell: unknown): string {
  return cell === null || cell === undefined ? "" : String(cell);
}
