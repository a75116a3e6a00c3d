import { describe, expect, test } from "vitest";
import { spooledTable, spooledTables, zipOf } from "./grid-testing.ts";

const mimetype = "application/vnd.oasis.opendocument.spreadsheet";
const body = (tables: string) => `<?xml version="1.0"?><office:document-content>
  <office:automatic-styles><style:style style:name="ta1"/><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
  <office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`;
const odsOf = (tables: string) => zipOf({ mimetype, "content.xml": body(tables) });
const table = (rows: string, name = "Data") =>
  `<table:table table:name="${name}" table:style-name="ta1"><table:table-column table:number-columns-repeated="3"/>${rows}</table:table>`;
const row = (...cells: string[]) => `<table:table-row>${cells.join("")}</table:table-row>`;
const text = (value: string) =>
  `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
const header = row(text("a"), text("b"));
const number = (value: number) =>
  `<table:table-cell office:value-type="float" office:value="${value}"><text:p>shown</text:p></table:table-cell>`;

describe("a cell as text", () => {
  const cell = (attributes: string, content = "<text:p>shown</text:p>") =>
    `<table:table-cell ${attributes}>${content}</table:table-cell>`;
  const typed = (type: string, more = "") => `office:value-type="${type}" ${more}`;
  test.each([
    ["a number", cell(typed("float", 'office:value="1.10"')), "1.1"],
    ["a per cent", cell(typed("percentage", 'office:value="0.05"')), "0.05"],
    ["an amount", cell(typed("currency", 'office:currency="EUR" office:value="12.5"')), "12.5"],
    ["a date", cell(typed("date", 'office:date-value="2024-01-31"')), "2024-01-31"],
    [
      "a moment",
      cell(typed("date", 'office:date-value="2024-01-31T10:11:12.500000000"')),
      "2024-01-31T10:11:12.5",
    ],
    ["a time", cell(typed("time", 'office:time-value="PT09H05M00S"')), "09:05:00"],
    ["a duration", cell(typed("time", 'office:time-value="PT25H30M00S"')), "PT25H30M00S"],
    ["a boolean", cell(typed("boolean", 'office:boolean-value="true"')), "true"],
    [
      "an error",
      cell(
        'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
        "<text:p>#DIV/0!</text:p>",
      ),
      '"#DIV/0!"',
    ],
    [
      "a text in parts",
      cell(typed("string"), '<text:p>a<text:s text:c="2"/><text:span>b</text:span>\n  c</text:p>'),
      "a  b c",
    ],
    [
      "a text of lines",
      cell(typed("string"), "<text:p>a<text:line-break/>b</text:p><text:p>c</text:p>"),
      '"a\nb\nc"',
    ],
    [
      "a text beside a note",
      cell(typed("string"), "<office:annotation><text:p>note</text:p></office:annotation><text:p>a</text:p>"),
      "a",
    ],
  ])("%s", async (_, written, expected) => {
    const { lines } = await spooledTable("a.ods", odsOf(table(row(written, text(".")))));
    expect(lines.join("\n")).toBe(`${expected},.`);
  });
});

describe("the rows of a sheet", () => {
  test("and their cells repeat", async () => {
    const rows = [
      header,
      `<table:table-row table:number-rows-repeated="2"/>`,
      `<table:table-row table:number-rows-repeated="2">${number(1).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"')}</table:table-row>`,
      row(`<table:table-cell table:number-columns-repeated="1"/>`, number(2)),
      `<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`,
    ];
    const { lines } = await spooledTable("a.ods", odsOf(table(rows.join(""))));
    expect(lines).toEqual(["a,b", "", "", "1,1", "1,1", ",2"]);
  });

  test("that would repeat for ever are refused", async () => {
    const bomb = `<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="1024"><text:p>x</text:p></table:table-cell></table:table-row>`;
    await expect(spooledTables("a.ods", odsOf(table(bomb)))).rejects.toMatchObject({ code: "too-large" });
  });

  test("of merged cells are empty but for the first, unless they shall be filled", async () => {
    const merged = text("x").replace(
      "<table:table-cell",
      '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"',
    );
    const ods = odsOf(
      table([header, row(merged, number(1)), row("<table:covered-table-cell/>", number(2))].join("")),
    );
    const filled = { resource: { dialect: { fillMergedCells: true } } };
    expect((await spooledTable("a.ods", ods)).lines).toEqual(["a,b", "x,1", ",2"]);
    expect((await spooledTable("a.ods", ods, filled)).lines).toEqual(["a,b", "x,1", "x,2"]);
  });
});

test("sheets are chosen as in any workbook, hidden ones if they are named", async () => {
  const content = [
    table(header, "Hidden").replace("ta1", "ta2"),
    table(row(text("c"), text("d")), "Sales"),
    table(row(text("e"), text("f")), "Costs"),
  ].join("");
  expect((await spooledTable("a.ods", odsOf(content))).lines).toEqual(["c,d"]);
  expect((await spooledTables("a.ods", odsOf(content), { sheet: "*" })).map(({ lines }) => lines)).toEqual([
    ["a,b"],
    ["c,d"],
    ["e,f"],
  ]);
});

test("a flat document is read alike", async () => {
  const flat = `<?xml version="1.0"?><office:document xmlns:office="o" office:mimetype="${mimetype}">${body(table(header + row(number(1), number(2)))).replace(/^.*\?>/, "")}</office:document>`;
  expect((await spooledTable("a.xml", flat)).lines).toEqual(["a,b", "1,2"]);
});

test.each<[string, Buffer, string]>([
  ["no content", zipOf({ mimetype }), "format-error"],
  [
    "a text document",
    zipOf({ mimetype, "content.xml": "<office:body><office:text/></office:body>" }),
    "format-error",
  ],
  [
    "an encrypted one",
    zipOf({ mimetype, "META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": "\u0001" }),
    "format-error",
  ],
  ["one that is cut off", odsOf(table(header)).subarray(0, 300), "compression-error"],
])("%s is refused", async (_, content, code) => {
  await expect(spooledTables("a.ods", content)).rejects.toMatchObject({ code });
});
