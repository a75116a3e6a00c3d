import { expect, it } from "vitest";
import type { ReportError, ReportTask } from "../../lib/contract.ts";
import { cellAt, columnsOf, errorAt, groupErrors } from "./error-rows.ts";

const finding = (type: string, message: string): ReportError => ({
  type,
  title: type,
  description: "",
  message,
  tags: [],
  note: "",
  severity: "error",
});

const bad = (rowNumber: number, fieldNumber: number, cells: string[], type = "type-error"): ReportError => ({
  ...finding(type, `${type} in ${rowNumber}`),
  rowNumber,
  fieldNumber,
  cells,
});

const errors: readonly ReportError[] = [
  bad(9, 2, ["3", "x"]),
  bad(4, 1, ["?", "n/a"]),
  bad(4, 2, ["?", "n/a"]),
  finding("duplicate-label", "the label id stands twice"),
  bad(12, 3, ["5", "6", "7"], "extra-cell"),
  bad(15, 2, ["8"], "missing-cell"),
];

it("puts the errors of a row together, in the order of the file, and apart from those of the header", () => {
  const { rows, others } = groupErrors(errors);
  expect(rows.map((row) => [row.row, row.errors.map((error) => error.fieldNumber)])).toEqual([
    [4, [1, 2]],
    [9, [2]],
    [12, [3]],
    [15, [2]],
  ]);
  expect(others.map((error) => error.type)).toEqual(["duplicate-label"]);
});

it("shows a column without a name where a row has more cells than the header", () => {
  const task = { labels: ["id", "value"] } as unknown as ReportTask; // the rest of the report plays no part
  const { rows } = groupErrors(errors);
  const columns = columnsOf(task, rows);
  expect(columns.map((column) => column.label)).toEqual(["id", "value", ""]);
  expect(rows.map((row) => columns.map(({ place }) => cellAt(row, place)))).toEqual([
    ["?", "n/a", null],
    ["3", "x", null],
    ["5", "6", "7"],
    ["8", null, null],
  ]);
});

it("marks all cells that are too many or missing, where a row is reported once", () => {
  const whole = { rowNumber: 2, line: 2 };
  const { rows } = groupErrors([
    { ...finding("extra-cell", "too long"), ...whole, fieldNumber: 3, cells: ["1", "2", "3", "4"] },
    { ...finding("missing-cell", "too short"), ...whole, rowNumber: 3, cells: ["1"] },
  ]);
  const marked = rows.map((row) => [0, 1, 2, 3].map((place) => errorAt(row, place, 2)?.type ?? ""));
  expect(marked).toEqual([
    ["", "", "extra-cell", "extra-cell"],
    ["", "missing-cell", "", ""],
  ]);
});
