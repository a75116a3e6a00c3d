import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { AirCanError } from "../base/errors.ts";
import type { Dialect } from "../descriptor/types.ts";

/** What the tokenizer finds wrong with a record. */
export type RecordProblem =
  | "unclosed-quote"
  | "stray-quote"
  | "extra-cell"
  | "missing-cell"
  | "null-byte"
  | "encoding-error";

/** A record that cannot be read as a row. `row` and `line` count from 1, `byteOffset` from 0. */
export interface RecordFinding {
  readonly code: RecordProblem;
  readonly row: number;
  readonly line: number;
  readonly byteOffset: number;
  /** The record's text, cut to 1,000 characters. */
  readonly text: string;
  readonly cells: number;
  readonly expected: number;
}

export interface Normalising {
  readonly dialect: Dialect;
  readonly width: number;
  /** Local path of the spool to write. */
  readonly output: string;
  readonly onFinding: (finding: RecordFinding) => void;
  readonly signal: AbortSignal;
}

/** `records` are those that hold data; each is written or reported, never neither. */
export interface Normalised {
  readonly records: number;
  readonly written: number;
  readonly reported: number;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
/** An open quote counts as never closed after this many bytes. */
const longestRecord = 64 * 1024 * 1024;

/**
 * Reads delimited bytes strictly and writes the sound records to a spool, each with its record number, line
 * and byte offset as three leading cells, in the file's own dialect without header, comments or blank
 * lines. After a broken record the next line is read as a record again.
 */
export async function normaliseRecords(source: Readable, options: Normalising): Promise<Normalised> {
  const output = createWriteStream(options.output, { highWaterMark: 1 << 22 });
  const failed = finished(output);
  failed.catch(() => {});
  const spool = new Spool(options, output);
  let carry: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    options.signal.throwIfAborted();
    const data: Buffer = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    carry = data.subarray(spool.take(data, false));
    if (output.writableNeedDrain) await Promise.race([once(output, "drain"), failed]);
  }
  while (carry.length > 0) carry = carry.subarray(spool.take(carry, true));
  output.end();
  await failed;
  return spool.counts;
}

interface Scanned {
  /** End of the record's text, and start of the next record. */
  readonly end: number;
  readonly next: number;
  readonly cells: number;
  readonly lines: number;
  readonly problem: RecordProblem | null;
}

class Spool {
  private readonly options: Normalising;
  private readonly output: WriteStream;
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly escape: number;
  private readonly comment: number;
  private readonly skipped: number;
  private row = 0;
  private line = 1;
  private offset = 0;
  private written = 0;
  private reported = 0;

  constructor(options: Normalising, output: WriteStream) {
    const { dialect } = options;
    this.options = options;
    this.output = output;
    this.delimiter = byteOf(dialect.delimiter, "delimiter");
    this.quote = dialect.quoteChar === null ? -1 : byteOf(dialect.quoteChar, "quoteChar");
    this.escape = dialect.escapeChar === null ? -1 : byteOf(dialect.escapeChar, "escapeChar");
    this.comment = dialect.commentChar === null ? -1 : byteOf(dialect.commentChar, "commentChar");
    this.skipped = Math.max(0, ...dialect.headerRows, ...dialect.commentRows);
  }

  get counts(): Normalised {
    return { records: this.written + this.reported, written: this.written, reported: this.reported };
  }

  /** Takes all complete records of the data; answers how many bytes were taken. */
  take(data: Buffer, final: boolean): number {
    let at = this.offset === 0 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
    const parts: Buffer[] = [];
    const start = at;
    while (at < data.length) {
      const scanned = this.scan(data, at, final);
      if (scanned === undefined) break;
      this.place(data, at, scanned, parts);
      this.line += scanned.lines;
      this.offset += scanned.next - at;
      at = scanned.next;
    }
    this.offset += start;
    if (parts.length > 0) this.output.write(Buffer.concat(parts));
    return at;
  }

