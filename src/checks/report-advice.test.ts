import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../base/catalogue.ts";
import type { ReportError, ReportTask } from "./report.ts";
import { adviceOf } from "./report-advice.ts";
import { reportError } from "./report-error.ts";

interface Told {
  readonly labels?: readonly string[];
  readonly rows?: number;
}

function taskWith(
  errors: readonly ReportError[],
  { labels = ["id", "value", "note"], rows = 1000 }: Told = {},
): ReportTask {
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
    fields: labels.length,
    rows,
    errorCounts,
  };
  return {
    name: "t",
    type: "table",
    valid: errors.length === 0,
    place: "t.csv",
    labels: [...labels],
    stats,
    warnings: [],
    errors: [...errors],
  };
}

const typeErrors = (type: string, cells: readonly string[], fieldName = "value"): ReportError[] =>
  cells.map((cell, i) =>
    reportError("type-error", "", {
      ...{ rowNumber: i + 2, cells: ["1", cell, ""], cell, fieldName, fieldNumber: 2 },
      note: `type is "${type}/default"`,
    }),
  );

const rowErrors = (
  type: ErrorCode,
  rows: readonly (readonly [row: number, ...cells: string[]])[],
): ReportError[] =>
  rows.map(([rowNumber, ...cells]) =>
    reportError(type, "", { rowNumber, cells, cell: cells.at(-1) ?? "", fieldNumber: cells.length }),
  );

const textOf = (task: ReportTask) => adviceOf(task).map(({ cause, fix }) => `${cause} ${fix}`);

describe("cells of one column that are written in one way have one cause", () => {
  test.each<[string, string, string[], string, string]>([
    [
      "a decimal comma",
      "number",
      ["1,5", "22,75"],
      '2 cells in the field "value" have a decimal comma',
      '"decimalChar": ","',
    ],
    [
      "commas between thousands",
      "integer",
      ["1,500", "22,750,000"],
      "have commas between thousands",
      '"groupChar": ","',
    ],
    [
      "points between thousands",
      "number",
      ["1.500,5", "22.750"],
      "have points between thousands",
      '"groupChar": ".", "decimalChar": ","',
    ],
    [
      "spaces between thousands",
      "number",
      ["1\u202f500,5", "22\u202f750"],
      "have spaces",
      '"groupChar": "\u202f", "decimalChar": ","',
    ],
    ["decimals of whole numbers", "integer", ["1.0", "2.5"], "have decimals", '"number"'],
    ["units", "number", ["5 %", "€ 3.20", "12*"], "have a unit", '"bareNumber": false'],
    [
      "one word for no value",
      "integer",
      ["n/a"],
      '1 cell in the field "value" means that there is no value',
      '--missing-values "" n/a',
    ],
    ["errors of formulas", "number", ["#DIV/0!"], "is one of the errors of formulas", "Mend the formulas"],
    [
      "dates, the day first",
      "date",
      ["13.02.2026", "01.02.2026"],
      "are dates in another order",
      '"format": "%d.%m.%Y"',
    ],
    [
      "dates, the month first",
      "date",
      ["02/13/26", "02/01/26"],
      "are dates in another order",
      '"format": "%m/%d/%y"',
    ],
    [
      "dates of two orders",
      "date",
      ["13/02/2026", "02/14/2026"],
      "are dates in another order",
      "Some have the day first and some the month",
    ],
    [
      "dates that may be either",
      "date",
      ["01/02/2026", "03/04/2026"],
      "are dates in another order",
      "the cells do not tell which",
    ],
    [
      "day numbers",
      "date",
      ["45000", "45001"],
      "are the day numbers of a spreadsheet",
      "Format the column as a date",
    ],
    [
      "words for yes and no",
      "boolean",
      ["ja", "nein"],
      "are words for yes and no",
      '"trueValues": ["ja"], "falseValues": ["nein"]',
    ],
    ["spaces", "integer", [" 5", "7 "], "have spaces around the value", '"skipInitialSpace": true'],
  ])("%s", (_, type, cells, cause, fix) => {
    const [text, ...more] = textOf(taskWith(typeErrors(type, cells)));
    expect(text).toContain(cause);
    expect(text).toContain(fix);
    expect(more).toEqual([]);
  });

  test("in several fields it is said once", () => {
    const errors = [
      ...typeErrors("number", ["1,5", "2,5"], "a"),
      ...typeErrors("number", ["3,5", "4,5", "x"], "b"),
    ];
    expect(textOf(taskWith(errors))).toEqual([
      '4 cells in the fields "b", "a" have a decimal comma, such as "3,5" in row 2. Add `"decimalChar": ","` to these fields in the schema, or write the numbers plainly, such as 1234.5.',
    ]);
  });

  test("in one field there may be several, each with its own cells", () => {
    const errors = typeErrors("integer", ["1.500", "2.750", "k. A.", "many"]);
    expect(adviceOf(taskWith(errors)).map(({ cause }) => cause)).toEqual([
      '2 cells in the field "value" have points between thousands, such as "1.500" in row 2.',
      '1 cell in the field "value" means that there is no value, such as "k. A." in row 4.',
    ]);
  });

  test("past the limit of errors it is about so many", () => {
    const task = taskWith(typeErrors("number", ["1,5", "2,5", "x", "4,5"]));
    const counts = { ...task.stats, errorCounts: { "type-error": 4000 } };
    expect(adviceOf({ ...task, stats: counts })).toMatchObject([
      { cause: expect.stringMatching(/^About 3,000 cells/), explains: 3000 },
    ]);
  });

  test("cells without a common cause have no advice", () => {
    expect(textOf(taskWith(typeErrors("integer", ["many", "few"])))).toEqual([]);
  });

  test("a column of which nearly nothing fits has the wrong type", () => {
    const cells = Array.from({ length: 9 }, (_, i) => `text ${i}`);
    expect(textOf(taskWith(typeErrors("integer", cells), { rows: 10 }))).toEqual([
      'Nearly every cell in the field "value" (9 of 10) is not of the type "integer". The type of the field seems to be wrong: correct it in the schema, such as to "string".',
    ]);
  });
});

