import { type OpenedSource, readSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { type Grid, type GridRow, readGrids } from "./grid.ts";
import { fillMerged, type MergedArea } from "./grid-merged.ts";
import { numberText, roundedText } from "./grid-number.ts";
import { gridOptions } from "./grid-options.ts";
import { attributeOf, type TagHandler } from "./grid-tags.ts";
import { kindOfCode, type NumberKind, serialText } from "./xlsx-formats.ts";
import { damaged, scanPart } from "./xlsx-parts.ts";

/** The XML that Excel 2002 and 2003 wrote (XML Spreadsheet), and some portals still do; read as a stream. */
export const excelXml: FormatDefinition = {
  name: "excel-xml",
  title: "Excel workbook, XML of 2003",
  summary: "XML Spreadsheet 2003, as some portals still send it; read as a stream.",
  options: ["sheet", "range", "headerRows"],
  extensions: [],
  mediatype: "application/vnd.ms-excel",
  matches: (sample) => sample.subarray(0, 4096).includes("urn:schemas-microsoft-com:office:spreadsheet"),
  read: readExcelXml,
};

async function readExcelXml(opened: OpenedSource, reading: FormatReading): Promise<readonly ReadTable[]> {
  const { source } = opened;
  const options = gridOptions(reading);
  const book = await readBook(opened);
  const number = options.adjustFloatingPointError ? roundedText : numberText;
  const grids = book.sheets.map(
    (sheet, index): Grid => ({
      ...sheet,
      rows: () => {
        const areas: MergedArea[] = [];
        const cells = { ...book, index, areas, number };
        const rows = sheetRows(readSource(opened), cells, source);
        return options.fillMergedCells ? fillMerged(rows, areas) : rows;
      },
    }),
  );
  return readGrids(grids, opened, { reading, kind: "sheet" });
}

interface Book {
  readonly sheets: readonly { readonly name: string; readonly isHidden: boolean }[];
  /** What the number formats of styles mean, by their ids. */
  readonly styles: ReadonlyMap<string, NumberKind>;
  readonly is1904: boolean;
}

const nameOf = attributeOf("Name");
const idOf = attributeOf("ID");
const formatOf = attributeOf("Format");

/** Formats that have a name in place of a code. */
const namedFormats: Readonly<Record<string, NumberKind>> = {
  "General Date": "datetime",
  "Long Date": "date",
  "Medium Date": "date",
  "Short Date": "date",
  "Long Time": "time",
  "Medium Time": "time",
  "Short Time": "time",
};

async function readBook(opened: OpenedSource): Promise<Book> {
  const sheets: { name: string; isHidden: boolean }[] = [];
  const styles = new Map<string, NumberKind>();
  let [style, is1904, inVisible, visible] = ["", false, false, ""];
  const handler: TagHandler = {
    open(name, attributes) {
      if (name === "Style") style = idOf(attributes) ?? "";
      else if (name === "NumberFormat") {
        const code = formatOf(attributes) ?? "";
        styles.set(style, namedFormats[code] ?? kindOfCode(code));
      } else if (name === "Date1904") is1904 = true;
      else if (name === "Worksheet") sheets.push({ name: nameOf(attributes) ?? "", isHidden: false });
      else if (name === "Visible") [inVisible, visible] = [true, ""];
    },
    close(name) {
      if (name !== "Visible") return;
      const last = sheets.at(-1);
      if (last) last.isHidden = /hidden/i.test(visible);
      inVisible = false;
    },
    text(part) {
      if (inVisible) visible += part;
    },
  };
  for await (const _ of scanPart(readSource(opened), handler, opened.source));
  return { sheets, styles, is1904 };
}

interface SheetCells extends Book {
  readonly index: number;
  /** Merged areas are added as they are met. */
  readonly areas: MergedArea[];
  readonly number: (written: string) => string;
}

interface Scan {
  sheet: number;
  rows: GridRow[];
  row: number;
  cells: string[];
  column: number;
  /** The columns after this cell that it covers. */
  across: number;
  style: string;
  type: string;
  text: string;
  inData: boolean;
}

async function* sheetRows(
  content: AsyncIterable<Buffer>,
  book: SheetCells,
  source: string,
): AsyncGenerator<readonly GridRow[]> {
  const scan: Scan = {
    ...{ sheet: -1, rows: [], row: 0, cells: [], column: -1 },
    ...{ across: 0, style: "", type: "", text: "", inData: false },
  };
  for await (const _ of scanPart(content, cellHandler(scan, book, source), source)) {
    const { rows } = scan;
    scan.rows = [];
    if (rows.length > 0) yield rows;
    if (scan.sheet > book.index) return;
  }
}

const typeOf = attributeOf("Type");

function cellHandler(scan: Scan, book: SheetCells, source: string): TagHandler {
  return {
    open(name, attributes) {
      if (name === "Worksheet") scan.sheet++;
      if (scan.sheet !== book.index) return;
      if (name === "Row") startRow(scan, attributes, source);
      else if (name === "Cell") startCell(scan, attributes, book, source);
      else if (name === "Data") {
        scan.type = typeOf(attributes) ?? "String";
        scan.text = "";
        scan.inData = true;
      }
    },
    close(name) {
      if (scan.sheet !== book.index) return;
      if (name === "Data") {
        scan.inData = false;
        putCell(scan, textOf(scan, book));
      } else if (name === "Row") scan.rows.push({ number: scan.row, cells: scan.cells });
    },
    text(part) {
      if (scan.inData) scan.text += part;
    },
  };
}

const indexOf = attributeOf("Index");
const [maxRows, maxColumns] = [10_000_000, 16_384];

function startRow(scan: Scan, attributes: string, source: string): void {
  const row = Number(indexOf(attributes) ?? scan.row + 1);
  if (!(Number.isInteger(row) && row > scan.row && row <= maxRows))
    throw damaged(source, `row ${row} follows row ${scan.row}`);
  scan.row = row;
  scan.cells = [];
  scan.column = -1;
  scan.across = 0;
}

const styleOf = attributeOf("StyleID");
const acrossOf = attributeOf("MergeAcross");
const downOf = attributeOf("MergeDown");

function startCell(scan: Scan, attributes: string, { areas }: SheetCells, source: string): void {
  const index = indexOf(attributes);
  scan.column = index === undefined ? scan.column + 1 + scan.across : Number(index) - 1;
  if (!(scan.column >= 0 && scan.column < maxColumns))
    throw damaged(source, `it has no column ${scan.column + 1}`);
  scan.style = styleOf(attributes) ?? "Default";
  scan.across = Math.min(Number(acrossOf(attributes) ?? 0), maxColumns);
  const down = Math.min(Number(downOf(attributes) ?? 0), maxRows);
  const { row, column, across } = scan;
  if (across > 0 || down > 0)
    areas.push({ top: row, left: column, bottom: row + down, right: column + across });
}

function putCell({ cells, column }: Scan, text: string): void {
  if (text === "") return;
  while (cells.length < column) cells.push("");
  cells[column] = text;
}

function textOf({ type, text, style }: Scan, { styles, is1904, number }: SheetCells): string {
  const kind = styles.get(style) ?? "number";
  if (type === "Boolean") return text.trim() === "1" ? "true" : "false";
  if (type === "DateTime") return momentText(text.trim(), kind);
  if (type !== "Number") return text;
  const dated = kind === "number" ? undefined : serialText(Number(text), { kind, is1904 });
  return dated ?? number(text);
}

/** `2024-01-31T00:00:00.000` as its format shows it: a date, a time (written as of 1899-12-31), or both. */
function momentText(text: string, kind: NumberKind): string {
  const moment = text.replace(/\.0+$/, "");
  if (kind === "time" && moment.startsWith("1899-12-31T")) return moment.slice(11);
  return kind === "datetime" ? moment : moment.replace(/T00:00:00$/, "");
}