  private place(data: Buffer, at: number, { end, cells, problem }: Scanned, parts: Buffer[]): void {
    this.row++;
    if (this.row <= this.skipped || end === at || (this.comment !== -1 && data[at] === this.comment)) return;
    const { width, onFinding } = this.options;
    const record = data.subarray(at, end);
    const code =
      problem ??
      (cells > width
        ? "extra-cell"
        : cells < width
          ? "missing-cell"
          : isUtf8(record)
            ? null
            : "encoding-error");
    if (code === null) {
      const d = this.options.dialect.delimiter;
      parts.push(Buffer.from(`${this.row}${d}${this.line}${d}${this.offset}${d}`), record, newline);
      this.written++;
      return;
    }
    this.reported++;
    onFinding({
      code,
      row: this.row,
      line: this.line,
      byteOffset: this.offset,
      text: record.toString("utf8").slice(0, 1000),
      cells,
      expected: width,
    });
  }

  /** One record from `at`; undefined if the data ends before the record does. */
  private scan(data: Buffer, at: number, final: boolean): Scanned | undefined {
    const { delimiter, quote } = this;
    let cells = 1;
    let lines = 0;
    let problem: RecordProblem | null = null;
    let i = at;
    let cellStart = true;
    if (data[at] === this.comment) return this.physicalLine(data, at, final);
    for (; i < data.length; i++) {
      const byte = data[i];
      if (byte === delimiter) {
        cells++;
        cellStart = true;
        continue;
      }
      if (byte === LF) return { end: i, next: i + 1, cells, lines: lines + 1, problem };
      if (byte === CR) {
        if (i + 1 === data.length && !final) return undefined;
        return { end: i, next: data[i + 1] === LF ? i + 2 : i + 1, cells, lines: lines + 1, problem };
      }
      if (byte === quote && cellStart) {
        const close = this.closing(data, i);
        if (close === -1)
          return final || data.length - at > longestRecord ? this.unclosed(data, at) : undefined;
        lines += linesWithin(data, i, close);
        i = close;
        const after = data[close + 1];
        if (after !== undefined && after !== delimiter && after !== LF && after !== CR)
          problem ??= "stray-quote";
        if (after === undefined && !final) return undefined;
      } else if (byte === 0) problem ??= "null-byte";
      cellStart = cellStart && byte === SPACE && this.options.dialect.skipInitialSpace;
    }
    return final ? { end: i, next: i, cells, lines, problem } : undefined;
  }

  /** Index of the quote that closes the one at `open`; -1 if the data ends first. */
  private closing(data: Buffer, open: number): number {
    for (let i = open + 1; ; ) {
      const found = data.indexOf(this.quote, i);
      if (found === -1) return -1;
      if (this.escape !== -1 && this.escape !== this.quote && data[found - 1] === this.escape) i = found + 1;
      else if (data[found + 1] === this.quote && this.options.dialect.doubleQuote) i = found + 2;
      else return found;
    }
  }

  private unclosed(data: Buffer, at: number): Scanned {
    const line = this.physicalLine(data, at, true) ?? {
      end: data.length,
      next: data.length,
      cells: 1,
      lines: 0,
      problem: null,
    };
    return { ...line, problem: "unclosed-quote" };
  }

  /** The physical line from `at`, whatever is in it. */
  private physicalLine(data: Buffer, at: number, final: boolean): Scanned | undefined {
    let i = at;
    while (i < data.length && data[i] !== LF && data[i] !== CR) i++;
    if (i >= data.length - 1 && !final) return undefined;
    const next = i === data.length ? i : data[i] === CR && data[i + 1] === LF ? i + 2 : i + 1;
    return { end: i, next, cells: 1, lines: i === data.length ? 0 : 1, problem: null };
  }
}

const newline = Buffer.from("\n");

function linesWithin(data: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    if (data[i] === LF || (data[i] === CR && data[i + 1] !== LF)) lines++;
  }
  return lines;
}

function byteOf(character: string, property: string): number {
  const bytes = Buffer.from(character);
  const [byte] = bytes;
  if (byte !== undefined && bytes.length === 1) return byte;
  throw new AirCanError("dialect-error", `The ${property} "${character}" is not one ASCII character.`, {
    where: { property },
  });
}
