import type { Dialect } from "../descriptor/types.ts";
import { ByteFinder } from "./byte-finder.ts";
import { byteOf, delimiterBytes } from "./mark-bytes.ts";
import { byteCounter, type CountBytes } from "./original-bytes.ts";

/** What is wrong with the syntax of a record. `inner-quote`: a quote in the middle of an unquoted cell. */
export type SyntaxProblem = "unclosed-quote" | "stray-quote" | "inner-quote" | "null-byte" | "oversized-row";

/** Bytes that a row may have: a little less than the engine takes. */
export const longestRow = 33_000_000;

const LF = 10;
const CR = 13;
const SPACE = 32;
/** An open quote counts as never closed after this many bytes. */
const longestRecord = 64 * 1024 * 1024;

/** What a byte means outside of quotes; 0: nothing special. */
const isDelimiter = 1;
const isLineEnd = 2;
const isQuote = 3;
const isNull = 4;

/**
 * Cuts delimited bytes into records, strictly, without making a string. After `next` said true the fields
 * tell about the record found. A quoted cell that is never closed ends its record at the end of the line,
 * and so does one that closes on a later line before other text, since its quote was not meant: the lines
 * after it are records again.
 */
export class RecordScanner {
  /** Number of the record, and of its first physical line, from 1; and its byte in the source, from 0. */
  row = 0;
  line = 1;
  byteOffset = 0;
  /** Where the record's text is in the data. */
  start = 0;
  end = 0;
  cells = 0;
  /** Line ends inside of it. */
  lines = 0;
  isComment = false;
  problem: SyntaxProblem | null = null;
  /** Number of the cell, from 1, that has the problem. */
  problemCell = 0;
  /** How many records ended in which way. */
  readonly lineEnds = { lf: 0, crlf: 0, cr: 0 };
  /** The first record that ended so; 0: none did. */
  readonly firstEnds = { lf: 0, crlf: 0, cr: 0 };

  private readonly meaning = new Uint8Array(256);
  private readonly delimiter: Buffer;
  private readonly quote: number;
  private readonly escape: number;
  private readonly comment: Buffer | null;
  private readonly doubled: boolean;
  private readonly skipsSpace: boolean;
  private readonly dropsTrailing: boolean;
  private readonly quotes: ByteFinder;
  private readonly nulls = new ByteFinder(0);
  private readonly feeds = new ByteFinder(LF);
  private readonly returns = new ByteFinder(CR);
  private data: Buffer = Buffer.alloc(0);
  private final = false;
  private at = 0;
  /** Source offset of the first byte of the data. */
  private base = 0;
  private nextLine = 1;
  /** Counts bytes of the original where the data are a copy as UTF-8, from the place that is counted to. */
  private readonly count: CountBytes | null;
  private countedTo = 0;
  private counted = 0;

  /** `encoding` is that of the original, if the data are a copy as UTF-8. */
  constructor(dialect: Dialect, encoding = "utf-8") {
    this.count = byteCounter(encoding);
    this.delimiter = delimiterBytes(dialect.delimiter);
    this.quote = dialect.quoteChar === null ? -1 : byteOf(dialect.quoteChar, "quoteChar");
    this.escape = dialect.escapeChar === null ? -1 : byteOf(dialect.escapeChar, "escapeChar");
    this.comment = dialect.commentChar ? Buffer.from(dialect.commentChar) : null;
    this.doubled = dialect.doubleQuote;
    this.skipsSpace = dialect.skipInitialSpace;
    this.dropsTrailing = dialect.trailingDelimiter === true;
    this.meaning[0] = isNull;
    this.meaning[LF] = isLineEnd;
    this.meaning[CR] = isLineEnd;
    this.quotes = new ByteFinder(this.quote);
    if (this.quote !== -1) this.meaning[this.quote] = isQuote;
    this.meaning[this.delimiter[0] ?? 0] = isDelimiter;
  }

