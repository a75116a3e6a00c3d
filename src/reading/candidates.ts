import { classify } from "./infer.ts";
import type { SniffOptions } from "./sniff.ts";
import { hasQuotedCell, type Split, splitRecords } from "./split-records.ts";

/** One way to read a text as records, and how well it fits. */
export interface Candidate extends Split {
  readonly records: readonly (readonly string[])[];
  /** How many cells most records have. */
  readonly width: number;
  /** Share of the records that have this width. */
  readonly consistency: number;
  readonly score: number;
  /** Cells begin with a space that is none of theirs. */
  readonly isSpaced: boolean;
  /** Nearly each record ends with a delimiter that no cell follows. */
  readonly endsWithDelimiter: boolean;
  /** Some cell stands in quotes. */
  readonly isQuoted: boolean;
}

/** The best candidate, and how much better it is than the best one with another delimiter: 0 to 1. */
export interface Choice {
  readonly best: Candidate;
  readonly lead: number;
}

/** How likely a delimiter is before the file was seen. A space or a colon stands in many texts. */
const delimiters: Readonly<Record<string, number>> = {
  ",": 1,
  ";": 1,
  "\t": 1,
  "|": 1,
  "^": 1,
  "~": 1,
  "\u001f": 1,
  "\u0001": 1,
  ":": 0.8,
  " ": 0.8,
};
const inText = [" ", ":"];
/** One of these that no row has is better for a lone column than one that cuts its texts. */
const usual = new Set([",", ";", "\t", "|"]);
/** Cells that are scored; more would not change the answer. */
const maxCells = 4000;

export interface Search {
  readonly comment: string | null;
  readonly complete: boolean;
  readonly options: SniffOptions;
}

/** Tries each delimiter, quote and escape that may be, the told ones only if some were told. */
export function chooseCandidate(text: string, search: Search): Choice {
  const { comment, complete, options } = search;
  const candidates = splitsOf(text, options).map((split) => candidate(text, { ...split, comment, complete }));
  const best = candidates.reduce((a, b) => (b.score > a.score * 1.001 ? b : a));
  const others = candidates.filter(({ delimiter }) => delimiter !== best.delimiter);
  const next = Math.max(0, ...others.map(({ score }) => score));
  const lead = best.score === 0 ? 0 : 1 - Math.min(1, next / best.score);
  const tidy = unspaced(text, withoutTrailing(unmarked(text, best), options), options);
  return { best: { ...tidy, isQuoted: hasQuotedCell(text, tidy) }, lead };
}

/** A lone first line that looks like a comment and has as many cells as the records is their header: `#id,name`. */
function unmarked(text: string, best: Candidate): Candidate {
  if (best.comment === null) return best;
  const [first = [], second = []] = splitRecords(text, { ...best, comment: null });
  const marked = (cells: readonly string[]) => cells[0]?.startsWith(best.comment ?? "") ?? false;
  const isHeader = best.width > 1 && first.length === best.width && marked(first) && !marked(second);
  return isHeader ? candidate(text, { ...best, comment: null }) : best;
}

/** Without the empty cells at the right, if nearly each record has one there. */
function withoutTrailing(best: Candidate, { dialect }: SniffOptions): Candidate {
  const rows = best.records.filter(({ length }) => length > 1);
  const ending = rows.slice(1).filter((cells) => cells.length === best.width && cells.at(-1) === "");
  const told = dialect?.trailingDelimiter;
  const [first] = rows;
  const isNamed = first?.length === best.width && first.at(-1)?.trim() !== "";
  const isSo = best.width > 2 && rows.length > 1 && ending.length >= 0.95 * (rows.length - 1) && !isNamed;
  if (!(told ?? isSo)) return best;
  const records = best.records.map((cells) =>
    cells.length > 1 && cells.at(-1) === "" ? cells.slice(0, -1) : cells,
  );
  return { ...best, records, width: best.width - 1, endsWithDelimiter: true };
}

function unspaced(text: string, best: Candidate, { dialect }: SniffOptions): Candidate {
  const isSpaced = dialect?.skipInitialSpace ?? spacedShare(text, best) > 0.9;
  if (!isSpaced) return best;
  return { ...best, isSpaced, records: best.records.map((cells) => cells.map((cell) => cell.trimStart())) };
}

