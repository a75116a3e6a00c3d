import type { Dialect, Guess } from "../descriptor/types.ts";
import { guessHeader, type Header, toldHeader } from "./header.ts";
import { classify } from "./infer.ts";
import type { ReadingOptions } from "./options.ts";
import { type Split, splitRecords } from "./split-records.ts";

export interface Sniffed {
  readonly dialect: Dialect;
  /** What was not told. */
  readonly guesses: readonly Guess[];
  /** The header's cells, joined over its rows; empty when there is no header. */
  readonly labels: readonly string[];
  /** Cells of the first data records in the sample. */
  readonly records: readonly (readonly string[])[];
  /** How many cells most records have; 0 if there is no record. */
  readonly width: number;
}

/** What a declared dialect tells beyond the reading options. */
export interface SniffOptions extends ReadingOptions {
  readonly dialect?: Partial<Dialect>;
}

/** How likely a delimiter is before the file was seen. A space or a colon stands in many texts. */
const delimiters: Readonly<Record<string, number>> = {
  ",": 1,
  ";": 1,
  "\t": 1,
  "|": 1,
  ":": 0.8,
  " ": 0.8,
  "^": 0.8,
  "~": 0.8,
  "\u001f": 0.8,
};
const inText = [" ", ":"];
/** Cells that are scored; more would not change the answer. */
const maxCells = 4000;

interface Candidate extends Split {
  readonly records: readonly (readonly string[])[];
  readonly width: number;
  /** Share of the records that have this width. */
  readonly consistency: number;
  readonly score: number;
  /** Cells begin with a space that is none of theirs. */
  readonly isSpaced: boolean;
}

/**
 * Finds how a text is delimited: each delimiter and quote is tried on the first records and scored by how
 * many records have the usual width and how many cells look like values. What the options tell wins.
 */
export function sniff(sample: string, complete: boolean, options: SniffOptions = {}): Sniffed {
  const text = sample.replace(/^\ufeff/, "");
  const comment = options.comment ?? options.dialect?.commentChar ?? commentOf(text);
  const best = bestCandidate(text, { comment, complete, options });
  const told =
    options.headerRows ?? (options.dialect?.header === false ? "none" : options.dialect?.headerRows);
  const header =
    told === undefined
      ? guessHeader(best.records, best.width)
      : toldHeader(best.records, told, options.dialect?.headerJoin ?? " ");
  const dialect = { ...dialectOf(text, best, header), ...toldDialect(options) };
  const start = header.rows.at(-1) ?? header.preamble.at(-1) ?? 0;
  return {
    dialect,
    guesses: guessesOf(best, header, dialect).filter(({ property }) => !isTold(property, options)),
    labels: header.labels,
    records: best.records.slice(start),
    width: best.width,
  };
}

function dialectOf(text: string, best: Candidate, header: Header): Dialect {
  return {
    delimiter: best.delimiter,
    lineTerminator: lineEnd(text),
    quoteChar: best.quote,
    doubleQuote: best.escape === null,
    escapeChar: best.escape,
    skipInitialSpace: best.isSpaced,
    header: header.rows.length > 0,
    headerRows: header.rows,
    headerJoin: " ",
    commentChar: best.comment,
    commentRows: header.preamble,
  };
}

/** The declared dialect; command line options win over it. */
function toldDialect({ dialect, delimiter, quote, comment, headerRows }: SniffOptions): Partial<Dialect> {
  return {
    ...dialect,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quoteChar: quote }),
    ...(comment === undefined ? {} : { commentChar: comment }),
    ...(headerRows === undefined
      ? {}
      : { header: headerRows !== "none", headerRows: headerRows === "none" ? [] : headerRows }),
  };
}

function isTold(property: string, options: SniffOptions): boolean {
  const key = property.replace("dialect.", "");
  return key in toldDialect(options) || (key === "headerRows" && options.dialect?.header === false);
}

interface Search {
  readonly comment: string | null;
  readonly complete: boolean;
  readonly options: SniffOptions;
}

function bestCandidate(text: string, search: Search): Candidate {
  const { comment, complete } = search;
  const candidates = splitsOf(text, search.options).map((split) =>
    candidate(text, { ...split, comment, complete }),
  );
  const best = candidates.reduce((a, b) => (b.score > a.score * 1.001 ? b : a));
  const right =
    comment !== null && isMarkedHeader(text, best) ? candidate(text, { ...best, comment: null }) : best;
  const isSpaced = search.options.dialect?.skipInitialSpace ?? spacedShare(text, right) > 0.9;
  if (!isSpaced) return right;
  return { ...right, isSpaced, records: right.records.map((cells) => cells.map((cell) => cell.trimStart())) };
}

/** True if the only line that looks like a comment has as many cells as the records: `#id,name`. */
function isMarkedHeader(text: string, best: Candidate): boolean {
  const [first = [], second = []] = splitRecords(text, { ...best, comment: null });
  const marked = (cells: readonly string[]) => cells[0]?.startsWith(best.comment ?? "") ?? false;
  return best.width > 1 && first.length === best.width && marked(first) && !marked(second);
}

