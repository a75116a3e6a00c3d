import { type CellObject, CFB, utils, type WorkSheet, write } from "@e965/xlsx";
import { describe, expect, test } from "vitest";
import { spooledTable, spooledTables, workbookOf } from "./grid-testing.ts";

const cell = (t: CellObject["t"], v: string | number | boolean, z?: string): CellObject => ({
  t,
  v,
  ...(z ? { z } : {}),
});
const rows: readonly (readonly CellObject[])[] = [
  ["name", "number", "date", "moment", "time", "duration", "ok", "error"].map((name) => cell("s", name)),
  [
    cell("s", "Åse, 😀"),
    cell("n", 1.1),
    cell("n", 45322, "yyyy-mm-dd"),
    cell("n", 45322.5, "yyyy-mm-dd hh:mm"),
    cell("n", 0.75, "hh:mm"),
    cell("n", 1.0625, "[h]:mm"),
    cell("b", true),
    cell("e", 7),
  ],
];
const expected = [
  "name,number,date,moment,time,duration,ok,error",
  '"Åse, 😀",1.1,2024-01-31,2024-01-31T12:00:00,18:00:00,PT25H30M,true,"#DIV/0!"',
];

function sheetOf(cells: readonly (readonly CellObject[])[]): WorkSheet {
  const sheet: WorkSheet = {
    "!ref": `A1:${utils.encode_cell({ r: cells.length - 1, c: (cells[0]?.length ?? 1) - 1 })}`,
  };
  for (const [r, row] of cells.entries())
    for (const [c, one] of row.entries()) sheet[utils.encode_cell({ r, c })] = one;
  return sheet;
}

function bookOf(bookType: "biff8" | "biff5" | "xlsb" | "xlml", sheet = sheetOf(rows)): Buffer {
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, "Data");
  utils.book_append_sheet(book, utils.aoa_to_sheet([["a"], [1]]), "Other");
  return write(book, { type: "buffer", bookType });
}

describe("a binary workbook", () => {
  test.each([
    ["of Excel 97 to 2003", "a.xls", "biff8"],
    ["in the parts of a new one", "a.xlsb", "xlsb"],
    ["written as XML in 2003", "a.xls", "xlml"],
  ] as const)("%s", async (_, fileName, type) => {
    expect((await spooledTable(fileName, bookOf(type))).lines).toEqual(expected);
    expect((await spooledTable(fileName, bookOf(type), { sheet: "other" })).lines).toEqual(["a", "1"]);
  });

  test("is known by its bytes, whatever it is called", async () => {
    expect((await spooledTable("a.csv", bookOf("biff8"))).lines).toEqual(expected);
  });

  test("gives its rows in batches, with their numbers", async () => {
    const cells = Array.from({ length: 5000 }, (_, i) => [cell("n", i), cell("n", -i)]);
    const { lines } = await spooledTable("a.xls", bookOf("biff8", sheetOf(cells)), { headerRows: "none" });
    expect(lines).toEqual(cells.map((_, i) => `${i},${i === 0 ? 0 : -i}`));
  });

  test("has merged cells filled where that is told", async () => {
    const sheet = sheetOf(
      [
        ["k", "v"],
        ["x", "1"],
        ["", "2"],
      ].map((row) => row.map((text) => cell("s", text))),
    );
    const merged = bookOf("biff8", { ...sheet, "!merges": [utils.decode_range("A2:A3")] });
    const filled = { resource: { dialect: { excel: { fillMergedCells: true } } } };
    expect((await spooledTable("a.xls", merged)).lines).toEqual(["k,v", "x,1", ",2"]);
    expect((await spooledTable("a.xls", merged, filled)).lines).toEqual(["k,v", "x,1", "x,2"]);
  });
});

describe("a file that is only called .xls", () => {
  const xlsx = workbookOf({
    sheets: [["Data", '<sheetData><row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row></sheetData>']],
  });
  test.each<[string, string | Uint8Array, string[]]>([
    ["a web page", "<html><body><table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>", ["a,b", "1,2"]],
    ["a table alone", "<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>", ["a,b", "1,2"]],
    ["text with tabs", "a\tb\n1\t2\n", ["a\tb", "1\t2"]],
    ["a new workbook", xlsx, ["a", "1"]],
  ])("%s", async (_, content, lines) => {
    expect((await spooledTable("a.xls", content)).lines).toEqual(lines);
  });
});

/** A file of this kind holds streams by their names, as an old workbook does. */
function containerOf(...names: string[]): Uint8Array {
  const container = CFB.utils.cfb_new();
  for (const name of names) CFB.utils.cfb_add(container, `/${name}`, Buffer.alloc(4096));
  return Buffer.from(CFB.write(container, { type: "buffer" }) as Uint8Array); // its types say any
}

test.each<[string, string, Uint8Array, string]>([
  ["a damaged workbook", "a.xls", bookOf("biff8").subarray(0, 700), "cannot be read as a workbook"],
  ["a document of another program", "a.xls", containerOf("WordDocument"), "cannot be read as a workbook"],
  [
    "a workbook with a password",
    "a.xlsx",
    containerOf("EncryptionInfo", "EncryptedPackage"),
    "protected by a password",
  ],
])("%s is refused", async (_, fileName, bytes, message) => {
  await expect(spooledTables(fileName, bytes)).rejects.toMatchObject({
    code: "format-error",
    message: expect.stringContaining(message),
  });
});