function splitsOf(text: string, options: SniffOptions): Omit<Split, "comment" | "complete">[] {
  const told = options.delimiter ?? options.dialect?.delimiter;
  const toldQuote = options.quote ?? options.dialect?.quoteChar;
  const quotes = toldQuote !== undefined ? [toldQuote] : text.includes("'") ? ['"', "'"] : ['"'];
  const toldEscape = options.dialect?.escapeChar;
  const known = Object.keys(delimiters).filter(
    (delimiter) => usual.has(delimiter) || text.includes(delimiter),
  );
  return (told === undefined ? known : [told]).flatMap((delimiter) =>
    quotes.flatMap((quote) => {
      const escapes =
        toldEscape !== undefined ? [toldEscape] : text.includes(`\\${quote}`) ? [null, "\\"] : [null];
      return escapes.map((mark) => ({ delimiter, quote, escape: mark }));
    }),
  );
}

function candidate(text: string, split: Split): Candidate {
  const records = splitRecords(text, split);
  const filled = records.filter((cells) => cells.length > 0);
  const width = mode(filled.map((cells) => cells.length));
  const usual = filled.filter((cells) => cells.length === width);
  const consistency = usual.length / Math.max(1, filled.length);
  const score = consistency ** 2 * looksOf(split, { filled, usual, width });
  const found = { isSpaced: false, endsWithDelimiter: false, isQuoted: false };
  return { ...split, ...found, records, width, consistency, score };
}

interface Cut {
  readonly filled: readonly (readonly string[])[];
  /** The records of the usual width. */
  readonly usual: readonly (readonly string[])[];
  readonly width: number;
}

/** How much the cells look like cells of a table that is delimited so. */
function looksOf({ delimiter }: Split, { filled, usual, width }: Cut): number {
  const cells = (usual.length > 1 ? usual.slice(1) : usual).flat().slice(0, maxCells);
  const values = mean(cells.map((cell) => (classify(cell.trim()) === "text" ? 0 : 1)));
  const likely = delimiters[delimiter] ?? 1;
  const hidden = width === 1 && hidesColumns(filled, values === 1) ? 0.2 : 1;
  const several = width > 1 ? 1 + Math.log2(width) / 40 : 0.35 + 0.65 * values;
  const isWide = delimiter === ":" && width > 3;
  const sparse = inText.includes(delimiter) ? Math.max(isWide ? 0.8 : 0, Math.min(1, values * 1.5)) : 1;
  const narrowStart = (filled[0]?.length ?? 0) < width ? 0.95 : 1;
  const looks = 0.4 + 0.6 * mean(cells.map(cellScore));
  const clock = delimiter === ":" && usual.some((record) => cutsClock(record)) ? 0.3 : 1;
  return several * likely * looks * sparse * narrowStart * hidden * clock;
}

/** True if a colon between two cells is that of a time of day or of an address. */
function cutsClock(cells: readonly string[]): boolean {
  return cells.some((cell, i) => {
    const next = cells[i + 1] ?? "";
    return (
      (/[T ]\d\d$/.test(cell) && /^\d\d(\D|$)/.test(next)) || (/https?$/.test(cell) && next.startsWith("//"))
    );
  });
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
  if (/[\t;|^]|^["']|["']$|\\$|,/.test(text)) return 0.3;
  return /^[\p{L}\p{N}]/u.test(text) ? 0.8 : 0.5;
}

/** Share of the delimiters that a space follows. */
function spacedShare(text: string, { delimiter, width }: Candidate): number {
  if (width < 2 || delimiter === " ") return 0;
  const all = text.split(delimiter).length - 1;
  return all === 0 ? 0 : (text.split(`${delimiter} `).length - 1) / all;
}

/** The most frequent number; of several the one that comes first, but 1 last. */
function mode(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || Number(a[0] === 1) - Number(b[0] === 1))[0]?.[0] ?? 0;
}

const mean = (numbers: readonly number[]) =>
  numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;
