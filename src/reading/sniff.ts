import type { Dialect, Guess } from "../descriptor/types.ts";
import { classify } from "./infer.ts";
import type { ReadingOptions } from "./options.ts";

export interface Sniffed {
  readonly dialect: Dialect;
  readonly guesses: readonly Guess[];
  /** The header's cells, joined over its rows; empty when there is no header. */
  readonly labels: readonly string[];
  /** Cells of the first data records in the sample. */
  readonly records: readonly (readonly string[])[];
  readonly width: number;
}

const delimiters = [",", ";", "\t", "|", ":", " ", "^", "~", "\u001f"] as const;
const quotes = ['"', "'"] as const;
const maxRecords = 400;

interface Candidate {
  readonly delimiter: string;
  readonly quote: string;
  readonly records: readonly (readonly string[])[];
  readonly width: number;
  readonly consistency: number;
  readonly score: number;
}

/**
 * Finds how a text is delimited: each delimiter and quote is tried on the first records and scored by how
 * many records have the usual width and how many cells look like values. What the options tell wins.
 */
export function sniff(sample: string, complete: boolean, options: ReadingOptions = {}): Sniffed {
  const text = sample.replace(/^\ufeff/, "");
  const comment = options.comment ?? commentOf(text);
  const candidates = candidatesFor(options).map(([delimiter, quote]) =>
    candidate(text, { delimiter, quote, comment, complete }),
  );
  const best = candidates.reduce((a, b) => (b.score > a.score * 1.001 ? b : a));
  const header = headerOf(best, options);
  const dialect: Dialect = {
    delimiter: best.delimiter,
    lineTerminator: lineEnd(text),
    quoteChar: best.quote,
    doubleQuote: true,
    escapeChar: null,
    skipInitialSpace: spacedShare(best) > 0.9,
    header: header.rows.length > 0,
    headerRows: header.rows,
    headerJoin: " ",
    commentChar: comment,
    commentRows: header.preamble,
  };
  const start = header.rows.at(-1) ?? header.preamble.at(-1) ?? 0;
  return {
    dialect,
    guesses: guessesOf(best, header, dialect),
    labels: header.labels,
    records: best.records.slice(start),
    width: best.width,
  };
}

function candidatesFor(options: ReadingOptions): (readonly [string, string])[] {
  const tried = options.delimiter === undefined ? delimiters : [options.delimiter];
  const quoting = options.quote === undefined ? quotes : [options.quote];
  return tried.flatMap((delimiter) => quoting.map((quote) => [delimiter, quote] as const));
}

function commentOf(text: string): string | null {
  const lines = text.split(/\r\n|\n|\r/, 50).filter((line) => line !== "");
  const marked = lines.findIndex((line) => !line.startsWith("#"));
  return marked > 0 ? "#" : null;
}

interface Split {
  readonly delimiter: string;
  readonly quote: string;
  readonly comment: string | null;
  /** False if the sample ends before the file does: its last record is not counted. */
  readonly complete: boolean;
}

function candidate(text: string, split: Split): Candidate {
  const records = splitRecords(text, split);
  const widths = records.map((cells) => cells.length).filter((width) => width > 0);
  const width = mode(widths);
  const consistency = widths.filter((each) => each === width).length / Math.max(1, widths.length);
  const usual = records.filter((cells) => cells.length === width).slice(1);
  const sample = usual.length > 0 ? usual : records.slice(0, 1);
  const typed = mean(sample.flatMap((cells) => cells.map(cellScore)));
  const wide = width > 1 ? 1 : 0.35;
  const prior = (split.quote === '"' ? 1 : 0.9) * ([",", ";", "\t", "|"].includes(split.delimiter) ? 1 : 0.8);
  return {
    ...split,
    records,
    width,
    consistency,
    score: consistency ** 2 * wide * prior * (0.4 + 0.6 * typed) * (1 + Math.log2(width) / 20),
  };
}

function cellScore(cell: string): number {
  const text = cell.trim();
  if (text === "" || classify(text) !== "text") return 1;
  if (/[\t;|]|^["']|["']$|,/.test(text)) return 0.3;
  return /^[\p{L}\p{N}]/u.test(text) ? 0.8 : 0.5;
}

/** Records of a text, leniently: a quote opens only at the start of a cell. Comment lines are empty records. */
function splitRecords(text: string, { delimiter, quote, comment, complete }: Split): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length && records.length < maxRecords) {
    if (cells.length === 0 && comment && text.startsWith(comment, at)) {
      at = lineEndAfter(text, at);
      records.push([]);
      continue;
    }
    const cell = text.startsWith(quote, at)
      ? quotedCell(text, at, quote, delimiter)
      : plainCell(text, at, delimiter);
    cells.push(cell.value);
    at = cell.end;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      if (at < text.length) continue;
      cells.push("");
    } else if (at >= text.length && !complete) break;
    else at += text.startsWith("\r\n", at) ? 2 : 1;
    records.push(cells.length === 1 && cells[0] === "" ? [] : cells);
    cells = [];
  }
  return records;
}

function lineEndAfter(text: string, at: number): number {
  const end = /\r\n|\n|\r/g;
  end.lastIndex = at;
  const match = end.exec(text);
  return match ? match.index + match[0].length : text.length;
}

function plainCell(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r" && !text.startsWith(delimiter, end))
    end++;
  return { value: text.slice(start, end), end };
}

