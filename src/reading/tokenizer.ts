import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Dialect } from "../descriptor/types.ts";
import { writeError } from "../storage/local.ts";
import { firstBadByte } from "./bad-byte.ts";
import { eachBlock } from "./each-block.ts";
import { RecordSpool } from "./placed-records.ts";
import { RecordScanner } from "./record-scanner.ts";
import { cutCells, placeOfBadByte } from "./records.ts";

/** What the tokenizer finds wrong with a record. */
export type RecordProblem =
  | "unclosed-quote"
  | "stray-quote"
  | "extra-cell"
  | "missing-cell"
  | "blank-row"
  | "null-byte"
  | "oversized-row"
  | "encoding-error";

/** A record that cannot be read as a row. `row` and `line` count from 1, `byteOffset` from 0. */
export interface RecordFinding {
  readonly code: RecordProblem;
  readonly row: number;
  readonly line: number;
  /** Of the record. */
  readonly byteOffset: number;
  /** Number of the cell, from 1, that is wrong; the first that is absent or too many; null for a whole row. */
  readonly cell: number | null;
  /** Of the first byte, from 0, that the encoding does not know. */
  readonly badByte?: number;
  /** The record's text, cut to 1,000 characters. */
  readonly text: string;
  readonly cells: number;
  readonly expected: number;
}

export interface Tokenizing {
  readonly dialect: Dialect;
  /** Of the original, if the bytes are a copy of it as UTF-8. */
  readonly encoding?: string;
  readonly width: number;
  readonly onFinding: (finding: RecordFinding) => void;
  readonly signal: AbortSignal;
}

export interface Normalising extends Tokenizing {
  /** Local path of the spool to write. */
  readonly output: string;
  /** True: records with too many or too few cells, and blank lines, are written cut or filled up, not reported. */
  readonly fits?: boolean;
}

/** `records` are those that hold data; each is sound (written) or reported, never neither. */
export interface Normalised {
  readonly records: number;
  readonly written: number;
  readonly reported: number;
}

/** What a file's records are, with nothing written. `blank` ones are not in `records`. */
export interface Checked extends Normalised {
  readonly blank: number;
  /** How many records ended with which line end. */
  readonly lineEnds: { readonly lf: number; readonly crlf: number; readonly cr: number };
  /** The first record that ended so; 0: none did. */
  readonly firstEnds: Checked["lineEnds"];
  /** Rows over several lines each of which looks like a row: a quote too many may have put them together. */
  readonly doubtful: { readonly rows: number; readonly first: number; readonly lines: number };
}

/**
 * Reads delimited bytes strictly and writes the sound records to a spool, each with its record number, line
 * and byte offset as three leading cells: in the file's own dialect, but without header, comments, blank
 * lines and the spaces that `skipInitialSpace` skips, and with `\n` after each record. A quote in the
 * middle of an unquoted cell and empty cells too many are let pass, as the fast path does.
 *
 * @throws AirCanError `dialect-error`, `storage-error`; what the source throws.
 */
export async function normaliseRecords(source: Readable, options: Normalising): Promise<Normalised> {
  const output = createWriteStream(options.output, { highWaterMark: 1 << 22 });
  const done = finished(output);
  done.catch(() => {});
  try {
    const judge = new Judge(options, options.fits ? "fitting" : "engine");
    const spool = new RecordSpool(options.dialect, options.fits ? options.width : null);
    await eachBlock(source, judge.scanner, async (data) => {
      options.signal.throwIfAborted();
      judge.beginBlock(data);
      while (judge.scanner.next()) if (judge.isSound(data)) spool.add(data, judge.scanner);
      for (const part of spool.parts()) output.write(part);
      if (output.writableNeedDrain) await Promise.race([once(output, "drain"), done]);
    });
    output.end();
    await done.catch((error: unknown) => {
      throw writeError(error, options.output);
    });
    return judge.counts;
  } finally {
    output.destroy();
  }
}

/**
 * Reads delimited bytes as strictly as can be, and reports each row without a value, each quote inside a cell and what
 * is broken in the header too.
 */
export async function checkRecords(source: Readable, options: Tokenizing): Promise<Checked> {
  const judge = new Judge(options, "strict");
  await eachBlock(source, judge.scanner, async (data) => {
    options.signal.throwIfAborted();
    judge.beginBlock(data);
    while (judge.scanner.next()) judge.isSound(data);
  });
  const { lineEnds, firstEnds } = judge.scanner;
  return { ...judge.counts, blank: judge.blank, lineEnds, firstEnds, doubtful: judge.doubtful };
}

/** A longer row is no slip of a quote. */
const longestDoubt = 1 << 20;

/** As strict as can be; as the engine reads; or the same with rows of any number of cells. */
type Measure = "strict" | "engine" | "fitting";

/** Decides on each record whether it is a sound row, and reports it if not. */
class Judge {
  readonly scanner: RecordScanner;
  blank = 0;
  readonly doubtful = { rows: 0, first: 0, lines: 0 };
  private readonly options: Tokenizing;
  private readonly strict: boolean;
  private readonly fits: boolean;
  private readonly skipsBlank: boolean;
  private readonly header: number;
  private readonly commentRows: ReadonlySet<number>;
  private readonly hollow: ReadonlySet<number>;
  private written = 0;
  private reported = 0;
  private allUtf8To = 0;

