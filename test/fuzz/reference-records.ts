import type { Dialect } from "../../src/descriptor/types.ts";

/** A record as the plainest reader there is would find it in a text held whole. */
export interface ReferenceRecord {
  /** Index of its first character. */
  readonly start: number;
  readonly line: number;
  readonly problem: string | null;
  /** Of a record of sound syntax. */
  readonly cells: readonly string[] | null;
}

/** Every record of a text: what the tokenizer must find, however its bytes arrive. */
export function referenceRecords(text: string, dialect: Dialect): ReferenceRecord[] {
  const records: ReferenceRecord[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const found =
      dialect.commentChar !== null && text.startsWith(dialect.commentChar, at)
        ? null
        : recordAt(text, at, dialect);
    const end = found?.end ?? lineEnd(text, at);
    const { problem = "comment", cells = null } = found ?? {};
    records.push({ start: at, line, problem, cells });
    const next = text.startsWith("\r\n", end) ? end + 2 : end + 1;
    line += text.slice(at, next).match(/\r\n|\r|\n/g)?.length ?? 0;
    at = next;
  }
  return records;
}

interface Found {
  readonly end: number;
  readonly problem: string | null;
  readonly cells: string[] | null;
}

function recordAt(text: string, start: number, dialect: Dialect): Found {
  const cells: string[] = [];
  const problems: string[] = [];
  for (let at = start; ; ) {
    const cell = cellAt(text, at, dialect);
    if (cell === "unclosed") return { end: lineEnd(text, start), problem: "unclosed-quote", cells: null };
    cells.push(cell.value);
    problems.push(...cell.problems);
    at = cell.end;
    if (text[at] !== dialect.delimiter) {
      const problem = problems.find((each) => each !== "inner-quote") ?? problems[0] ?? null;
      const isBlank = at === start;
      return { end: at, problem, cells: problem === null ? (isBlank ? [] : cells) : null };
    }
    at++;
  }
}

function cellAt(
  text: string,
  start: number,
  dialect: Dialect,
): { value: string; end: number; problems: string[] } | "unclosed" {
  const { quoteChar, skipInitialSpace } = dialect;
  let at = start;
  if (skipInitialSpace) while (text[at] === " ") at++;
  if (quoteChar === null || text[at] !== quoteChar) {
    const plain = plainAt(text, at, dialect);
    return { ...plain, problems: problemsOf(plain.value, quoteChar) };
  }
  const close = closingQuote(text, at + 1, dialect);
  if (close === -1) return "unclosed";
  const inside = text.slice(at + 1, close);
  const after = plainAt(text, close + 1, dialect);
  const isEnd = after.value === "";
  if (!isEnd && /[\r\n]/.test(inside)) return "unclosed";
  const problems = [
    ...(isEnd ? [] : ["stray-quote"]),
    ...problemsOf(inside + after.value, null),
    ...(after.value.includes(quoteChar) ? ["inner-quote"] : []),
  ];
  return { value: unescaped(inside, dialect), end: after.end, problems };
}

const problemsOf = (value: string, quote: string | null) => [
  ...(value.includes("\0") ? ["null-byte"] : []),
  ...(quote !== null && value.includes(quote) ? ["inner-quote"] : []),
];

function plainAt(text: string, start: number, { delimiter }: Dialect): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { value: text.slice(start, end), end };
}

function closingQuote(text: string, from: number, { quoteChar, doubleQuote, escapeChar }: Dialect): number {
  for (let at = from; at < text.length; at++) {
    if (escapeChar !== null && text[at] === escapeChar) at++;
    else if (text[at] === quoteChar) {
      if (!doubleQuote || text[at + 1] !== quoteChar) return at;
      at++;
    }
  }
  return -1;
}

function unescaped(inside: string, { quoteChar, doubleQuote, escapeChar }: Dialect): string {
  const marks = [escapeChar, doubleQuote ? quoteChar : null].filter((mark) => mark !== null);
  const marked = new RegExp(`[${marks.map((mark) => (mark === "\\" ? "\\\\" : mark)).join("")}](.)`, "gsu");
  return marks.length === 0 ? inside : inside.replaceAll(marked, "$1");
}

function lineEnd(text: string, from: number): number {
  const found = text.slice(from).search(/[\r\n]/);
  return found === -1 ? text.length : from + found;
}
