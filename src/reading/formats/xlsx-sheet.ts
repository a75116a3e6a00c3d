import { AirCanError } from "../../base/errors.ts";
import type { GridRow } from "./grid.ts";
import type { MergedArea } from "./grid-merged.ts";
import { columnNumber } from "./grid-options.ts";
import { attributeOf } from "./grid-tags.ts";
import { damaged, type Parts, scanPart, unescaped } from "./xlsx-parts.ts";

/** What a cell of a sheet holds, as it is written there. */
export interface WrittenCell {
  /** `s` shared text, `inlineStr`, `str`, `b`, `e`, `d` or `n`. */
  readonly type: string;
  readonly style: number;
  readonly text: string;
}

export interface SheetReading {
  readonly parts: Parts;
  readonly path: string;
  readonly cellText: (cell: WrittenCell) => string;
  /** Is told how many cells hold a formula that was never calculated. */
  readonly onFormula: () => void;
}

const [maxRows, maxColumns] = [10_000_000, 16_384];

/** The state of the scan. */
interface Scan {
  rows: GridRow[];
  row: number;
  cells: string[];
  column: number;
  type: string;
  style: number;
  text: string;
  isText: boolean;
  phonetic: number;
  hasFormula: boolean;
}

/**
 * The rows of a sheet that hold cells, as a stream. References of rows and cells may be missing: each then
 * follows the one before.
 *
 * @throws AirCanError `format-error` for a damaged sheet.
 */
export async function* sheetRows({
  parts,
  path,
  cellText,
  onFormula,
}: SheetReading): AsyncGenerator<readonly GridRow[]> {
  const entry = parts.find(path);
  if (entry === undefined) throw damaged(parts.source, `${path} is not in it`);
  const scan: Scan = { ...noCell, rows: [], row: 0, cells: [], column: 0, phonetic: 0 };
  const handler = {
    open(name: string, attributes: string) {
      if (name === "c") startCell(scan, attributes, parts.source);
      else if (name === "row") startRow(scan, attributes, parts.source);
      else if (name === "v" || name === "t") scan.isText = true;
      else if (name === "f") scan.hasFormula = true;
      else if (name === "rPh") scan.phonetic++;
    },
    close(name: string) {
      if (name === "v" || name === "t") scan.isText = false;
      else if (name === "c") {
        if (scan.text !== "") putCell(scan, cellText(scan));
        else if (scan.hasFormula && scan.type !== "str") onFormula();
        scan.column++;
      } else if (name === "row") scan.rows.push({ number: scan.row, cells: scan.cells });
      else if (name === "rPh") scan.phonetic--;
    },
    text(part: string) {
      if (scan.isText && scan.phonetic === 0) scan.text += part;
    },
  };
  for await (const _ of scanPart(parts.read(entry), handler, parts.source)) {
    const { rows } = scan;
    scan.rows = [];
    if (rows.length > 0) yield rows;
  }
}

const noCell = { type: "n", style: 0, text: "", isText: false, hasFormula: false };

const rowNumberOf = attributeOf("r");

function startRow(scan: Scan, attributes: string, source: string): void {
  const told = rowNumberOf(attributes);
  const row = told === undefined ? scan.row + 1 : Number(told);
  if (!(Number.isInteger(row) && row > scan.row && row <= maxRows))
    throw damaged(source, `row ${told ?? row} follows row ${scan.row}`);
  scan.row = row;
  scan.cells = [];
  scan.column = 0;
}

const referenceOf = attributeOf("r");
const typeOf = attributeOf("t");
const styleOf = attributeOf("s");
const usual = /^ r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?\s*$/;

function startCell(scan: Scan, attributes: string, source: string): void {
  const found = usual.exec(attributes);
  const letters = found ? found[1] : referenceOf(attributes)?.match(/^\$?([A-Za-z]{1,3})\$?\d*$/)?.[1];
  const style = found ? found[2] : styleOf(attributes);
  scan.type = (found ? found[3] : typeOf(attributes)) ?? "n";
  scan.style = style === undefined ? 0 : Number(style);
  scan.text = "";
  scan.isText = false;
  scan.hasFormula = false;
  if (letters !== undefined) scan.column = columnNumber(letters) - 1;
  if (scan.column >= maxColumns)
    throw new AirCanError("format-error", `${source} has more than ${maxColumns} columns.`, {
      where: { source },
    });
}

function putCell(scan: Scan, text: string): void {
  const { cells, column } = scan;
  while (cells.length < column) cells.push("");
  cells[column] = scan.type === "inlineStr" || scan.type === "str" ? unescaped(text) : text;
}

const areaOf = attributeOf("ref");

/** The merged areas of a sheet, which are written after its rows. */
export async function mergedAreas(parts: Parts, path: string): Promise<readonly MergedArea[]> {
  const areas: MergedArea[] = [];
  const entry = parts.find(path);
  if (entry === undefined) return areas;
  const handler = {
    open(name: string, attributes: string) {
      if (name !== "mergeCell") return;
      const found = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/i.exec(areaOf(attributes) ?? "");
      if (!found) return;
      const [, left = "", top, right = "", bottom] = found;
      areas.push({
        top: Number(top),
        left: columnNumber(left) - 1,
        bottom: Number(bottom),
        right: Math.min(columnNumber(right) - 1, maxColumns),
      });
    },
    close() {},
    text() {},
  };
  for await (const _ of scanPart(parts.read(entry), handler, parts.source));
  return areas;
}
