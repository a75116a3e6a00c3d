import { AirCanError } from "../../base/errors.ts";
import type { FormatReading } from "./definition.ts";

/** A part of a grid; rows and columns from 1, both ends included. */
export interface GridRange {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** How a grid shall be read. */
export interface GridOptions {
  readonly sheet?: string | number;
  readonly table?: string | number;
  readonly range?: GridRange;
  /** Cells of a merged area all have its value. */
  readonly fillMergedCells: boolean;
  /** Numbers look as the sheet shows them, with units and per cents; only XLSX. */
  readonly preserveFormatting: boolean;
  /** Numbers have the 15 digits that Excel shows. */
  readonly adjustFloatingPointError: boolean;
}

/**
 * What the options and the descriptor tell of a grid; options win.
 *
 * @throws AirCanError `usage-error` for a range that is none.
 */
export function gridOptions({ options, declared }: Pick<FormatReading, "options" | "declared">): GridOptions {
  const dialect = declared.dialect ?? {};
  const nested = Object(dialect.excel ?? dialect.ods);
  const rangeText = options.range ?? text(dialect.range);
  const [ofRange, cells] = splitSheet(rangeText);
  const sheet = options.sheet ?? ofRange ?? name(dialect.sheetName ?? dialect.sheetNumber ?? nested.sheet);
  const table = options.table ?? name(dialect.table);
  const told = (key: string) => (dialect[key] ?? nested[key]) === true;
  return {
    ...(sheet === undefined ? {} : { sheet }),
    ...(table === undefined ? {} : { table }),
    ...(cells === undefined ? {} : { range: parseRange(cells) }),
    fillMergedCells: told("fillMergedCells"),
    preserveFormatting: told("preserveFormatting"),
    adjustFloatingPointError: told("adjustFloatingPointError"),
  };
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const name = (value: unknown) => (typeof value === "string" || typeof value === "number" ? value : undefined);

/** `Sheet1!A3:F20` names the sheet too. */
function splitSheet(range: string | undefined): readonly [string | undefined, string | undefined] {
  const at = range?.lastIndexOf("!") ?? -1;
  if (range === undefined || at < 0) return [undefined, range];
  return [range.slice(0, at).replace(/^'(.*)'$/, "$1"), range.slice(at + 1)];
}

const corner = /^\$?([a-z]{1,3})?\$?(\d{1,7})?$/i;

/**
 * Reads a range such as `A3:F20`, `B:D`, `3:20`, `A3:F` (to the last row), `A3` (to the end).
 *
 * @throws AirCanError `usage-error` for any other text.
 */
export function parseRange(range: string): GridRange {
  const [start = "", end = ""] = range.trim().split(":");
  const [from, to] = [corner.exec(start), corner.exec(end)];
  const read = {
    firstRow: Number(from?.[2] ?? 1),
    lastRow: Number(to?.[2] ?? Number.POSITIVE_INFINITY),
    firstColumn: from?.[1] ? columnNumber(from[1]) : 1,
    lastColumn: to?.[1] ? columnNumber(to[1]) : Number.POSITIVE_INFINITY,
  };
  const isRange = from && to && start !== "" && read.firstRow > 0 && range.split(":").length <= 2;
  if (isRange && read.firstRow <= read.lastRow && read.firstColumn <= read.lastColumn) return read;
  throw new AirCanError("usage-error", `"${range}" is no range of cells.`, {
    hint: "Write it as A3:F20, B:D, 3:20 or A3 (from there on).",
  });
}

/** The number of a column, from 1: `A` is 1, `AA` is 27. */
export function columnNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}

/** The letters of a column's number, from 1. */
export function columnLetters(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return (rest > 0 ? columnLetters(rest) : "") + String.fromCharCode(65 + ((number - 1) % 26));
}
