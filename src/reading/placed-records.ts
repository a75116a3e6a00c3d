import type { Dialect } from "../descriptor/types.ts";
import type { RecordScanner } from "./record-scanner.ts";
import { cutCells } from "./records.ts";

const blockSize = 1 << 20;
/** More than three numbers, three delimiters and a line feed need. */
const frameSize = 64;

type Placed = Pick<RecordScanner, "start" | "end" | "row" | "line" | "byteOffset">;

/** A record with a cell that begins with spaces and a quote, all cells quoted: the engine would cut those spaces. */
function quotedRecord(text: string, dialect: Dialect): string {
  const { quoteChar } = dialect;
  if (quoteChar === null || markOf(dialect) === null) return text;
  const cells = cutCells(text, dialect);
  const isOdd = cells.some((cell) => cell.startsWith(" ") && cell.trimStart().startsWith(quoteChar));
  return isOdd ? joinedCells(cells, dialect) : text;
}

/** A record with as many cells as there are columns: those too many are cut off, those too few are empty. */
function fittedRecord(text: string, dialect: Dialect, width: number): string {
  const cells = cutCells(text, dialect);
  return joinedCells(
    Array.from({ length: width }, (_, i) => cells[i] ?? ""),
    dialect,
  );
}

/** What stands before a quote inside of a cell. */
const markOf = ({ quoteChar, escapeChar, doubleQuote }: Dialect) =>
  escapeChar ?? (doubleQuote ? quoteChar : null);

function joinedCells(cells: readonly string[], dialect: Dialect): string {
  const { delimiter, quoteChar } = dialect;
  if (quoteChar === null) return cells.join(delimiter);
  const mark = markOf(dialect);
  const marked = mark === null ? [] : mark === quoteChar ? [quoteChar] : [mark, quoteChar];
  const escaped = (cell: string) => marked.reduce((sum, each) => sum.replaceAll(each, mark + each), cell);
  return cells.map((cell) => (cell === "" ? "" : quoteChar + escaped(cell) + quoteChar)).join(delimiter);
}

/** Collects records with their places in front, as blocks of bytes. */
export class RecordSpool {
  private readonly delimiter: Buffer;
  private readonly quote: number;
  private readonly skipsSpace: boolean;
  private readonly dialect: Dialect;
  private readonly width: number | null;
  private full: Buffer[] = [];
  private block = Buffer.allocUnsafe(blockSize);
  private used = 0;

  /** `width`: cells that each record shall have; null: as many as it has. */
  constructor(dialect: Dialect, width: number | null = null) {
    const { delimiter, quoteChar, skipInitialSpace } = dialect;
    this.dialect = dialect;
    this.width = width;
    this.delimiter = Buffer.from(delimiter);
    this.quote = quoteChar?.charCodeAt(0) ?? -1;
    this.skipsSpace = skipInitialSpace;
  }

  add(data: Buffer, { start, end, row, line, byteOffset, problem, cells }: RecordScanner): void {
    const { width, dialect } = this;
    const written = (text: string) => {
      const record = Buffer.from(text);
      this.place(record, { start: 0, end: record.length, row, line, byteOffset });
    };
    if (width !== null && cells !== width)
      written(fittedRecord(data.toString("utf8", start, end), dialect, width));
    else if (problem === "inner-quote") written(quotedRecord(data.toString("utf8", start, end), dialect));
    else this.place(data, { start, end, row, line, byteOffset });
  }

  private place(data: Buffer, { start, end, row, line, byteOffset }: Placed): void {
    if (this.used + end - start + frameSize > this.block.length) this.nextBlock(end - start + frameSize);
    this.addNumber(row);
    this.addNumber(line);
    this.addNumber(byteOffset);
    if (this.skipsSpace) this.addTrimmed(data.subarray(start, end));
    else this.used += data.copy(this.block, this.used, start, end);
    this.block[this.used++] = 10;
  }

  /** What was collected since the last call. */
  parts(): Buffer[] {
    this.nextBlock(blockSize);
    const parts = this.full;
    this.full = [];
    return parts;
  }

  private nextBlock(atLeast: number): void {
    if (this.used > 0) this.full.push(this.block.subarray(0, this.used));
    this.block = Buffer.allocUnsafe(Math.max(blockSize, atLeast));
    this.used = 0;
  }

  private addNumber(number: number): void {
    const { block } = this;
    let length = 1;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) length++;
    let rest = number;
    for (let i = this.used + length - 1; i >= this.used; i--) {
      const tens = Math.floor(rest / 10);
      block[i] = 48 + rest - tens * 10;
      rest = tens;
    }
    this.used += length;
    this.used += this.delimiter.copy(block, this.used);
  }

  /** A record without the spaces at the start of its cells. */
  private addTrimmed(record: Buffer): void {
    let atStart = true;
    let quoted = false;
    for (const byte of record) {
      if (byte === 32 && atStart) continue;
      if (byte === this.quote) quoted = atStart || quoted ? !quoted : quoted;
      atStart = byte === this.delimiter.at(-1) && !quoted;
      this.block[this.used++] = byte;
    }
  }
}