function splitsOf(text: string, options: SniffOptions): Omit<Split, "comment" | "complete">[] {
  const told = options.delimiter ?? options.dialect?.delimiter;
  const toldQuote = options.quote ?? options.dialect?.quoteChar;
  const quotes = toldQuote !== undefined ? [toldQuote] : text.includes("'") ? ['"', "'"] : ['"'];
  const toldEscape = options.dialect?.escapeChar;
  return (told === undefined ? Object.keys(delimiters) : [told]).flatMap((delimiter) =>
    quotes.flatMap((quote) => {
      const escapes =
        toldEscape !== undefined ? [toldEscape] : text.includes(`\\${quote}`) ? [null, "\\"] : [null];
      return escapes.map((mark) => ({ delimiter, quote, escape: mark }));
    }),
  );
}

function commentOf(text: string): string | null {
  const lines = text.split(/\r\n|\n|\r/, 50).filter((line) => line !== "");
  return lines.findIndex((line) => !line.startsWith("#")) > 0 ? "#" : null;
}

function candidate(text: string, split: Split): Candidate {
  const records = splitRecords(text, split);
  const filled = records.filter((cells) => cells.length > 0);
  const width = mode(filled.map((cells) => cells.length));
  const usual = filled.filter((cells) => cells.length === width);
  const consistency = usual.length / Math.max(1, filled.length);
  const cells = (usual.length > 1 ? usual.slice(1) : usual).flat().slice(0, maxCells);
  const values = mean(cells.map((cell) => (classify(cell.trim()) === "text" ? 0 : 1)));
  const likely = (split.quote === "'" ? 0.9 : 1) * (delimiters[split.delimiter] ?? 1);
  const hidden = width === 1 && hidesColumns(filled, values === 1) ? 0.2 : 1;
  const several = width > 1 ? 1 + Math.log2(width) / 40 : 0.35 + 0.65 * values;
  const sparse = inText.includes(split.delimiter) ? Math.min(1, values * 1.5) : 1;
  const narrowStart = (filled[0]?.length ?? 0) < width ? 0.95 : 1;
  const looks = 0.4 + 0.6 * mean(cells.map(cellScore));
  const score = consistency ** 2 * several * likely * looks * sparse * narrowStart * hidden;
  return { ...split, records, width, consistency, score, isSpaced: false };
}

/**
 * True if a lone column looks like several: its header has a mark that some row has as often, or every row
 * has; or, below a title, all rows have a mark equally often and are not all decimal numbers.
 */
function hidesColumns(records: readonly (readonly string[])[], areValues: boolean): boolean {
  const texts = records.map(([cell = ""]) => cell);
  return [",", ";", "\t", "|"].some((mark) => {
    const counts = texts.map((text) => text.split(mark).length);
    const [labels = 1, ...rows] = counts;
    const isNamed = labels > 1 && !texts[0]?.split(mark).some((label) => label.trim() === "");
    if (isNamed) return areValues || rows.includes(labels) || rows.every((count) => count > 1);
    const last = counts.at(-1) ?? 1;
    const table = texts.slice(counts.findLastIndex((count) => count !== last) + 1);
    const isTable = last > 1 && table.length > 1 && table.length >= texts.length / 2;
    return isTable && table.some((text) => classify(text.trim()) === "text");
  });
}

function cellScore(cell: string): number {
  const text = cell.trim();
  if (text === "" || classify(text) !== "text") return 1;
  if (/[\t;|]|^["']|["']$|\\$|,/.test(text)) return 0.3;
  return /^[\p{L}\p{N}]/u.test(text) ? 0.8 : 0.5;
}

/** Share of the delimiters that a space follows. */
function spacedShare(text: string, { delimiter, width }: Candidate): number {
  if (width < 2 || delimiter === " ") return 0;
  const all = text.split(delimiter).length - 1;
  return all === 0 ? 0 : (text.split(`${delimiter} `).length - 1) / all;
}

function guessesOf(best: Candidate, header: Header, dialect: Dialect): Guess[] {
  const confidence = round(best.consistency);
  const share = `${Math.round(best.consistency * 100)} % of the records have ${best.width} cells`;
  const guess = (property: string, value: unknown, sure: number, reason: string): Guess => ({
    property: `dialect.${property}`,
    value,
    confidence: sure,
    reason,
  });
  return [
    guess("delimiter", best.delimiter, confidence, share),
    guess("quoteChar", best.quote, confidence, "it gives the most regular records"),
    ...(best.escape === null
      ? []
      : [guess("escapeChar", best.escape, confidence, "it stands before quotes inside of quoted cells")]),
    ...(best.comment === null
      ? []
      : [guess("commentChar", best.comment, 0.9, "the first lines begin with it")]),
    ...(dialect.skipInitialSpace
      ? [guess("skipInitialSpace", true, 0.9, "a space follows the delimiters")]
      : []),
    guess("headerRows", dialect.headerRows, header.confidence, header.reason),
    ...(header.preamble.length > 0
      ? [guess("commentRows", header.preamble, 0.7, "they stand above the header and have another width")]
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

/** The most frequent number; of several the one that comes first, but 1 last. */
function mode(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || Number(a[0] === 1) - Number(b[0] === 1))[0]?.[0] ?? 0;
}

const mean = (numbers: readonly number[]) =>
  numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;
const round = (number: number) => Math.round(number * 100) / 100;
