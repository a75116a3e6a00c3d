import { AirCanError } from "../../base/errors.ts";
import type { GridRow } from "./grid.ts";
import type { MergedArea } from "./grid-merged.ts";
import { attributeOf, type TagHandler } from "./grid-tags.ts";
import { odsText } from "./ods-values.ts";
import { damaged, scanPart } from "./xlsx-parts.ts";

export interface OdsSheet {
  readonly name: string;
  readonly isHidden: boolean;
}

const nameOf = attributeOf("name");
const displayOf = attributeOf("display");
const styleOf = attributeOf("style-name");

/** The sheets of a document, in their order. */
export async function odsSheets(
  content: AsyncIterable<Buffer>,
  source: string,
): Promise<readonly OdsSheet[]> {
  const hidden = new Set<string>();
  const sheets: OdsSheet[] = [];
  let [style, depth, isSpreadsheet] = ["", 0, false];
  const handler = {
    open(name: string, attributes: string) {
      if (name === "style") style = nameOf(attributes) ?? "";
      else if (name === "table-properties" && displayOf(attributes) === "false") hidden.add(style);
      else if (name === "spreadsheet") isSpreadsheet = true;
      else if (name === "table" && depth++ === 0 && isSpreadsheet)
        sheets.push({ name: nameOf(attributes) ?? "", isHidden: hidden.has(styleOf(attributes) ?? "") });
    },
    close(name: string) {
      if (name === "table") depth--;
    },
    text() {},
  };
  for await (const _ of scanPart(content, handler, source));
  if (!isSpreadsheet) throw damaged(source, "there is no spreadsheet in it");
  return sheets;
}

const maxColumns = 16_384;
const maxRows = 10_000_000;
/** Cells that repeated rows may make; a sheet of real data repeats little but emptiness. */
const maxRepeated = 50_000_000;

/** The state of the scan within one sheet. */
interface Scan {
  readonly source: string;
  readonly areas: MergedArea[];
  readonly number: (written: string) => string;
  rows: GridRow[];
  /** The number of the row that is open. */
  row: number;
  rowRepeat: number;
  cells: string[];
  column: number;
  /** Attributes of the cell that is open. */
  cell: string | undefined;
  paragraphs: number;
  text: string;
  /** Depth of elements in the cell whose text is none of its: notes, drawings, tables. */
  aside: number;
  inParagraph: boolean;
  repeated: number;
}

export interface OdsReading {
  readonly source: string;
  /** Which table of the document, from 0. */
  readonly index: number;
  readonly number: (written: string) => string;
  /** Merged areas are added as they are met. */
  readonly areas: MergedArea[];
}

/** The rows of one sheet that hold something, as a stream; repeated empty rows and cells are only counted. */
export async function* odsRows(
  content: AsyncIterable<Buffer>,
  { source, index, number, areas }: OdsReading,
): AsyncGenerator<readonly GridRow[]> {
  const scan: Scan = { ...newScan(), source, areas, number };
  let [tables, depth] = [-1, 0];
  const isOurs = () => tables === index && depth > 0;
  const cells = cellHandler(scan);
  const handler: TagHandler = {
    open(name, attributes) {
      if (name === "table" && depth++ === 0) tables++;
      else if (isOurs()) cells.open(name, attributes);
    },
    close(name) {
      if (name === "table") depth--;
      else if (isOurs()) cells.close(name);
    },
    text(part) {
      if (isOurs()) cells.text(part);
    },
  };
  for await (const _ of scanPart(content, handler, source)) {
    const { rows } = scan;
    scan.rows = [];
    if (rows.length > 0) yield rows;
    if (tables > index) return;
  }
}

const newScan = () => ({
  rows: [],
  row: 0,
  rowRepeat: 1,
  cells: [],
  column: 0,
  cell: undefined,
  paragraphs: 0,
  text: "",
  aside: 0,
  inParagraph: false,
  repeated: 0,
});

const isAside = (name: string) => name === "annotation" || name === "frame" || name === "custom-shape";
const isCell = (name: string) => name === "table-cell" || name === "covered-table-cell";
const spacesOf = attributeOf("c");

function cellHandler(scan: Scan): TagHandler {
  return {
    open(name, attributes) {
      if (isCell(name)) startCell(scan, attributes);
      else if (name === "table-row") startRow(scan, attributes);
      else if (isAside(name)) scan.aside++;
      else if (scan.aside > 0 || scan.cell === undefined) return;
      else if (name === "p") {
        if (scan.paragraphs++ > 0) scan.text += "\n";
        scan.inParagraph = true;
      } else if (name === "s") scan.text += " ".repeat(Math.min(Number(spacesOf(attributes) ?? 1), 1000));
      else if (name === "tab") scan.text += "\t";
      else if (name === "line-break") scan.text += "\n";
    },
    close(name) {
      if (isCell(name)) endCell(scan);
      else if (name === "table-row") endRow(scan);
      else if (isAside(name)) scan.aside--;
      else if (name === "p" && scan.aside === 0) scan.inParagraph = false;
    },
    text(part) {
      if (scan.inParagraph && scan.aside === 0) scan.text += part.replace(/[ \t\r\n]+/g, " ");
    },
  };
}

const rowRepeatOf = attributeOf("number-rows-repeated");
const columnRepeatOf = attributeOf("number-columns-repeated");
const columnSpanOf = attributeOf("number-columns-spanned");
const rowSpanOf = attributeOf("number-rows-spanned");

function startRow(scan: Scan, attributes: string): void {
  scan.row += scan.rowRepeat;
  scan.rowRepeat = Number(rowRepeatOf(attributes) ?? 1);
  scan.cells = [];
  scan.column = 0;
}

function startCell(scan: Scan, attributes: string): void {
  scan.cell = attributes;
  scan.text = "";
  scan.paragraphs = 0;
}

function endCell(scan: Scan): void {
  const attributes = scan.cell ?? "";
  scan.cell = undefined;
  const text = odsText(attributes, scan.text, scan.number);
  const repeat = Number(columnRepeatOf(attributes) ?? 1);
  if (text !== "") {
    if (scan.column + repeat > maxColumns)
      throw damaged(scan.source, `it has more than ${maxColumns} columns`);
    while (scan.cells.length < scan.column) scan.cells.push("");
    for (let i = 0; i < repeat; i++) scan.cells.push(text);
  }
  const [columns, rows] = [Number(columnSpanOf(attributes) ?? 1), Number(rowSpanOf(attributes) ?? 1)];
  if (columns > 1 || rows > 1)
    scan.areas.push({
      top: scan.row,
      left: scan.column,
      bottom: Math.min(scan.row + rows - 1, maxRows),
      right: Math.min(scan.column + columns - 1, maxColumns),
    });
  scan.column += repeat;
}

function endRow(scan: Scan): void {
  const { cells, row, rowRepeat } = scan;
  if (cells.length === 0) return;
  scan.repeated += (rowRepeat - 1) * cells.length;
  if (row + rowRepeat > maxRows || scan.repeated > maxRepeated)
    throw new AirCanError(
      "too-large",
      `${scan.source} repeats more cells than it may: it looks like a bomb.`,
      {
        where: { source: scan.source },
        hint: "Send the data in another form.",
      },
    );
  for (let i = 0; i < rowRepeat; i++) scan.rows.push({ number: row + i, cells });
}
