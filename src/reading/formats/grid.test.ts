import { describe, expect, test } from "vitest";
import type { DescribeOptions } from "../describe.ts";
import { parseRange } from "./grid-options.ts";
import { spooledTable, spooledTables, workbookOf } from "./grid-testing.ts";

type Cell = string | number | null;

/** A sheet with these rows; null is an empty cell. */
function bookOf(rows: readonly (readonly Cell[])[]): Buffer {
  const cellOf = (cell: Cell) =>
    cell === null
      ? "<c/>"
      : typeof cell === "number"
        ? `<c><v>${cell}</v></c>`
        : `<c t="str"><v>${cell}</v></c>`;
  const xml = rows.map((cells) => `<row>${cells.map(cellOf).join("")}</row>`).join("");
  return workbookOf({ sheets: [["Data", `<sheetData>${xml}</sheetData>`]] });
}

const table: readonly (readonly Cell[])[] = [
  ["id", "name", "size"],
  [1, "x", 5],
  [2, "y", null],
];

describe("where the table lies in its sheet", () => {
  const title = "Sizes, as of 2024";
  test.each<[string, (readonly Cell[])[], string[], string[]]>([
    ["at its start", [...table], ["id,name,size", "1,x,5", "2,y,"], []],
    [
      "below titles",
      [[title], [], ...table],
      [`"${title}"`, "", "id,name,size", "1,x,5", "2,y,"],
      ["left out, because above the header: row 1"],
    ],
    [
      "further right than its title",
      [[title], ...table.map((cells) => [null, null, ...cells])],
      [`"${title}"`, "id,name,size", "1,x,5", "2,y,"],
      [
        "the table begins in column C of the sheet; the empty ones before it are left out",
        "left out, because above the header: row 1",
      ],
    ],
    ["with a note beside it", [...table, [3, "z", 1, "!"]], ["id,name,size", "1,x,5", "2,y,", "3,z,1,!"], []],
    ["with rows of one cell", [["a"], ["#1"], [null], [" 2"]], ["a", '"#1"', "", '" 2"'], []],
  ])("%s", async (_, rows, lines, notes) => {
    const found = await spooledTable("a.xlsx", bookOf(rows));
    expect(found.lines).toEqual(lines);
    expect(found.notes).toEqual(notes);
  });

  test("is found again if a row beyond the first thousand begins further left", async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => [null, i, i % 7]);
    const found = await spooledTable("a.xlsx", bookOf([[null, "a", "b"], ...rows, ["late", 1, 2]]));
    expect([found.lines.slice(0, 2), found.lines.slice(-2)]).toEqual([
      [",a,b", ",0,0"],
      [",1499,1", "late,1,2"],
    ]);
  });

  test("is told by a range, and rows keep their numbers", async () => {
    const book = bookOf([
      ["x", "y"],
      [1, 2, 3],
      ["a", "b", "c"],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
    ]);
    const found = await spooledTable("a.xlsx", book, { range: "B3:C5" });
    expect(found.lines).toEqual(["", "", "b,c", "5,6", "8,9"]);
    expect(found.fields).toEqual(["b integer", "c integer"]);
    expect((await spooledTable("a.xlsx", book, { range: "Data!$B$4" })).lines).toEqual([
      "",
      "",
      "",
      "5,6",
      "8,9",
      "11,12",
    ]);
  });
});

test("tables of several sheets are called as their sheets, each by a name of its own", async () => {
  const rows = "<sheetData><row><c><v>1</v></c></row></sheetData>";
  const book = workbookOf({ sheets: ["A b", "a-b", "C"].map((name) => [name, rows] as const) });
  const names = async (options: DescribeOptions) =>
    (await spooledTables("x.xlsx", book, options)).map(({ name }) => name);
  expect(await names({ sheet: "*" })).toEqual(["x-a-b", "x-a-b-2", "x-c"]);
  expect(await names({ sheet: "a?b", resource: { name: "told" } })).toEqual(["told-a-b", "told-a-b-2"]);
});

test("a range in which nothing stands is refused with what to do", async () => {
  await expect(spooledTable("a.xlsx", bookOf(table), { range: "X9:Z10" })).rejects.toMatchObject({
    code: "source-error",
    message: 'a.xlsx holds nothing in the range X9:Z10 of its sheet "Data".',
    hint: "Look where the table lies, such as A3:F20, or leave `--range` out.",
  });
});

describe("a range", () => {
  const all = { firstRow: 1, lastRow: Infinity, firstColumn: 1, lastColumn: Infinity };
  test.each([
    ["A3:F20", { firstRow: 3, lastRow: 20, firstColumn: 1, lastColumn: 6 }],
    ["b:aa", { ...all, firstColumn: 2, lastColumn: 27 }],
    ["3:20", { ...all, firstRow: 3, lastRow: 20 }],
    ["A3", { ...all, firstRow: 3 }],
    ["A3:F", { ...all, firstRow: 3, lastColumn: 6 }],
  ])("%s", (text, range) => {
    expect(parseRange(text)).toEqual(range);
  });

  test.each(["", "A0", "F3:A1", "A1:B2:C3", "AAAA1", "A1;B2"])("is not %s", (text) => {
    expect(() => parseRange(text)).toThrow(`"${text}" is no range of cells.`);
  });
});
