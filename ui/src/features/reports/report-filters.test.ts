import { expect, test } from "vitest";
import type { ReportError, ReportTask } from "../../lib/contract.ts";
import { changesOf, fieldsOf, filtered, noFilter, placeOfRow } from "./report-filters.ts";

const finding = (type: string, fieldName: string, rowNumber: number): ReportError => ({
  ...{ type, title: "", description: "", message: "", tags: [], note: "", severity: "error" },
  ...{ fieldName, fieldNumber: 2, rowNumber },
});
const errors = [
  finding("type-error", "price", 2),
  finding("type-error", "day", 3),
  finding("unique-error", "price", 4),
  finding("extra-cell", "", 5),
];
const task: ReportTask = {
  ...{ name: "t", type: "table", valid: false, place: "t.csv", labels: [], warnings: [], errors },
  stats: { errors: 4, warnings: 0, seconds: 0, bytes: 0, fields: 2, rows: 9, errorCounts: {} },
};
const changes = changesOf(task, { name: "t", errors: ["new", "remaining", "remaining", "new"], fixed: [] });

test.each([
  ["all", {}, [2, 3, 4, 5]],
  ["a kind", { kind: "type-error" }, [2, 3]],
  ["a field", { field: "price" }, [2, 4]],
  ["a column without a name", { field: "column 2" }, [5]],
  ["what is new", { change: "new" as const }, [2, 5]],
  ["all of these at once", { kind: "type-error", field: "price", change: "new" as const }, [2]],
])("a filter lets %s through", (_, filter, rows) => {
  expect(filtered(errors, { ...noFilter, ...filter }, changes).map((error) => error.rowNumber)).toEqual(rows);
});

test("fields are told with how many errors they have, the most first", () => {
  expect(fieldsOf(errors)).toEqual([
    ["price", 2],
    ["day", 1],
    ["column 2", 1],
  ]);
});

test("the place of a row is that of the next one with an error", () => {
  const rows = [{ row: 3 }, { row: 7 }];
  expect([1, 3, 4, 7, 8].map((row) => placeOfRow(rows, row))).toEqual([0, 0, 1, 1, null]);
});
