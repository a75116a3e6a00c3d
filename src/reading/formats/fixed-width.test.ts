import { describe, expect, test } from "vitest";
import { findColumns, parseColumns } from "./fixed-width-columns.ts";
import { spooledTable, spooledTables } from "./grid-testing.ts";

const report = [
  "id    name             amount",
  "1     Åse Ø              1.50",
  "2     A longer name     12.00",
  "",
  "10    😀 tea              3.00",
  "11    x",
];
const records = ["id,name,amount", "1,Åse Ø,1.50", "2,A longer name,12.00", "", "10,😀 tea,3.00", "11,x,"];

describe("columns are found", () => {
  test.each<[string, string[], string[]]>([
    ["where all lines are blank", report, records],
    [
      "below a title",
      ["All stock, as the machine printed it in January", ...report],
      ['"All stock, as the machine printed it in January"', ...records],
    ],
    ["by the line under the header", ["id  a name", "--- ------", "1   x y"], ["id,a name", "", "1,x y"]],
    [
      "at the edge of right-aligned numbers",
      ["   a     b", "   1    20", "1000     3"],
      ["a,b", "1,20", "1000,3"],
    ],
  ])("%s", async (_, lines, expected) => {
    expect((await spooledTable("a.fwf", `${lines.join("\r\n")}\r\n`)).lines).toEqual(expected);
  });

  test("with a word where, and of lines that run across them", async () => {
    const rows = Array.from({ length: 1200 }, (_, i) => `${String(i).padEnd(6)}x`);
    const { notes } = await spooledTable(
      "a.fwf",
      ["id    name", ...rows, "Source: our own count"].join("\n"),
    );
    expect(notes).toEqual([
      "columns were found at characters 1, 7; tell them with --columns if that is wrong",
      "1 line runs across columns and is cut there, first row 1202",
    ]);
  });

  test("not in a text of one column", () => {
    expect(findColumns(["a", "b"])).toEqual({ starts: [0], ends: [Number.POSITIVE_INFINITY], firstLine: 0 });
  });
});

describe("columns that are told", () => {
  test.each<[string, string]>([
    ["as widths", "6,17,6"],
    ["as places", "1-6,7-23,24-29"],
  ])("%s", async (_, columns) => {
    const table = await spooledTable("a.txt", report.join("\n"), { format: "fixed-width", columns });
    expect(table.lines).toEqual(records);
    expect(table.notes).toEqual([]);
  });

  test("by a descriptor", async () => {
    const resource = { format: "fixed-width", dialect: { columns: [2, 3] } };
    expect((await spooledTable("a.txt", "a b\n1 2xx\n", { resource })).lines).toEqual(["a,b", "1,2xx"]);
  });

  test("leave out what stands between them", () => {
    expect(parseColumns("1-2, 5-9")).toEqual({ starts: [0, 4], ends: [2, 9], firstLine: 0 });
  });

  test.each(["", "x", "3-1", "1-5,4-9", "5,-2"])("are not %s", async (columns) => {
    await expect(spooledTables("a.fwf", report.join("\n"), { columns })).rejects.toMatchObject({
      code: "usage-error",
    });
  });
});

test("letters of other encodings count as one place", async () => {
  const bytes = Buffer.from("navn  by\nJ\u00f8rn  B\u00f8\nOle   \u00c5s\n", "latin1");
  expect((await spooledTable("a.fwf", bytes, { encoding: "latin1" })).lines).toEqual([
    "navn,by",
    "Jørn,Bø",
    "Ole,Ås",
  ]);
});
