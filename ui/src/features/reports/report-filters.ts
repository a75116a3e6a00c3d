import type { ReportComparison, ReportError, ReportTask } from "../../lib/contract.ts";

/** Which errors are shown; null: all. */
export interface ReportFilter {
  readonly kind: string | null;
  readonly field: string | null;
  readonly change: Change | null;
}

export type Change = "new" | "remaining";

export const noFilter: ReportFilter = { kind: null, field: null, change: null };

/** What each error of a task is, beside the report before. */
export function changesOf(
  task: ReportTask,
  comparison: ReportComparison["tasks"][number] | undefined,
): ReadonlyMap<ReportError, Change> {
  return new Map(
    task.errors.flatMap((error, i) => {
      const change = comparison?.errors[i];
      return change === undefined ? [] : [[error, change] as const];
    }),
  );
}

/** The errors that a filter lets through. */
export function filtered(
  errors: readonly ReportError[],
  { kind, field, change }: ReportFilter,
  changes: ReadonlyMap<ReportError, Change>,
): readonly ReportError[] {
  return errors.filter(
    (error) =>
      (kind === null || error.type === kind) &&
      (field === null || fieldOf(error) === field) &&
      (change === null || changes.get(error) === change),
  );
}

/** What the field of an error is called; its place where it has no name. */
export function fieldOf({ fieldName, label, fieldNumber }: ReportError): string | null {
  return fieldName || label || (fieldNumber === undefined ? null : `column ${fieldNumber}`);
}

/** The fields that errors are about, with how many, the most first. */
export function fieldsOf(errors: readonly ReportError[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const error of errors) {
    const field = fieldOf(error);
    if (field !== null) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The place of the first row that has at least this number; null if there is none. */
export function placeOfRow(rows: readonly { readonly row: number }[], row: number): number | null {
  const place = rows.findIndex((one) => one.row >= row);
  return place < 0 ? null : place;
}
