import { describe, expect, test } from "vitest";
import type { Report, ReportError, ReportTask } from "../checks/report.ts";
import { reportError } from "../checks/report-error.ts";
import { reportText } from "./report-text.ts";

const look = { width: 60, style: (_: unknown, text: string) => text };

function task(place: string, errors: readonly ReportError[], told: Partial<ReportTask> = {}): ReportTask {
  const found = Map.groupBy(errors, ({ type }) => type);
  const errorCounts = Object.fromEntries(Array.from(found, ([type, all]) => [type, all.length]));
  const stats = {
    errors: errors.length,
    warnings: 0,
    seconds: 1.25,
    bytes: 2048,
    fields: 2,
    rows: 9,
    errorCounts,
  };
  return {
    name: "t",
    type: "table",
    valid: errors.length === 0,
    place,
    labels: ["id", "n"],
    warnings: [],
    ...told,
    stats,
    errors: [...errors],
  };
}

function reportOf(tasks: readonly ReportTask[], errors: readonly ReportError[] = []): Report {
  const stats = { tasks: tasks.length, errors: 1, warnings: 0, seconds: 1 };
  return { valid: false, stats, warnings: [], errors: [...errors], tasks: [...tasks] };
}

const typeError = (rowNumber: number, cells: readonly string[], fieldNumber: number): ReportError =>
  reportError("type-error", "It is no number.", {
    ...{ rowNumber, line: rowNumber, cells: [...cells], cell: cells[fieldNumber - 1] ?? "" },
    ...{ fieldName: `c${fieldNumber}`, fieldNumber },
  });

const linesOf = (report: Report, width = look.width) => reportText(report, { ...look, width }).split("\n");

describe("a row is cut around its bad cell", () => {
  const cells = Array.from({ length: 40 }, (_, i) => `v${i}`);
  const labels = cells.map((_, i) => `c${i + 1}`);
  const rowsOf = (error: ReportError) => linesOf(reportOf([task("a.csv", [error], { labels })])).slice(6, 9);

  test.each<[string, number, string[]]>([
    [
      "at its start",
      1,
      [
        "           c1 │ c2 │ c3 │ c4 │ c5 │ c6 │ c7 │ c8 │ …",
        "    row 3  v0 │ v1 │ v2 │ v3 │ v4 │ v5 │ v6 │ v7 │ …",
        "           ^^",
      ],
    ],
    [
      "in its middle",
      20,
      [
        "           … │ c17 │ c18 │ c19 │ c20 │ c21 │ c22 │ c23 │ …",
        "    row 3  … │ v16 │ v17 │ v18 │ v19 │ v20 │ v21 │ v22 │ …",
        "                                 ^^^",
      ],
    ],
    [
      "at its end",
      40,
      [
        "           … │ c34 │ c35 │ c36 │ c37 │ c38 │ c39 │ c40",
        "    row 3  … │ v33 │ v34 │ v35 │ v36 │ v37 │ v38 │ v39",
        "                                                   ^^^",
      ],
    ],
  ])("%s", (_, field, lines) => {
    expect(rowsOf(typeError(3, cells, field))).toEqual(lines);
  });
});

test("cells are tamed: control characters are signs, long ones are cut, wide letters take two places", () => {
  const cells = ["東京", `a\u001b[31m\n\t${"x".repeat(80)}`];
  const lines = linesOf(reportOf([task("a.csv", [typeError(3, cells, 2)])]));
  expect(lines.slice(6, 10)).toEqual([
    "           id   │ n",
    "    row 3  東京 │ a�[31m⏎⇥xxxxxxxxxxxxxxx…",
    "                  ^^^^^^^^^^^^^^^^^^^^^^^^",
    "           It is no number.",
  ]);
  expect(
    linesOf(reportOf([task("a.csv", [typeError(3, ["1", "x".repeat(300)], 2)])])).filter(
      (line) => line.length > 60,
    ),
  ).toEqual([]);
});

test("several tables are listed first; those that need a word follow, and a sum", () => {
  const unread = task("missing.csv", [
    reportError("scheme-error", "missing.csv cannot be opened.", { note: "Check the path." }),
  ]);
  const noted = task("noted.csv", [], { warnings: ["encoding: read as windows-1252"] });
  const report = reportOf([
    task("good.csv", []),
    { ...unread, stats: { ...unread.stats, fields: 0, bytes: 0 } },
    noted,
  ]);
  expect(linesOf(report)).toEqual([
    "valid  good.csv (9 rows, 2 fields, 2.05 kB, 1.25 s)",
    "invalid  missing.csv: 1 error",
    "valid  noted.csv (9 rows, 2 fields, 2.05 kB, 1.25 s)",
    "",
    "invalid  missing.csv",
    "",
    "  scheme-error: 1 error",
    "    missing.csv cannot be opened.",
    "    Check the path.",
    "",
    "valid  noted.csv",
    "  note: encoding: read as windows-1252",
    "",
    "3 tables: 2 valid, 1 not valid, 1 error",
  ]);
});

test("what is wrong with a schema or a package stands with its place in it", () => {
  const error = reportError("field-error", 'The type "int" is not known.', {
    place: "s.json",
    pointer: "/fields/0/type",
    note: "Did you mean integer?",
  });
  expect(linesOf(reportOf([], [error]))).toEqual([
    "invalid  s.json at /fields/0/type",
    '  The type "int" is not known. (field-error)',
    "  Did you mean integer?",
  ]);
});

test("what is said of all rows is said once, and rows that are not shown are named", () => {
  const errors = [2, 3, 4, 6, 8].map((row) =>
    reportError("row-constraint", "The row breaks the rule.", {
      rowNumber: row,
      line: row,
      cells: ["1", "2"],
    }),
  );
  expect(linesOf(reportOf([task("a.csv", errors)])).slice(2)).toEqual([
    "  row-constraint: 5 errors",
    "  A row breaks a rule between its cells. Correct the cells,",
    "  or the rule.",
    "",
    "    The row breaks the rule.",
    "           id │ n",
    "    row 2  1  │ 2",
    "    row 3  1  │ 2",
    "    row 4  1  │ 2",
    "    2 more errors, in row 6, 8",
  ]);
});

test("names and cells from elsewhere stay on their line, and a terminal obeys none of them", () => {
  const evil = "a\x1b[2J\nb";
  const errors = [1, 2, 3, 4].map((i) => typeError(i + 1, ["1,5", evil], 1));
  const named = errors.map((error) => ({ ...error, fieldName: evil, message: `${evil} is wrong.` }));
  const told = { labels: [evil, evil], warnings: [`${evil} was left out`] };
  const metadata = reportError("schema-error", `No ${evil}.`, { place: evil, pointer: `/${evil}` });
  const text = reportText(reportOf([task(evil, named, told)], [metadata]), { ...look, width: 200 });
  expect(text).not.toContain("\x1b");
  expect(text.split("\n").filter((line) => line.startsWith("b"))).toEqual([]);
});
