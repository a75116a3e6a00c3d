import { escapePattern } from "./numeric.ts";

/**
 * The strptime directives that a date, time or datetime `format` may use, each with its whole-text pattern.
 * A format with any other directive is refused when the schema is read.
 */
const directives: Readonly<Record<string, string>> = {
  Y: "[0-9]{4}",
  y: "[0-9]{2}",
  m: "(?:0?[1-9]|1[0-2])",
  d: "(?:0?[1-9]|[12][0-9]|3[01])",
  H: "(?:[01]?[0-9]|2[0-3])",
  I: "(?:0?[1-9]|1[0-2])",
  M: "[0-5]?[0-9]",
  S: "[0-5]?[0-9]",
  f: "[0-9]{1,6}",
  p: "(?:AM|PM|am|pm)",
  j: "(?:[0-9]{1,3})",
  b: "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
  B: "(?:January|February|March|April|May|June|July|August|September|October|November|December)",
  a: "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
  A: "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)",
  z: "(?:Z|[+-][0-9]{2}:?[0-9]{2})",
  "%": "%",
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `fmt:%d/%m/%Y` (version 1) is `%d/%m/%Y`. Undefined if the format is no pattern but a word. */
export function temporalFormat(format: string | undefined): string | undefined {
  const plain = format?.replace(/^fmt:/, "");
  return plain?.includes("%") ? plain : undefined;
}

/** Directives of a format that AirCan does not know; none means that the format can be used. */
export function unknownDirectives(format: string): string[] {
  return [...format.matchAll(/%(.)/g)]
    .map((match) => match[1] ?? "")
    .filter((letter) => !(letter in directives));
}

/** Whole-text pattern of a strptime format. */
export function formatPattern(format: string, capture = false): string {
  return format
    .split(/(%.)/)
    .map((part) => {
      const pattern = part.startsWith("%") ? directives[part.slice(1)] : undefined;
      if (pattern === undefined) return escapePattern(part);
      return capture && part !== "%%" ? `(${pattern})` : pattern;
    })
    .join("");
}

export interface TemporalParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly offset: string | undefined;
}

/** Reads a text by a strptime format into its parts; undefined if it does not fit. */
export function parseByFormat(text: string, format: string): TemporalParts | undefined {
  const match = new RegExp(`^${formatPattern(format, true)}$`).exec(text);
  if (!match) return undefined;
  const letters = [...format.matchAll(/%(.)/g)].map((m) => m[1]).filter((letter) => letter !== "%");
  const found = new Map(letters.map((letter, i) => [letter, match[i + 1] ?? ""]));
  const digits = (letter: string, otherwise: number) =>
    found.has(letter) ? Number(found.get(letter)) : otherwise;
  const offset = found.get("z");
  const base = {
    year: yearOf(found),
    month: monthOf(found),
    day: digits("d", 1),
    hour: hourOf(found),
    minute: digits("M", 0),
    second: digits("S", 0),
    microsecond: Number((found.get("f") ?? "0").padEnd(6, "0")),
    offset,
  };
  return found.has("j") ? { ...base, ...monthAndDay(base.year, Number(found.get("j"))) } : base;
}

function yearOf(found: ReadonlyMap<string | undefined, string>): number {
  const short = found.get("y");
  if (short === undefined) return Number(found.get("Y") ?? 1900);
  return Number(short) + (Number(short) < 69 ? 2000 : 1900);
}

function monthOf(found: ReadonlyMap<string | undefined, string>): number {
  const name = found.get("b") ?? found.get("B");
  return name === undefined
    ? Number(found.get("m") ?? 1)
    : months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(found: ReadonlyMap<string | undefined, string>): number {
  const twelve = found.get("I");
  if (twelve === undefined) return Number(found.get("H") ?? 0);
  return (Number(twelve) % 12) + (found.get("p")?.toLowerCase() === "pm" ? 12 : 0);
}

function monthAndDay(year: number, dayOfYear: number): { month: number; day: number } {
  const date = new Date(Date.UTC(year, 0, dayOfYear));
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
