import { describe, expect, test } from "vitest";
import { spooledTable, spooledTables, workbookOf } from "./grid-testing.ts";

const rowsOf = (...rows: string[]) => `<sheetData>${rows.join("")}</sheetData>`;
const sheetOf = (...rows: string[]) => workbookOf({ sheets: [["Data", rowsOf(...rows)]] });
const header = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>';

describe("a cell as text", () => {
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0.00&quot; days&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/><xf numFmtId="9"/><xf numFmtId="166"/></cellXfs>`;
  const strings = `<si><t>plain</t></si><si><r><t>ri</t></r><r><rPr><b/></rPr><t xml:space="preserve">ch </t></r><rPh sb="0"><t>ruby</t></rPh></si><si><t>a_x000D_b &amp; &#x1F600;</t></si><si><t/></si>`;
  test.each([
    ["a number", "<c><v>1.1000000000000001</v></c>", "1.1"],
    ["a whole number that no double holds", "<c><v>9007199254740993</v></c>", "9007199254740993"],
    ["a number with an exponent", "<c><v>1E-7</v></c>", "1e-7"],
    [
      "a number of more digits than a double",
      "<c><v>12345678901234567890.12</v></c>",
      "12345678901234567890.12",
    ],
    ["a per cent", '<c s="5"><v>0.05</v></c>', "0.05"],
    ["a number with a unit", '<c s="6"><v>3</v></c>', "3"],
    ["a date", '<c s="1"><v>45322</v></c>', "2024-01-31"],
    ["a date with a time that is not shown", '<c s="1"><v>45322.5</v></c>', "2024-01-31T12:00:00"],
    ["a date and a time", '<c s="2"><v>45322</v></c>', "2024-01-31T00:00:00"],
    ["a time", '<c s="4"><v>0.75</v></c>', "18:00:00"],
    ["a duration", '<c s="3"><v>1.0625</v></c>', "PT25H30M"],
    ["a day before the calendar", '<c s="1"><v>-1</v></c>', "-1"],
    ["an ISO date", '<c t="d"><v>2024-01-31T00:00:00</v></c>', "2024-01-31"],
    ["true", '<c t="b"><v>1</v></c>', "true"],
    ["false", '<c t="b"><v>0</v></c>', "false"],
    ["an error", '<c t="e"><v>#DIV/0!</v></c>', '"#DIV/0!"'],
    ["a shared text", '<c t="s"><v>0</v></c>', "plain"],
    ["a rich text", '<c t="s"><v>1</v></c>', "rich "],
    ["a text with escapes", '<c t="s"><v>2</v></c>', '"a\rb & 😀"'],
    ["a text in the cell", '<c t="inlineStr"><is><r><t>x</t></r><r><t>, y</t></r></is></c>', '"x, y"'],
    ["the text of a formula", '<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>', "ax"],
    ["the number of a formula", "<c><f>1+1</f><v>2</v></c>", "2"],
    ["CDATA", '<c t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c>', "<b>"],
    ["single quotes and spaces around", "<c  r = 'A1'\n t='str' ><v>x</v></c>", "x"],
    ["a prefix", '<x:c t="str"><x:v>x</x:v></x:c>', "x"],
  ])("%s", async (_, cell, text) => {
    const sheet = rowsOf(`<row>${cell}<c t="str"><v>.</v></c></row>`);
    const { lines } = await spooledTable(
      "a.xlsx",
      workbookOf({ sheets: [["Data", sheet]], styles, strings }),
    );
    expect(lines).toEqual([`${text},.`]);
  });

  test("dates of old Macs count from 1904", async () => {
    const sheet = rowsOf('<row><c s="1"><v>43860</v></c><c s="4"><v>0.5</v></c></row>');
    const book = workbookOf({ sheets: [["Data", sheet]], styles, strings, date1904: true });
    expect((await spooledTable("a.xlsx", book)).lines).toEqual(["2024-01-31,12:00:00"]);
  });

  test("numbers have 15 digits where that is told", async () => {
    const book = sheetOf("<row><c><v>0.30000000000000004</v></c><c><v>1</v></c></row>");
    const resource = { dialect: { adjustFloatingPointError: true } };
    expect((await spooledTable("a.xlsx", book)).lines).toEqual(["0.30000000000000004,1"]);
    expect((await spooledTable("a.xlsx", book, { resource })).lines).toEqual(["0.3,1"]);
  });

  test("numbers look as the sheet shows them where that is told", async () => {
    const sheet = rowsOf(
      '<row><c s="5"><v>0.05</v></c><c s="6"><v>3</v></c><c s="1"><v>45322</v></c><c><v>1.5</v></c></row>',
    );
    const book = workbookOf({ sheets: [["Data", sheet]], styles, strings });
    const resource = { dialect: { excel: { preserveFormatting: true } } };
    expect((await spooledTable("a.xlsx", book, { resource })).lines).toEqual(["5%,3.00 days,2024-01-31,1.5"]);
  });

  test("formulas that were never calculated are empty, and said", async () => {
    const table = await spooledTable(
      "a.xlsx",
      sheetOf(header, "<row><c><v>1</v></c><c><f>A2+1</f></c></row>"),
    );
    expect(table.lines).toEqual(["a,b", "1,"]);
    expect(table.notes).toEqual([
      "1 cell has a formula without a result and read as empty; open the file in a spreadsheet program and save it",
    ]);
  });
});

