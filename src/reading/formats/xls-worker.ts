import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type CellObject, read, set_cptable, utils, type WorkSheet } from "@e965/xlsx";
import * as codePages from "@e965/xlsx/dist/cpexcel.full.mjs";
import type { MergedArea } from "./grid-merged.ts";
import { numberText, roundedText } from "./grid-number.ts";
import { kindOfCode, serialText } from "./xlsx-formats.ts";

/** What the worker of `xls.ts` is given. */
export interface XlsTask {
  readonly path: string;
  readonly adjustFloatingPointError: boolean;
}

export interface XlsSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly areas: readonly MergedArea[];
}

/** Rows of a sheet from a row on, from 0. */
export interface XlsQuestion {
  readonly sheet: number;
  readonly from: number;
}

export interface XlsRows {
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
  /** Where the next question goes on; undefined at the end. */
  readonly next?: number;
}

const batchRows = 2000;

/** Codes of errors in binary workbooks ([MS-XLS] 2.5.10). */
const errors: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
  43: "#GETTING_DATA",
};

function openWorkbook({ path, adjustFloatingPointError }: XlsTask) {
  set_cptable(codePages);
  const book = read(readFileSync(path), { dense: true, cellNF: true, cellText: false, cellHTML: false });
  const is1904 = book.Workbook?.WBProps?.date1904 === true;
  const number = adjustFloatingPointError ? roundedText : numberText;
  const sheets = book.SheetNames.flatMap((name, i) => {
    const sheet = book.Sheets[name];
    const isHidden = (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) > 0;
    return sheet ? [{ name, isHidden, sheet, areas: areasOf(sheet) }] : [];
  });
  const textOf = (cell: CellObject | undefined): string => {
    if (cell === undefined || cell.v === undefined || cell.v === null) return "";
    if (cell.t === "e") return errors[Number(cell.v)] ?? "#VALUE!";
    if (cell.t !== "n") return String(cell.v);
    const kind = typeof cell.z === "string" ? kindOfCode(cell.z) : "number";
    const dated = kind === "number" ? undefined : serialText(Number(cell.v), { kind, is1904 });
    return dated ?? number(String(cell.v));
  };
  return { sheets, textOf };
}

const areasOf = (sheet: WorkSheet): readonly MergedArea[] =>
  (sheet["!merges"] ?? []).map(({ s, e }) => ({ top: s.r + 1, left: s.c, bottom: e.r + 1, right: e.c }));

function answer({ sheet, from }: XlsQuestion, { sheets, textOf }: ReturnType<typeof openWorkbook>): XlsRows {
  const found = sheets[sheet]?.sheet;
  const reference = found?.["!ref"];
  if (found === undefined || reference === undefined) return { rows: [] };
  const { s, e } = utils.decode_range(reference);
  const first = Math.max(from, s.r);
  const data = found["!data"] ?? [];
  const last = Math.min(e.r, data.length - 1);
  const rows: { number: number; cells: string[] }[] = [];
  let row = first;
  for (; row <= last && rows.length < batchRows; row++) {
    const cells = Array.from(data[row] ?? [], textOf);
    if (cells.some((cell) => cell !== "")) rows.push({ number: row + 1, cells });
  }
  return { rows, ...(row <= last ? { next: row } : {}) };
}

/** Only what the caller needs to say what is wrong: other errors cannot cross to it whole. */
function run(port: NonNullable<typeof parentPort>): void {
  const book = openWorkbook(workerData);
  port.on("message", (question: XlsQuestion) => port.postMessage(answer(question, book)));
  port.postMessage(book.sheets.map(({ name, isHidden, areas }) => ({ name, isHidden, areas })));
}

if (parentPort) run(parentPort);
