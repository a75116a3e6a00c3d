import { expect, test } from "vitest";
import { spooledTable, spooledTables } from "./grid-testing.ts";

const book = (...sheets: string[]) => `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="Default"/><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="t"><NumberFormat ss:Format="hh:mm"/></Style></Styles>
${sheets.join("\n")}</Workbook>`;
const sheet = (name: string, rows: string, more = "") =>
  `<Worksheet ss:Name="${name}"><Table>${rows}</Table>${more}</Worksheet>`;
const cell = (type: string, text: string, attributes = "") =>
  `<Cell ${attributes}><Data ss:Type="${type}">${text}</Data></Cell>`;
const header = `<Row>${cell("String", "a")}${cell("String", "b")}${cell("String", "c")}</Row>`;

test("cells of XML Spreadsheet 2003 have their types and places", async () => {
  const rows = [
    header,
    `<Row ss:Index="3">${cell("Number", "1.10")}${cell("Boolean", "1", 'ss:Index="3"')}</Row>`,
    `<Row>${cell("DateTime", "2024-01-31T00:00:00.000", 'ss:StyleID="d"')}${cell("DateTime", "2024-01-31T10:30:00.000", 'ss:StyleID="d"')}${cell("DateTime", "1899-12-31T10:30:00.000", 'ss:StyleID="t"')}</Row>`,
    `<Row>${cell("Number", "45322", 'ss:StyleID="d"')}${cell("Error", "#N/A")}${cell("String", "<B>x &amp; y</B>")}</Row>`,
  ];
  expect((await spooledTable("a.xml", book(sheet("Data", rows.join(""))))).lines).toEqual([
    "a,b,c",
    "",
    "1.1,,true",
    "2024-01-31,2024-01-31T10:30:00,10:30:00",
    '2024-01-31,"#N/A",x & y',
  ]);
});

test("its merged cells are empty but for the first, unless they shall be filled", async () => {
  const rows = `${header}<Row>${cell("String", "x", 'ss:MergeAcross="1" ss:MergeDown="1"')}${cell("Number", "1")}</Row><Row>${cell("Number", "2", 'ss:Index="3"')}</Row>`;
  const filled = { resource: { dialect: { fillMergedCells: true } } };
  expect((await spooledTable("a.xls", book(sheet("Data", rows)))).lines).toEqual(["a,b,c", "x,,1", ",,2"]);
  expect((await spooledTable("a.xls", book(sheet("Data", rows)), filled)).lines).toEqual([
    "a,b,c",
    "x,x,1",
    "x,x,2",
  ]);
});

test("its sheets are chosen as in any workbook", async () => {
  const hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>";
  const content = book(sheet("Notes", header, hidden), sheet("Data", `<Row>${cell("String", "d")}</Row>`));
  expect((await spooledTable("a.xml", content)).lines).toEqual(["d"]);
  expect((await spooledTables("a.xml", content, { sheet: "*" })).map(({ lines }) => lines)).toEqual([
    ["a,b,c"],
    ["d"],
  ]);
});
