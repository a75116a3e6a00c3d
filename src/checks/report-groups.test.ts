import { expect, test } from "vitest";
import type { ReportError, ReportTask } from "./report.ts";
import { reportError } from "./report-error.ts";
import { groupsOf } from "./report-groups.ts";

const cellError = (fieldName: string, rowNumber: number): ReportError =>
  reportError("type-error", "", { rowNumber, cells: ["x"], cell: "x", fieldName, fieldNumber: 1 });

const errors = [
  cellError("a", 2),
  cellError("b", 2),
  cellError("b", 3),
  reportError("missing-cell", "", { rowNumber: 4, cells: [], cell: "", fieldName: "a", fieldNumber: 1 }),
  reportError("missing-cell", "", { rowNumber: 4, cells: [], cell: "", fieldName: "b", fieldNumber: 2 }),
  reportError("duplicate-label", "", { labels: ["a", "a"], label: "a", fieldName: "a", fieldNumber: 2 }),
  reportError("hash-count", ""),
];

const taskOf = (errorCounts: Readonly<Record<string, number>>): ReportTask => ({
  ...{ name: "t", type: "table", valid: false, place: "t.csv", labels: ["a", "b"], warnings: [] },
  stats: {
    errors: 7,
    warnings: 0,
    seconds: 0,
    bytes: 1,
    fields: 2,
    rows: 9,
    errorCounts: { ...errorCounts },
  },
  errors: [...errors],
});

const seen = (task: ReportTask) =>
  groupsOf(task).map(({ type, field, count, isExact, errors }) => [
    type,
    field,
    count,
    isExact,
    errors.length,
  ]);

test("errors are grouped by kind and field, those of the whole file and the header before those of rows", () => {
  const counts = { "type-error": 3, "missing-cell": 2, "duplicate-label": 1, "hash-count": 1 };
  expect(seen(taskOf(counts))).toEqual([
    ["hash-count", undefined, 1, true, 1],
    ["duplicate-label", undefined, 1, true, 1],
    ["type-error", "b", 2, true, 2],
    ["missing-cell", undefined, 2, true, 2],
    ["type-error", "a", 1, true, 1],
  ]);
});

test("past the limit of errors, fields have their share of what is counted", () => {
  const counts = {
    "type-error": 300,
    "missing-cell": 200,
    "duplicate-label": 1,
    "hash-count": 1,
    "blank-row": 7,
  };
  expect(seen(taskOf(counts))).toEqual([
    ["hash-count", undefined, 1, true, 1],
    ["duplicate-label", undefined, 1, true, 1],
    ["type-error", "b", 200, false, 2],
    ["missing-cell", undefined, 200, true, 2],
    ["type-error", "a", 100, false, 1],
    ["blank-row", undefined, 7, true, 0],
  ]);
});