function quotedCell(
  text: string,
  start: number,
  quote: string,
  delimiter: string,
): { value: string; end: number } {
  let at = start + 1;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close === -1) return plainCell(text, start, delimiter);
    if (text[close + 1] === quote) {
      at = close + 2;
      continue;
    }
    const rest = plainCell(text, close + 1, delimiter);
    return {
      value: text.slice(start + 1, close).replaceAll(quote + quote, quote) + rest.value,
      end: rest.end,
    };
  }
}

interface Header {
  readonly rows: readonly number[];
  readonly preamble: readonly number[];
  readonly labels: readonly string[];
  readonly confidence: number;
  readonly reason: string;
}

function headerOf(best: Candidate, options: ReadingOptions): Header {
  if (Array.isArray(options.headerRows)) return toldHeader(best, options.headerRows as readonly number[]);
  const first = best.records.findIndex(
    (cells) => cells.length === best.width || (cells.length > 1 && cells.length >= best.width - 1),
  );
  const preamble = numbersBefore(best.records, first);
  if (options.headerRows === "none")
    return { rows: [], preamble: [], labels: [], confidence: 1, reason: "told" };
  const cells = best.records[first];
  if (cells === undefined)
    return { rows: [], preamble: [], labels: [], confidence: 1, reason: "there is no record" };
  const rows = best.records.slice(first + 1).filter((record) => record.length === best.width);
  const evidence = headerEvidence(cells, rows);
  return evidence.isHeader
    ? { rows: [first + 1], preamble, labels: cells, confidence: evidence.confidence, reason: evidence.reason }
    : { rows: [], preamble, labels: [], confidence: evidence.confidence, reason: evidence.reason };
}

function toldHeader(best: Candidate, rows: readonly number[]): Header {
  const parts = rows.map((row) => best.records[row - 1] ?? []);
  const width = Math.max(0, ...parts.map((cells) => cells.length));
  const labels = Array.from({ length: width }, (_, i) =>
    parts
      .map((cells) => cells[i] ?? "")
      .filter((text) => text !== "")
      .join(" "),
  );
  return {
    rows,
    preamble: numbersBefore(best.records, Math.min(...rows) - 1),
    labels,
    confidence: 1,
    reason: "told",
  };
}

/** Numbers of the records before a header that hold something (blank ones need no word). */
function numbersBefore(records: readonly (readonly string[])[], header: number): number[] {
  return records.slice(0, Math.max(0, header)).flatMap((cells, i) => (cells.length > 0 ? [i + 1] : []));
}

function headerEvidence(
  labels: readonly string[],
  rows: readonly (readonly string[])[],
): { isHeader: boolean; confidence: number; reason: string } {
  const typed = (cell: string) => cell.trim() !== "" && classify(cell.trim()) !== "text";
  if (labels.every((label) => !typed(label))) {
    const contrast = labels.some(
      (_, i) => rows.length > 0 && rows.filter((row) => typed(row[i] ?? "")).length > rows.length / 2,
    );
    const unique = new Set(labels).size === labels.length;
    return {
      isHeader: true,
      confidence: contrast ? 1 : unique ? 0.8 : 0.6,
      reason: contrast ? "its cells are words above columns of values" : "its cells are words",
    };
  }
  const sameKind = labels.filter(
    (label, i) =>
      typed(label) && rows.some((row) => classify((row[i] ?? "").trim()) === classify(label.trim())),
  ).length;
  const data =
    sameKind > 0 &&
    sameKind >= labels.filter(typed).length / 2 &&
    rows.length > 0 &&
    !labels.some((label, i) => !typed(label) && rows.every((row) => typed(row[i] ?? "")));
  return data
    ? { isHeader: false, confidence: 0.7, reason: "the first record looks like the records after it" }
    : { isHeader: true, confidence: 0.6, reason: "the first record differs from the records after it" };
}

function spacedShare({ records, width }: Candidate): number {
  const later = records
    .filter((cells) => cells.length === width)
    .flatMap((cells) => cells.slice(1))
    .filter((cell) => cell !== "");
  return later.length === 0 ? 0 : later.filter((cell) => cell.startsWith(" ")).length / later.length;
}

function guessesOf(best: Candidate, header: Header, dialect: Dialect): Guess[] {
  return [
    {
      property: "dialect.delimiter",
      value: best.delimiter,
      confidence: round(best.consistency),
      reason: `${Math.round(best.consistency * 100)} % of the records have ${best.width} cells`,
    },
    {
      property: "dialect.quoteChar",
      value: best.quote,
      confidence: round(best.consistency),
      reason: "gives the most regular records",
    },
    {
      property: "dialect.headerRows",
      value: dialect.headerRows,
      confidence: header.confidence,
      reason: header.reason,
    },
    ...(header.preamble.length > 0
      ? [
          {
            property: "dialect.commentRows",
            value: header.preamble,
            confidence: 0.7,
            reason: "records above the header of another width",
          },
        ]
      : []),
  ];
}

function lineEnd(text: string): string {
  const counts = {
    "\r\n": text.split("\r\n").length - 1,
    "\n": text.split(/(?<!\r)\n/).length - 1,
    "\r": text.split(/\r(?!\n)/).length - 1,
  };
  const [most] = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return most && most[1] > 0 ? most[0] : "\n";
}

function mode(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

const mean = (numbers: readonly number[]) =>
  numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;
const round = (number: number) => Math.round(number * 100) / 100;
