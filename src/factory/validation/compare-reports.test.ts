import { expect, test } from "vitest";
import type { Report, ReportError } from "../../checks/report.ts";
import { reportError } from "../../checks/report-error.ts";
import { compareReports } from "./compare-reports.ts";

const bad = (row: number, cells: string[], field: string, cell: string): ReportError =>
  reportError("type-error", `row ${row}`, { rowNumber: row, cells, fieldName: field, fieldNumber: 2, cell });

function report(errors: ReportError[], count = errors.length): Report {
  const stats = { errors: errors.length, warnings: 0, seconds: 0 };
  const valid = errors.length === 0;
  const counts = { "type-error": count };
  const task = {
    ...{ name: "t", type: "table", valid, place: "t.csv", labels: ["id", "n"], warnings: [], errors },
    stats: { ...stats, bytes: 1, fields: 2, rows: 9, errorCounts: counts },
  };
  return { valid, stats: { tasks: 1, ...stats }, warnings: [], errors: [], tasks: [task] };
}

const x = bad(2, ["1", "x"], "n", "x");
const y = bad(5, ["4", "y"], "n", "y");

test.each([
  ["an error that stays", [x], [x], ["remaining"], []],
  ["one whose row has moved", [x], [bad(9, ["1", "x"], "n", "x")], ["remaining"], []],
  ["one in a row where another cell was mended", [x], [bad(2, ["one", "x"], "n", "x")], ["remaining"], []],
  ["a new one", [x], [x, y], ["remaining", "new"], []],
  ["one that is gone", [x, y], [y], ["remaining"], [x]],
  ["the same cell twice, then once", [x, { ...x }], [x], ["remaining"], [x]],
  ["the same cell once, then twice", [x], [x, { ...x }], ["remaining", "new"], []],
  ["another cell in the same place", [x], [bad(2, ["1", "z"], "n", "z")], ["new"], [x]],
])("%s is told from the others", (_, before, now, errors, fixed) => {
  expect(compareReports(report(before), report(now)).tasks).toEqual([{ name: "t", errors, fixed }]);
});

test("a row that has moved is found before one of the same place", () => {
  const moved = bad(5, ["1", "x"], "n", "x");
  const other = bad(5, ["4", "x"], "n", "x");
  expect(compareReports(report([x, other]), report([moved])).tasks[0]?.fixed).toEqual([other]);
});

test("counts go beyond what is listed, and it is said that the rest is not known", () => {
  expect(compareReports(report([x], 7), report([x], 3))).toMatchObject({
    ...{ new: 0, remaining: 1, fixed: 0, isComplete: false },
    counts: [{ type: "type-error", before: 7, now: 3 }],
  });
});
