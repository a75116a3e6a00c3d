import { expect, test } from "vitest";
import type { ErrorCode } from "../base/catalogue.ts";
import type { ReportTask } from "./report.ts";
import { adviceOf } from "./report-advice.ts";
import { reportError } from "./report-error.ts";

type Row = readonly [type: ErrorCode, row: number, ...cells: string[]];

/** The causes that are named for rows of a table with the columns a, b and c. */
function causesOf(rows: readonly Row[], count = 20): string[] {
  const errors = rows.map(([type, rowNumber, ...cells]) => reportError(type, "", { rowNumber, cells }));
  const errorCounts = Object.fromEntries(
    Array.from(
      Map.groupBy(errors, ({ type }) => type),
      ([type, all]) => [type, all.length],
    ),
  );
  const stats = {
    errors: errors.length,
    warnings: 0,
    seconds: 0,
    bytes: 1,
    fields: 3,
    rows: count,
    errorCounts,
  };
  const task: ReportTask = {
    ...{ name: "t", type: "table", valid: false, place: "t.csv", labels: ["a", "b", "c"] },
    ...{ stats, warnings: [], errors },
  };
  return adviceOf(task).map(({ cause }) => cause);
}

test.each<[string, readonly Row[], string]>([
  ["the header again", [["type-error", 9, "a", "b", "c"]], "Row 9 repeats the header"],
  ["a mark of files", [["type-error", 9, "\ufeff1", "x", "2"]], "Row 9 begins with an invisible mark"],
  [
    "another delimiter",
    [
      ["missing-cell", 4, "1;x;2"],
      ["missing-cell", 7, "2;y;3"],
    ],
    "2 rows, such as row 4, have semicolons between the cells",
  ],
  [
    "another table",
    [
      ["blank-row", 18],
      ["missing-cell", 19, "p", "q"],
      ["missing-cell", 20, "1", "2"],
      ["missing-cell", 21, "3", "4"],
    ],
    'Below the blank row 18 stands another table: it begins with "p, q" in row 19.',
  ],
  ["the mark of DOS", [["missing-cell", 21, "\u001a"]], "The last row, 21, is nothing but the character"],
  ["a cut character", [["encoding-error", 21, "1", "b\ufffd"]], "The file ends in the middle of a character"],
])("%s is the cause", (_, rows, cause) => {
  expect(causesOf(rows)).toEqual([expect.stringContaining(cause)]);
});

test.each<[string, readonly Row[]]>([
  ["one cell like a label", [["type-error", 9, "a", "x", "2"]]],
  ["a text with one semicolon", [["missing-cell", 4, "1;x", "2"]]],
  [
    "short rows here and there below a blank one",
    [
      ["blank-row", 10],
      ["missing-cell", 12, "1", "2"],
      ["missing-cell", 21, "3", "4"],
    ],
  ],
  ["a bad byte amid the file", [["encoding-error", 9, "1", "b\ufffd", "3"]]],
])("%s has no such cause", (_, rows) => {
  expect(causesOf(rows)).toEqual([]);
});