  /** Gives data that begin where the last taken record ended; `final`: nothing follows them. */
  feed(data: Buffer, final: boolean): void {
    this.offsetOf(this.at);
    this.countedTo = 0;
    this.base += this.at;
    this.data = data;
    this.forgetPlaces();
    this.final = final;
    const hasMark = this.base === 0 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
    this.at = hasMark ? 3 : 0;
  }

  /** How many bytes of the data are taken. */
  get taken(): number {
    return this.at;
  }

  /** Goes to the next record; false if the data hold no further complete one. */
  next(): boolean {
    if (this.at >= this.data.length) return false;
    this.start = this.at;
    this.cells = 1;
    this.lines = 0;
    this.problem = null;
    this.isComment = this.startsComment();
    const end = this.isComment ? this.lineEndAfter(this.start) : this.recordEnd();
    if (end === -1) return false;
    this.row++;
    this.line = this.nextLine;
    this.byteOffset = this.offsetOf(this.start);
    this.end = end;
    this.at = this.pastLineEnd(end);
    if (this.dropsTrailing) this.dropTrailing();
    if (end - this.start > longestRow) this.note("oversized-row");
    this.nextLine += this.lines + 1;
    return true;
  }

  /** Leaves out a delimiter that ends the record. */
  private dropTrailing(): void {
    const isBroken = this.problem !== null && this.problem !== "inner-quote";
    const last = this.end - this.delimiter.length;
    if (this.cells < 2 || isBroken || !this.isDelimiterAt(last)) return;
    this.end = last;
    this.cells--;
  }

  /** The byte of the source that stands at a place of the data, which is not before the one asked for last. */
  offsetOf(place: number): number {
    if (this.count === null) return this.base + place;
    if (place > this.countedTo) {
      this.counted += this.count(this.data, this.countedTo, place);
      this.countedTo = place;
    }
    return this.counted;
  }

  private startsComment(): boolean {
    const { comment, data, start } = this;
    return (
      comment !== null &&
      data[start] === comment[0] &&
      data.compare(comment, 0, comment.length, start, Math.min(data.length, start + comment.length)) === 0
    );
  }

  /** Index of the line end, or of the end of all data, that ends the record; -1: not there yet. */
  private recordEnd(): number {
    const end = this.plainEnd();
    return end === -1 ? this.scannedEnd() : end;
  }

  /**
   * Index of the line end of a record that is one line without quotes or NUL bytes, which most are: bytes are
   * searched for much faster than looked at one by one. -1: the record has to be looked at.
   */
  private plainEnd(): number {
    const { data, start, delimiter } = this;
    const lf = this.feeds.from(data, start);
    if (lf >= data.length || delimiter.length > 1) return -1;
    if (this.quotes.from(data, start) < lf || this.nulls.from(data, start) < lf) return -1;
    const end = Math.min(this.returns.from(data, start), lf);
    if (end < lf - 1) return -1;
    const byte = delimiter[0];
    let cells = 1;
    for (let i = start; i < end; i++) if (data[i] === byte) cells++;
    this.cells = cells;
    return end;
  }

  private scannedEnd(): number {
    const { data, meaning } = this;
    const length = data.length;
    const width = this.delimiter.length;
    let cellStart = this.start;
    for (let i = this.start; i < length; i++) {
      const byte = data[i] ?? 0;
      const means = meaning[byte];
      if (means === 0) {
        if (byte === SPACE && i === cellStart && this.skipsSpace) cellStart++;
      } else if (means === isDelimiter) {
        if (width > 1 && !this.isDelimiterAt(i)) continue;
        this.cells++;
        i += width - 1;
        cellStart = i + 1;
      } else if (means === isLineEnd) return this.isWhole(i) ? i : -1;
      else if (means === isNull) this.note("null-byte");
      else if (i === cellStart) {
        const close = this.quotedEnd(i);
        if (close < 0) return close === -1 ? -1 : this.unclosed();
        i = close;
      } else this.note("inner-quote");
    }
    return this.final ? length : -1;
  }

