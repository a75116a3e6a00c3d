import type { Note } from "../../descriptor/types.ts";
import type { OpenedSource } from "../open-source.ts";
import { openZip } from "../zip-archive.ts";
import type { FormatDefinition, FormatReading } from "./definition.ts";
import { type Grid, readGrids } from "./grid.ts";
import { fillMerged } from "./grid-merged.ts";
import { numberText, roundedText } from "./grid-number.ts";
import { type GridOptions, gridOptions } from "./grid-options.ts";
import { serialText } from "./xlsx-formats.ts";
import {
  type NumberStyle,
  type Parts,
  partsOf,
  readStrings,
  readStyles,
  readWorkbook,
  type SheetPart,
} from "./xlsx-parts.ts";
import { mergedAreas, sheetRows, type WrittenCell } from "./xlsx-sheet.ts";

/** Workbooks of Excel since 2007 (ECMA-376), read as a stream; only their texts are held in memory. */
export const xlsx: FormatDefinition = {
  name: "xlsx",
  title: "Excel workbook",
  summary:
    "Excel since 2007, read as a stream: only the texts are held in memory, up to 512 MB of them. Dates become ISO texts, formulas are read as their results, errors such as `#N/A` stay as they stand.",
  options: ["sheet", "range", "headerRows"],
  extensions: ["xlsx", "xlsm", "xltx", "xltm"],
  mediatype: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  isBinary: true,
  matches: (sample) => isZip(sample) && /xl\/(workbook|worksheets|_rels)/.test(sample.toString("latin1")),
  read: readXlsx,
};

const isZip = (sample: Buffer) => sample.subarray(0, 4).toString("latin1") === "PK\u0003\u0004";

async function readXlsx(opened: OpenedSource, reading: FormatReading) {
  const archive = await openZip(opened.path, opened.source);
  try {
    const parts = partsOf(archive, opened.source);
    const workbook = await readWorkbook(parts);
    const options = gridOptions(reading);
    const book: Book = {
      parts,
      is1904: workbook.is1904,
      strings: await readStrings(parts, workbook.stringsPath),
      styles: await readStyles(parts, workbook.stylesPath),
      options,
      ...(options.preserveFormatting ? { format: await numberFormatter() } : {}),
    };
    return await readGrids(
      workbook.sheets.map((sheet) => gridOf(sheet, book)),
      opened,
      { reading, kind: "sheet" },
    );
  } finally {
    archive.close();
  }
}

interface Book {
  readonly parts: Parts;
  readonly is1904: boolean;
  readonly strings: readonly string[];
  readonly styles: readonly NumberStyle[];
  readonly options: GridOptions;
  /** Shows a number as its format says; undefined where numbers stay numbers. */
  readonly format?: (style: NumberStyle, number: number) => string;
}

/** Number formats as Excel shows them; the code for it is loaded only where it is asked for. */
async function numberFormatter(): Promise<(style: NumberStyle, number: number) => string> {
  const { SSF } = await import("@e965/xlsx");
  return ({ format }, number) => (format === 0 ? numberText(String(number)) : SSF.format(format, number));
}

function gridOf({ name, isHidden, path }: SheetPart, book: Book): Grid {
  const { parts, options } = book;
  let formulas = 0;
  const reading = { parts, path, cellText: cellReader(book), onFormula: () => formulas++ };
  return {
    name,
    isHidden,
    rows: async function* () {
      formulas = 0;
      const rows = sheetRows(reading);
      yield* options.fillMergedCells ? fillMerged(rows, await mergedAreas(parts, path)) : rows;
    },
    notes: () => notesOf(formulas),
  };
}

function notesOf(formulas: number): Note[] {
  if (formulas === 0) return [];
  const cells = formulas === 1 ? "1 cell has a formula" : `${formulas} cells have formulas`;
  const text = `${cells} without a result and read as empty; open the file in a spreadsheet program and save it`;
  return [{ about: "formulas", text }];
}

/** What a cell of a workbook is as text: dates as ISO, errors such as `#N/A` as they stand. */
function cellReader(book: Book): (cell: WrittenCell) => string {
  const { strings, options } = book;
  const number = options.adjustFloatingPointError ? roundedText : numberText;
  return ({ type, style, text }) => {
    if (type === "s") return strings[Number(text)] ?? "";
    if (type === "b") return text === "1" || text === "true" ? "true" : "false";
    if (type === "d") return text.replace(/T00:00:00(\.0+)?$/, "");
    if (type !== "n") return text;
    const shown = book.styles[style] ?? general;
    const { kind } = shown;
    if (kind === "number") return book.format ? book.format(shown, Number(text)) : number(text);
    return serialText(Number(text), { kind, is1904: book.is1904 }) ?? number(text);
  };
}

const general: NumberStyle = { kind: "number", format: 0 };
