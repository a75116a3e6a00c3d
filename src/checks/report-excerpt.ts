import type { ReportError } from "./report.ts";

/** One record with the errors that stand in it. */
export interface ExcerptRow {
  readonly number: number | undefined;
  readonly line: number | undefined;
  readonly cells: readonly string[];
  readonly errors: readonly ReportError[];
}

/** The errors of rows as the rows they stand in, in the order of the file. */
export function excerptRows(errors: readonly ReportError[]): ExcerptRow[] {
  const rows = Map.groupBy(errors, ({ rowNumber }) => rowNumber);
  return Array.from(rows, ([number, members]) => ({
    number,
    line: members[0]?.line,
    cells: members[0]?.cells ?? [],
    errors: members,
  })).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
}

/** Places of bad cells in a row, from 0: the cell of an error, or the one that is not there; those of a key. */
export function badPlaces({ errors }: Pick<ExcerptRow, "errors">): ReadonlySet<number> {
  return new Set(
    errors.flatMap(({ fieldNumber, fieldNumbers = [], tags }) =>
      (fieldNumber && tags.includes("#cell") ? [fieldNumber] : fieldNumbers).map((number) => number - 1),
    ),
  );
}

/** Places of the columns that are shown: all that there are up to `most`, else the first and those around a bad one. */
export function shownColumns(width: number, bad: number, most: number): number[] {
  if (width <= most) return Array.from({ length: width }, (_, i) => i);
  const start = Math.max(1, Math.min(bad - Math.floor((most - 1) / 2), width - (most - 1)));
  return [0, ...Array.from({ length: most - 1 }, (_, i) => start + i)];
}