  private isDelimiterAt(place: number): boolean {
    const { data, delimiter } = this;
    for (let i = 0; i < delimiter.length; i++) if (data[place + i] !== delimiter[i]) return false;
    return true;
  }

  /** Index of the quote that closes the one at `open`; -1: more data needed; -2: there is none. */
  private quotedEnd(open: number): number {
    const { data } = this;
    const close = this.closing(open);
    if (close === -1) return this.final || data.length - this.start > longestRecord ? -2 : -1;
    if (close + this.delimiter.length >= data.length && !this.final) return -1;
    const lines = this.isOneLine(open, close) ? 0 : linesWithin(data, open, close);
    const after = data[close + 1];
    const isEnd = after === undefined || after === LF || after === CR || this.isDelimiterAt(close + 1);
    if (!isEnd && lines > 0) return -2;
    if (!isEnd) this.note("stray-quote");
    if (this.nulls.from(data, open) < close) this.note("null-byte");
    this.lines += lines;
    return close;
  }

  /** The first problem counts, but a quote in the middle of a cell can be let pass, and the others cannot. */
  private note(problem: SyntaxProblem): void {
    if (this.problem !== null && (this.problem !== "inner-quote" || problem === "inner-quote")) return;
    this.problem = problem;
    this.problemCell = this.cells;
  }

  private closing(open: number): number {
    const { data, quote } = this;
    const escapes = this.escape !== -1 && this.escape !== quote;
    for (let i = open + 1; i < data.length; ) {
      const found = data.indexOf(quote, i);
      if (found === -1) return -1;
      if (escapes && isEscaped(data, { at: found, from: open + 1, mark: this.escape })) i = found + 1;
      else if (this.doubled && data[found + 1] === quote) i = found + 2;
      else return found;
    }
    return -1;
  }

  private isOneLine(from: number, to: number): boolean {
    return this.feeds.from(this.data, from) >= to && this.returns.from(this.data, from) >= to;
  }

  private forgetPlaces(): void {
    for (const finder of [this.quotes, this.nulls, this.feeds, this.returns]) finder.forget();
  }

  private unclosed(): number {
    this.forgetPlaces();
    this.problemCell = this.cells;
    this.cells = 1;
    this.lines = 0;
    this.problem = "unclosed-quote";
    return this.lineEndAfter(this.start);
  }

  private lineEndAfter(from: number): number {
    const { data } = this;
    for (let i = from; i < data.length; i++) {
      if (data[i] === LF || data[i] === CR) return this.isWhole(i) ? i : -1;
    }
    return this.final || this.problem === "unclosed-quote" ? data.length : -1;
  }

  /** False for a carriage return at the end of the data, which a line feed may follow. */
  private isWhole(lineEnd: number): boolean {
    return this.final || this.data[lineEnd] === LF || lineEnd + 1 < this.data.length;
  }

  private pastLineEnd(end: number): number {
    const { data } = this;
    if (end >= data.length) return data.length;
    const kind = data[end] === LF ? "lf" : data[end + 1] === LF ? "crlf" : "cr";
    if (this.lineEnds[kind]++ === 0) this.firstEnds[kind] = this.row;
    return data[end] === CR && data[end + 1] === LF ? end + 2 : end + 1;
  }
}

interface Escaping {
  readonly at: number;
  readonly from: number;
  readonly mark: number;
}

/** True if an odd number of escape characters stands before the place. */
function isEscaped(data: Buffer, { at, from, mark }: Escaping): boolean {
  let first = at;
  while (first > from && data[first - 1] === mark) first--;
  return (at - first) % 2 === 1;
}

function linesWithin(data: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    const byte = data[i];
    if (byte === LF || (byte === CR && data[i + 1] !== LF)) lines++;
  }
  return lines;
}
