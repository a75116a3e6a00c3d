import type { Dialect, Guess } from "../descriptor/types.ts";
import type { Candidate } from "./candidates.ts";
import { chooseWithComments } from "./comments.ts";
import { footnotesOf } from "./footnotes.ts";
import { guessHeader, type Header, namedHeader, toldHeader } from "./header.ts";
import type { ReadingOptions } from "./options.ts";
import { guessesOf, usualLineEnd } from "./sniff-guesses.ts";
import { splitRecords } from "./split-records.ts";

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

/**
 * Finds how a text is delimited: each delimiter and quote is tried on the first records and scored by how
 * many records have the usual width and how many cells look like values. What the options tell wins.
 */
export function sniff(sample: string, complete: boolean, options: SniffOptions = {}): Sniffed {
  const text = sample.replace(/^\ufeff/, "");
  const named = separatorLine(text);
  const known = named === undefined ? options : { delimiter: named, ...options };
  const { best: chosen, lead, commentRows: comments } = chooseWithComments(text, complete, known);
  const best = withoutRows(chosen, options.dialect?.commentRows ?? comments);
  const header = headerOf(best, options);
  const start = header.rows.at(-1) ?? header.preamble.at(-1) ?? 0;
  const footnotes = complete ? footnotesBelow(text, best, start) : [];
  const commentRows = [...comments, ...header.preamble, ...footnotes];
  const nulls = nullSequenceOf(best.records);
  const dialect = { ...dialectOf(text, best, header), commentRows, ...nulls, ...toldDialect(options) };
  const guesses = guessesOf({ text, best, lead, header, comments, footnotes, dialect });
  return {
    dialect,
    guesses: guesses.filter(({ property }) => !isTold(property, options)),
    labels: header.labels,
    records: best.records.slice(start, footnotes[0] === undefined ? undefined : footnotes[0] - 1),
    width: best.width,
  };
}

function headerOf({ records, width }: Candidate, { headerRows, dialect, names }: SniffOptions): Header {
  const join = dialect?.headerJoin ?? " ";
  const told = headerRows ?? (dialect?.header === false ? "none" : dialect?.headerRows);
  if (told !== undefined) return toldHeader(records, told, join);
  const guess = namedHeader(records, names ?? []) ?? guessHeader(records, width);
  const isMissed = dialect?.header === true && guess.rows.length === 0;
  return isMissed ? toldHeader(records, [records.findIndex(({ length }) => length > 0) + 1], join) : guess;
}

/** With nothing in the records that are told to be no data. */
function withoutRows(best: Candidate, rows: readonly number[]): Candidate {
  return { ...best, records: best.records.map((cells, i) => (rows.includes(i + 1) ? [] : cells)) };
}

/** Numbers of the records at the end of a whole text that are notes. */
function footnotesBelow(text: string, best: Candidate, start: number): number[] {
  const all = splitRecords(text, { ...best, most: Number.POSITIVE_INFINITY });
  return footnotesOf(all.slice(start), best.width).map((row) => row + start);
}

/** Databases write `\N` for no value, and nobody else writes it. */
function nullSequenceOf(records: Candidate["records"]): Pick<Dialect, "nullSequence"> {
  return records.some((cells) => cells.includes("\\N")) ? { nullSequence: "\\N" } : {};
}

/** The delimiter that the first line names, as spreadsheets do: `sep=;`. */
function separatorLine(text: string): string | undefined {
  return /^sep=(.)\r?\n/i.exec(text)?.[1];
}

function dialectOf(text: string, best: Candidate, header: Header): Dialect {
  return {
    delimiter: best.delimiter,
    lineTerminator: usualLineEnd(text).end,
    quoteChar: isQuoteless(best) ? null : best.quote,
    doubleQuote: best.escape === null,
    escapeChar: best.escape,
    skipInitialSpace: best.isSpaced,
    header: header.rows.length > 0,
    headerRows: header.rows,
    headerJoin: " ",
    commentChar: best.comment,
    commentRows: header.preamble,
    ...(best.endsWithDelimiter ? { trailingDelimiter: true } : {}),
  };
}

/** True for cells between tabs where quotes are letters as others: no cell is quoted, and some have quotes inside. */
function isQuoteless({ delimiter, quote, isQuoted, records }: Candidate): boolean {
  if (delimiter !== "\t" || quote === null || isQuoted) return false;
  return records.some((cells) => cells.some((cell) => cell.includes(quote)));
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