  constructor(options: Tokenizing, measure: Measure) {
    this.options = options;
    this.strict = measure === "strict";
    this.fits = measure === "fitting";
    this.skipsBlank = !this.fits || options.dialect.skipBlankRows === true;
    this.scanner = new RecordScanner(options.dialect, options.encoding);
    this.header = Math.max(0, ...options.dialect.headerRows);
    this.commentRows = new Set(options.dialect.commentRows);
    const { delimiter, quoteChar, skipInitialSpace } = options.dialect;
    this.hollow = new Set(Buffer.from(`${delimiter}${quoteChar ?? ""}${skipInitialSpace ? " " : ""}`));
  }

  get counts(): Normalised {
    return { records: this.written + this.reported, written: this.written, reported: this.reported };
  }

  /** Tests the encoding of the whole lines of a block at once, which is much faster than one by one. */
  beginBlock(data: Buffer): void {
    const lines = data.lastIndexOf(10) + 1;
    this.allUtf8To = isUtf8(data.subarray(0, lines)) ? lines : 0;
  }

  /** True for a record that is a row; false for header, comments, blank lines and what is reported. */
  isSound(data: Buffer): boolean {
    const { row, start, end, isComment } = this.scanner;
    if (isComment || this.commentRows.has(row)) return false;
    if (row <= this.header) {
      this.judgeHeader(data);
      return false;
    }
    if ((end === start && this.skipsBlank) || (this.strict && this.isHollow(data))) {
      this.blank++;
      if (this.strict) this.report("blank-row", data);
      return false;
    }
    const code = this.problemOf(data);
    if (code === null) {
      this.written++;
      if (this.strict && this.scanner.lines > 0) this.doubt(data);
      return true;
    }
    this.reported++;
    this.report(code, data);
    return false;
  }

  /** Reports what is broken in the header, which counts as no row. */
  private judgeHeader(data: Buffer): void {
    const { headerRows } = this.options.dialect;
    const code = this.strict && headerRows.includes(this.scanner.row) ? this.textProblem(data) : null;
    if (code !== null) this.report(code, data);
  }

  /** Notes a row over several lines that have as many delimiters each as a row. */
  private doubt(data: Buffer): void {
    const { row, start, end, lines } = this.scanner;
    const { width, dialect } = this.options;
    if (width < 2 || end - start > longestDoubt) return;
    const texts = data.toString("utf8", start, end).split(/\r\n|\r|\n/);
    if (!texts.every((text) => text.split(dialect.delimiter).length === width)) return;
    const { doubtful } = this;
    if (doubtful.rows++ === 0) [doubtful.first, doubtful.lines] = [row, lines + 1];
  }

  /** True for a record of nothing but delimiters, quotes and spaces. */
  private isHollow(data: Buffer): boolean {
    const { start, end } = this.scanner;
    for (let i = start; i < end; i++) if (!this.hollow.has(data[i] ?? 0)) return false;
    return true;
  }

  private problemOf(data: Buffer): RecordProblem | null {
    const { problem, cells } = this.scanner;
    const { width } = this.options;
    const isSyntax = problem !== null && (this.strict || problem !== "inner-quote");
    if (!isSyntax && !this.fits && cells < width) return "missing-cell";
    if (!isSyntax && !this.fits && cells > width && !this.endsEmpty(data)) return "extra-cell";
    return this.textProblem(data);
  }

  /** What is wrong with a record as text, whatever its cells. */
  private textProblem(data: Buffer): RecordProblem | null {
    const { problem, start, end } = this.scanner;
    if (problem === "inner-quote") {
      if (this.strict) return "stray-quote";
    } else if (problem !== null) return problem;
    return end <= this.allUtf8To || isUtf8(data.subarray(start, end)) ? null : "encoding-error";
  }

  /** True if the cells too many are empty, which the fast path lets pass. */
  private endsEmpty(data: Buffer): boolean {
    if (this.strict) return false;
    const { width, dialect } = this.options;
    const { start, end } = this.scanner;
    return cutCells(data.toString("utf8", start, end), dialect)
      .slice(width)
      .every((cell) => cell === "");
  }

  private report(code: RecordProblem, data: Buffer): void {
    const { row, line, byteOffset, start, end, cells } = this.scanner;
    const text = data.toString("utf8", start, Math.min(end, start + 4000)).slice(0, 1000);
    const expected = this.options.width;
    const place = this.placeOf(code, data);
    this.options.onFinding({ code, row, line, byteOffset, text, cells, expected, ...place });
  }

  private placeOf(code: RecordProblem, data: Buffer): Pick<RecordFinding, "cell" | "badByte"> {
    const { scanner, options } = this;
    if (code === "extra-cell") return { cell: options.width + 1 };
    if (code === "missing-cell") return { cell: scanner.cells + 1 };
    if (code !== "encoding-error") return { cell: code === "blank-row" ? null : scanner.problemCell };
    const bad = firstBadByte(data, scanner.start, scanner.end);
    const { problemCell, badByte } = placeOfBadByte(scanner, data, { bad, dialect: options.dialect });
    return { cell: problemCell, badByte };
  }
}