describe("rows and the header have causes of their own", () => {
  test.each<[string, ReportTask, string]>([
    [
      "another delimiter",
      taskWith([reportError("missing-label", "", { labels: ["id;value;note"] })], {
        labels: ["id;value;note"],
      }),
      "The file was read as one column, but its header has semicolons: \"id;value;note\". Say `--delimiter ';'`, or correct `delimiter` in the dialect.",
    ],
    [
      "a title above the header",
      taskWith(
        [
          ...["", ""].map((label, i) =>
            reportError("blank-label", "", { label, labels: ["Table 1", "", ""], fieldNumber: i + 2 }),
          ),
          ...rowErrors("blank-row", [[2, "", "", ""]]),
        ],
        { labels: ["Table 1", "", ""] },
      ),
      "The row that was taken for the header has 2 empty cells: it seems to be a title. Say `--header-rows 3`, if the names of the columns stand there, or delete the rows above it.",
    ],
    [
      "no header",
      taskWith(typeErrors("integer", ["x"]), { labels: ["1", "2.5", "2026-01-01"] }),
      'The first row was taken for the header, but it looks like data: "1", "2.5", "2026-01-01". Add a row with the names of the columns, or say `--header-rows none`.',
    ],
    [
      "delimiters at the end of rows",
      taskWith(
        rowErrors("extra-cell", [
          [2, "1", "2", "3", ""],
          [3, "1", "2", "3", ""],
        ]),
        { rows: 2 },
      ),
      "The rows end with a delimiter too many, so that they have an empty cell beyond the last column. Delete the empty columns at the right in the spreadsheet and export again, or give the header the same delimiter.",
    ],
    [
      "texts with delimiters",
      taskWith(
        rowErrors("extra-cell", [
          [2, "1", "High Street", "Leeds", "UK"],
          [9, "1", "Park Lane", "Leeds", "UK"],
        ]),
      ),
      "Rows such as 2 have more cells than there are columns: a text seems to hold the character that separates the cells. Export again with quotes around such cells, or with another delimiter (semicolon or tab).",
    ],
    [
      "another encoding",
      taskWith(
        rowErrors("encoding-error", [
          [2, "1", "K\ufffdln"],
          [3, "2", "M\ufffdnster"],
        ]),
      ),
      "2 rows from row 2 on have bytes that are not of the encoding in which the file was read. Leave out `--encoding` and `encoding` of the descriptor, so that it is found out, or name the right one: often it is windows-1252.",
    ],
    [
      "cells written as formulas",
      taskWith([reportError("stray-quote", "", { rowNumber: 2, cells: ['="00123",Ann'] })]),
      'Cells are written as formulas, such as ="00123" (row 2): a way to keep leading zeros in spreadsheets, which no other program reads. Write the texts as they are, such as 00123. AirCan keeps their zeros.',
    ],
    [
      "notes below the data",
      taskWith(rowErrors("missing-cell", [[100, "Source: the office"]]), { rows: 99 }),
      'A row at the end has a note and no data: row 100, "Source: the office". Delete it, or put notes into a file of their own.',
    ],
    [
      "a file that was cut off inside of a quoted cell",
      taskWith(rowErrors("unclosed-quote", [[100, '99,"twel']]), { rows: 99 }),
      "The file ends inside of the quoted cell that opens in its last row, 100: it seems to be cut off. Fetch or export it again, and compare its size with that of the original. If it is whole, close the quote.",
    ],
    [
      "a quote that is never closed",
      taskWith(rowErrors("unclosed-quote", [[10, '9,"nine']]), { rows: 99 }),
      "The quote that opens in row 10 is never closed; the lines after it were read as rows all the same. Close the quote in row 10, or double the quotes that belong to the text.",
    ],
    [
      "a file that was cut off",
      taskWith(rowErrors("missing-cell", [[100, "99", "12"]]), { rows: 99 }),
      "Only the last row, 100, ends too early: the file seems to be cut off. Fetch or export it again, and compare its size with that of the original.",
    ],
    [
      "columns in another order",
      taskWith(
        ["value", "id"].map((label, i) =>
          reportError("incorrect-label", "", {
            label,
            expected: ["id", "value"][i] ?? "",
            labels: ["value", "id"],
          }),
        ),
        { labels: ["value", "id"] },
      ),
      'The columns stand in another order than the fields of the schema. Say `"fieldsMatch": "equal"` in the schema, or put the columns in its order.',
    ],
    [
      "the schema of another file",
      taskWith(
        ["a", "b", "c"].map((label, i) =>
          reportError("incorrect-label", "", {
            label,
            expected: ["id", "value", "note"][i] ?? "",
            labels: ["a", "b", "c"],
          }),
        ),
        { labels: ["a", "b", "c"] },
      ),
      "3 of the 3 columns are not as the schema has them. Look whether it is the schema of this file.",
    ],
    [
      "labels in capital letters",
      taskWith(
        [reportError("incorrect-label", "", { label: "ID", expected: "id", labels: ["ID", "value"] })],
        { labels: ["ID", "value"] },
      ),
      '1 label of the header differs from the schema only in capital letters, such as "ID". Rename the columns, or say `"headerCase": false` in the dialect.',
    ],
    [
      "rows pasted twice",
      taskWith(
        [6, 7, 8, 9].map((row) =>
          reportError("primary-key", `"${row}" as primary key stands in row ${row - 4} already.`, {
            rowNumber: row,
            cells: [String(row)],
          }),
        ),
      ),
      "From row 6 on, the keys of the rows from row 2 on are there again, in the same order. Remove the repeated rows: perhaps data was pasted twice.",
    ],
    [
      "blank rows at the end",
      taskWith(
        rowErrors("blank-row", [
          [99, "", ""],
          [100, "", ""],
        ]),
        { rows: 99 },
      ),
      "The last 2 rows, from row 99, are blank. Delete them in the spreadsheet and export again.",
    ],
    [
      "values that differ in letters",
      taskWith(
        ["north", "North "].map((cell, i) =>
          reportError("constraint-error", "", {
            ...{ rowNumber: i + 2, cells: [cell], cell },
            fieldName: "value",
            fieldNumber: 1,
            constraint: "enum",
            expected: "one of North, South",
          }),
        ),
      ),
      '2 cells in the field "value" differ from the allowed values only in capital letters or spaces, such as "north" in row 2. Write them as the schema has them: one of North, South.',
    ],
  ])("%s", (_, task, text) => {
    expect(textOf(task)).toEqual([text]);
  });

  test.each<[string, ReportTask, string[]]>([
    ["rows", taskWith([]), []],
    [
      "no rows",
      taskWith([], { rows: 0 }),
      ["The file has 3 columns and no rows. If there should be rows, fetch or export it again."],
    ],
    [
      "one column by a wrong delimiter",
      taskWith([], { labels: ["id;value;note"] }),
      [
        "The file was read as one column, but its header has semicolons: \"id;value;note\". Say `--delimiter ';'`, or correct `delimiter` in the dialect.",
      ],
    ],
  ])("a valid table with %s has the advice that it needs", (_, task, advice) => {
    expect(textOf(task)).toEqual(advice);
  });

  test("a header of years is a header", () => {
    const task = taskWith(typeErrors("integer", ["many", "few"]), {
      labels: ["Region", "2023", "2024", "2025"],
    });
    expect(textOf(task)).toEqual([]);
  });
});
