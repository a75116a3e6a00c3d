import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../../base/errors.ts";
import type { Note } from "../../descriptor/types.ts";
import { writeError } from "../../storage/local.ts";
import type { OpenedSource } from "../open-source.ts";
import type { ReadingContext } from "../options.ts";
import { spoolPath } from "../spool-path.ts";
import type { Grid, GridRow } from "./grid.ts";
import { columnLetters, type GridRange } from "./grid-options.ts";

interface Spooling {
  readonly range?: GridRange;
  readonly kind: "sheet" | "table";
  readonly context: ReadingContext;
}

/** A copy of a grid; without a path if no cell holds anything. */
interface SpooledGrid {
  readonly path?: string;
  readonly notes: readonly Note[];
}

/** Rows that show where the table begins and how wide it is. */
const sampleRows = 1000;

/** Where the table lies in its grid; columns from 0. */
interface Frame {
  /** The first column that holds anything from `top` on. */
  readonly left: number;
  /** Rows from this one on have at least the cells up to `width`, empty ones added. */
  readonly top: number;
  readonly width: number;
}

/**
 * Copies a grid as CSV: commas, `"`, LF, a record for each row from the first one. Columns on the left that
 * hold nothing below the titles are left out, and empty cells beyond the width of the table.
 */
export async function spoolGrid(grid: Grid, opened: OpenedSource, spooling: Spooling): Promise<SpooledGrid> {
  const path = spoolPath(`${opened.fileName}.csv`, spooling.context);
  const { signal } = spooling.context;
  let leftmost = Number.POSITIVE_INFINITY;
  for (;;) {
    const pass: Pass = { grid, range: spooling.range, frame: undefined, leftmost, lastRow: 0 };
    const file = createWriteStream(path, { highWaterMark: 1 << 20 });
    await pipeline(copyText(pass), file, { signal }).catch((error: unknown) => {
      throw error instanceof AirCanError ? error : writeError(error, path);
    });
    if (pass.frame === undefined) return { notes: [] };
    if (pass.leftmost >= pass.frame.left) return { path, notes: leftOut(pass.frame, spooling) };
    leftmost = pass.leftmost;
  }
}

function leftOut({ left }: Frame, { range, kind }: Spooling): Note[] {
  if (left === (range?.firstColumn ?? 1) - 1) return [];
  const text = `the table begins in column ${columnLetters(left + 1)} of the ${kind}; the empty ones before it are left out`;
  return [{ about: "columns", text }];
}

/** One pass over a grid. */
interface Pass {
  readonly grid: Grid;
  readonly range: GridRange | undefined;
  frame: Frame | undefined;
  leftmost: number;
  lastRow: number;
}

/** The copy, in parts. Ends early if a row after the sample begins further left than the frame. */
async function* copyText(pass: Pass): AsyncGenerator<string> {
  const sample: GridRow[] = [];
  for await (const rows of pass.grid.rows()) {
    const within = partsOf(rows, pass.range);
    if (pass.frame) yield written(within, pass, pass.frame);
    else {
      for (const row of within) sample.push(row);
      if (sample.length >= sampleRows) yield framed(sample, pass);
    }
    if (pass.frame && pass.leftmost < pass.frame.left) return;
    if (pass.range && (rows.at(-1)?.number ?? 0) > pass.range.lastRow) break;
  }
  if (pass.frame === undefined && sample.length > 0) yield framed(sample, pass);
}

function framed(sample: readonly GridRow[], pass: Pass): string {
  pass.frame = frameOf(sample, pass.leftmost);
  pass.leftmost = pass.frame.left;
  return written(sample, pass, pass.frame);
}

/** Rows that hold something, without the cells outside of the range and empty ones at the end. */
function partsOf(rows: readonly GridRow[], range: GridRange | undefined): GridRow[] {
  const kept: GridRow[] = [];
  for (const { number, cells } of rows) {
    if (range && (number < range.firstRow || number > range.lastRow)) continue;
    const part = range ? cells.map((cell, i) => (i + 1 < range.firstColumn ? "" : cell)) : cells;
    let end = Math.min(part.length, range?.lastColumn ?? part.length);
    while (end > 0 && part[end - 1] === "") end--;
    if (end > 0) kept.push({ number, cells: end === part.length ? part : part.slice(0, end) });
  }
  return kept;
}

function written(rows: readonly GridRow[], pass: Pass, { left, top, width }: Frame): string {
  let text = "";
  for (const { number, cells } of rows) {
    const start = number >= top ? left : Math.min(left, firstFilled(cells));
    if (left > 0 && number >= top) pass.leftmost = Math.min(pass.leftmost, firstFilled(cells));
    if (number > pass.lastRow + 1) text += "\n".repeat(number - pass.lastRow - 1);
    const end = number >= top ? Math.max(width, cells.length) : cells.length;
    for (let i = start; i < end; i++) {
      if (i > start) text += ",";
      const cell = cells[i];
      if (cell !== undefined) text += needsQuotes.test(cell) ? quoted(cell) : cell;
    }
    text += "\n";
    pass.lastRow = number;
  }
  return text;
}

/** Spaces and `#` at the start too: what guesses dialects shall not think of them. */
const needsQuotes = /[",\n\r]|^[\s#']/;
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function firstFilled(cells: readonly string[]): number {
  const first = cells.findIndex((cell) => cell !== "");
  return first < 0 ? cells.length : first;
}

/**
 * The table begins with the first row that has at least half as many filled cells as the fullest one, and is
 * as wide as that row, or as columns that one row in ten fills, and not one row alone.
 */
function frameOf(rows: readonly GridRow[], leftmost: number): Frame {
  const filled = rows.map(({ cells }) => cells.filter((cell) => cell !== "").length);
  const most = filled.reduce((a, b) => Math.max(a, b), 0);
  const start = filled.findIndex((count) => count * 2 >= most);
  const table = rows.slice(start);
  const first = table[0];
  let width = table.reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
  const isUsed = (column: number) =>
    table.filter(({ cells }) => (cells[column] ?? "") !== "").length >= Math.max(2, table.length / 10);
  while (width > (first?.cells.length ?? 0) && !isUsed(width - 1)) width--;
  const left = table.reduce((least, { cells }) => Math.min(least, firstFilled(cells)), leftmost);
  return { left, top: first?.number ?? 1, width };
}