describe("the rows of a sheet", () => {
  test("keep their numbers; cells without a reference follow each other", async () => {
    const table = await spooledTable(
      "a.xlsx",
      sheetOf(header, '<row r="4"><c r="B4"><v>2</v></c></row>', "<row><c><v>3</v></c><c/></row>"),
    );
    expect(table.lines).toEqual(["a,b", "", "", ",2", "3,"]);
  });

  test("end with the last one that holds something, whatever is styled below", async () => {
    const styled = Array.from(
      { length: 200_000 },
      (_, i) => `<row r="${i + 3}"><c r="A${i + 3}" s="1"/></row>`,
    );
    const book = workbookOf({
      sheets: [
        [
          "Data",
          `<dimension ref="A1:XFD1048576"/>${rowsOf(header, "<row><c><v>1</v></c><c><v>2</v></c></row>", styled.join(""))}`,
        ],
      ],
    });
    expect((await spooledTable("a.xlsx", book)).lines).toEqual(["a,b", "1,2"]);
  });

  test("of merged cells are empty but for the first, unless they shall be filled", async () => {
    const book = workbookOf({
      sheets: [
        [
          "Data",
          `${rowsOf(
            header,
            '<row r="2"><c r="A2" t="str"><v>x</v></c><c r="B2"><v>1</v></c></row>',
            '<row r="3"><c r="B3"><v>2</v></c></row>',
          )}<mergeCells><mergeCell ref="A2:A4"/></mergeCells>`,
        ],
      ],
    });
    const filled = { resource: { dialect: { excel: { fillMergedCells: true } } } };
    expect((await spooledTable("a.xlsx", book)).lines).toEqual(["a,b", "x,1", ",2"]);
    expect((await spooledTable("a.xlsx", book, filled)).lines).toEqual(["a,b", "x,1", "x,2", "x,"]);
  });
});

test("a merged area that goes on for ever ends where sheets end", async () => {
  const rows = rowsOf(header, '<row r="2"><c r="A2" t="str"><v>x</v></c></row>');
  const book = workbookOf({
    sheets: [["Data", `${rows}<mergeCells><mergeCell ref="A2:A99999999999"/></mergeCells>`]],
  });
  const { lines } = await spooledTable("a.xlsx", book, { resource: { dialect: { fillMergedCells: true } } });
  expect([lines.length, lines[1], lines.at(-1)]).toEqual([1_048_576, "x,", "x,"]);
});

