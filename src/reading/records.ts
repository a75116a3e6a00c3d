import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import type { Dialect } from "../descriptor/types.ts";
import { firstBadByte } from "./bad-byte.ts";
import { eachBlock } from "./each-block.ts";
import { RecordScanner, type SyntaxProblem } from "./record-scanner.ts";

/** One record of a delimited file as it stands there: header, comments and blank lines are records too. */
export interface SourceRecord {
  /** Record and physical line, from 1. */
  readonly row: number;
  readonly line: number;
  /** Of the record in the decompressed source, from 0. */
  readonly byteOffset: number;
  /** Empty for a blank line; the start of the text as one cell where its syntax is broken. */
  readonly cells: readonly string[];
  readonly problem: SyntaxProblem | "encoding-error" | null;
  /** Number of the cell, from 1, that has the problem. */
  readonly problemCell: number | null;
  /** Of the byte, from 0, that the encoding does not know. */
  readonly badByte?: number;
}

export interface ReadingRecords {
  readonly dialect: Dialect;
  /** Of the original, if the bytes are a copy of it as UTF-8. */
  readonly encoding?: string;
  readonly signal: AbortSignal;
  /** Numbers of the records that are given; all unless told. */
  readonly wanted?: ReadonlySet<number> | undefined;
  /** Called for each record that is no comment and stands after the header; false stops the reading. */
  readonly onRecord: (record: SourceRecord) => boolean;
}

/** How many records ended in which way. */
export type LineEnds = RecordScanner["lineEnds"];

/**
 * Reads delimited UTF-8 bytes into records of cells, every one of them, sound or not.
 *
 * @throws AirCanError `dialect-error`; what the source throws.
 */
export async function readRecords(source: Readable, options: ReadingRecords): Promise<LineEnds> {
  const { dialect, encoding, signal, wanted, onRecord } = options;
  const scanner = new RecordScanner(dialect, encoding);
  const header = Math.max(0, ...dialect.headerRows);
  const commentRows = new Set(dialect.commentRows);
  await eachBlock(source, scanner, async (data) => {
    signal.throwIfAborted();
    const isSound = isUtf8(data);
    while (scanner.next()) {
      const { row, isComment } = scanner;
      if (isComment || row <= header || commentRows.has(row) || wanted?.has(row) === false) continue;
      if (!onRecord(recordOf(scanner, data, { isSound, dialect }))) return "stop";
    }
    return undefined;
  });
  return scanner.lineEnds;
}

interface Cutting {
  /** True if all bytes around are UTF-8. */
  readonly isSound: boolean;
  readonly dialect: Dialect;
}

function recordOf(scanner: RecordScanner, data: Buffer, { isSound, dialect }: Cutting): SourceRecord {
  const { row, line, byteOffset, start, end, problem } = scanner;
  const bad = isSound || problem !== null ? -1 : firstBadByte(data, start, end);
  const text = data.toString("utf8", start, end);
  if (bad !== -1) {
    const place = placeOfBadByte(scanner, data, { bad, dialect });
    return { row, line, byteOffset, ...place, cells: cutCells(text, dialect), problem: "encoding-error" };
  }
  const whole = problem !== null && problem !== "inner-quote";
  const cells = whole ? [text.slice(0, 1000)] : cutCells(text, dialect);
  return { row, line, byteOffset, cells, problem, problemCell: problem && scanner.problemCell };
}

/** The byte of the source that is wrong in a record, and the cell that it is in. */
export function placeOfBadByte(
  scanner: RecordScanner,
  data: Buffer,
  { bad, dialect }: { readonly bad: number; readonly dialect: Dialect },
): { badByte: number; problemCell: number } {
  const before = cutCells(data.toString("utf8", scanner.start, bad), dialect);
  return { badByte: scanner.offsetOf(bad), problemCell: Math.max(1, before.length) };
}

/** The cells of one record of sound syntax; none for an empty text. */
export function cutCells(text: string, dialect: Dialect): string[] {
  const { delimiter, quoteChar, skipInitialSpace } = dialect;
  if (text === "") return [];
  if (quoteChar === null || !text.includes(quoteChar)) {
    const cells = text.split(delimiter);
    return skipInitialSpace ? cells.map((cell) => cell.replace(/^ +/, "")) : cells;
  }
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const { value, end } = cellAt(text, at, { ...dialect, quoteChar });
    cells.push(value);
    at = end + dialect.delimiter.length;
  }
  return cells;
}

type Quoting = Dialect & { readonly quoteChar: string };

/** The cell that begins at a place, and where the delimiter after it stands (the text's end for the last). */
function cellAt(text: string, at: number, dialect: Quoting): { value: string; end: number } {
  const { delimiter, quoteChar, skipInitialSpace } = dialect;
  let start = at;
  if (skipInitialSpace) while (text[start] === " ") start++;
  if (text[start] !== quoteChar) {
    const next = text.indexOf(delimiter, start);
    const end = next === -1 ? text.length : next;
    return { value: text.slice(start, end), end };
  }
  const close = closingQuote(text, start + 1, dialect);
  const next = text.indexOf(delimiter, close + 1);
  return {
    value: unquoted(text.slice(start + 1, close), dialect),
    end: next === -1 ? text.length : next,
  };
}

function closingQuote(text: string, from: number, { quoteChar, doubleQuote, escapeChar }: Quoting): number {
  for (let at = from; at < text.length; at++) {
    if (escapeChar !== null && escapeChar !== quoteChar && text[at] === escapeChar) at++;
    else if (text[at] === quoteChar) {
      if (doubleQuote && text[at + 1] === quoteChar) at++;
      else return at;
    }
  }
  return text.length;
}

/** The text of a quoted cell. An escape character stands for the character after it, whatever that is. */
function unquoted(inside: string, { quoteChar, doubleQuote, escapeChar }: Quoting): string {
  if (escapeChar === null || escapeChar === quoteChar || !inside.includes(escapeChar))
    return doubleQuote ? inside.replaceAll(quoteChar + quoteChar, quoteChar) : inside;
  let text = "";
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === escapeChar || (doubleQuote && inside[at] === quoteChar)) at++;
    text += inside[at] ?? "";
  }
  return text;
}