describe("the sheet that is read", () => {
  const one = (text: string) =>
    rowsOf(`<row><c t="str"><v>${text}</v></c></row>`, "<row><c><v>1</v></c></row>");
  const book = workbookOf({
    sheets: [
      ["!Notes", one("notes")],
      ["Data", one("data")],
      ["2020", one("y")],
      ["Data 2", one("z")],
    ],
  });
  test.each<[string, string | number | undefined, string[]]>([
    ["the first that is not hidden", undefined, ["data"]],
    ["by name", "Data 2", ["z"]],
    ["a hidden one by name", "Notes", ["notes"]],
    ["by number", 4, ["z"]],
    ["by a name that is a number", 2020, ["y"]],
    ["by name in other letters", "data", ["data"]],
    ["by pattern", "data*", ["data", "z"]],
    ["all", "*", ["notes", "data", "y", "z"]],
  ])("%s", async (_, sheet, labels) => {
    const tables = await spooledTables("a.xlsx", book, sheet === undefined ? {} : { sheet });
    expect(tables.map(({ lines }) => lines[0])).toEqual(labels);
  });

  test("that a descriptor names", async () => {
    const named = { resource: { dialect: { sheetName: "2020" } } };
    expect((await spooledTable("a.xlsx", book, named)).lines).toEqual(["y", "1"]);
    const numbered = { resource: { dialect: { sheetNumber: 4 } } };
    expect((await spooledTable("a.xlsx", book, numbered)).dialect).toMatchObject({ sheetName: "Data 2" });
  });

  test("is said where there are others", async () => {
    expect((await spooledTable("a.xlsx", book)).notes).toEqual([
      'read is "Data"; the file also has "2020", "Data 2"; name one with --sheet, or all with --sheet "*"',
    ]);
  });

  test("has to be there, and hold something", async () => {
    await expect(spooledTables("a.xlsx", book, { sheet: "Nope" })).rejects.toMatchObject({
      code: "format-error",
      message: 'a.xlsx has no sheet "Nope"; it has "Notes" (hidden), "Data", "2020", "Data 2".',
    });
    const empty = workbookOf({
      sheets: [
        ["Cover", rowsOf()],
        ["Data", one("data")],
      ],
    });
    await expect(spooledTables("a.xlsx", empty)).rejects.toMatchObject({
      code: "source-error",
      message: 'a.xlsx holds no table: its sheet "Cover" is empty.',
      hint: 'Name another one with `--sheet`: "Data".',
    });
    expect((await spooledTables("a.xlsx", empty, { sheet: "*" })).map(({ name }) => name)).toEqual(["a"]);
  });
});

describe("a workbook that cannot be read", () => {
  const good = sheetOf(header, "<row><c><v>1</v></c><c><v>2</v></c></row>");
  test.each<[string, Uint8Array, string]>([
    ["is cut off", good.subarray(0, -40), "compression-error"],
    ["is no workbook", workbookOf({ sheets: [] }), "format-error"],
    ["has rows out of order", sheetOf('<row r="5"/>', '<row r="2"/>'), "format-error"],
    ["has a column that no sheet has", sheetOf('<row><c r="ZZZ1"><v>1</v></c></row>'), "format-error"],
    ["has entities of its own", sheetOf("<!DOCTYPE a [<!ENTITY b 'c'>]>"), "format-error"],
  ])("%s", async (_, content, code) => {
    await expect(spooledTables("a.xlsx", content)).rejects.toMatchObject({ code });
  });

  test("is damaged within", async () => {
    const bytes = Buffer.from(good);
    const at = bytes.indexOf("xl/worksheets/sheet1.xml");
    bytes.fill(0xff, at + 30, at + 50);
    await expect(spooledTables("a.xlsx", bytes)).rejects.toMatchObject({ code: "compression-error" });
  });
});

test("a sheet whose end is missing is refused, so that no row is lost in silence", async () => {
  const book = workbookOf({ sheets: [["Data", `${rowsOf(header)}<!-- and here it ends`]] });
  await expect(spooledTables("a.xlsx", book)).rejects.toMatchObject({
    code: "format-error",
    message: "a.xlsx is damaged: its end is missing.",
  });
});
