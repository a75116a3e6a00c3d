import type { Field } from "../../descriptor/types.ts";
import { escapePattern } from "./numeric.ts";

/**
 * The strptime directives that a date, time or datetime `format` may use, each with its whole-text pattern.
 * A format with any other directive is refused when the schema is read.
 */
const directives: Readonly<Record<string, string>> = {
  Y: "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)",
  y: "[0-9]{2}",
  m: "(?:0?[1-9]|1[0-2])",
  d: "(?:0?[1-9]|[12][0-9]|3[01])",
  H: "(?:[01]?[0-9]|2[0-3])",
  I: "(?:0?[1-9]|1[0-2])",
  M: "[0-5]?[0-9]",
  S: "[0-5]?[0-9]",
  f: "[0-9]{1,6}",
  p: "(?:AM|PM|am|pm)",
  j: "(?:00[1-9]|0[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
  b: "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
  B: "(?:January|February|March|April|May|June|July|August|September|October|November|December)",
  a: "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
  A: "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)",
  z: "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])",
  "%": "%",
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `fmt:%d/%m/%Y` (version 1) is `%d/%m/%Y`. Undefined if the format is no pattern but a word. */
export function temporalFormat(format: string | undefined): string | undefined {
  const plain = format?.replace(/^fmt:/, "");
  return plain?.includes("%") ? plain : undefined;
}

const anyDates = [
  "%Y/%m/%d",
  "%Y.%m.%d",
  "%Y%m%d",
  "%d.%m.%Y",
  "%m/%d/%Y",
  "%d/%m/%Y",
  "%d-%m-%Y",
  "%d %B %Y",
  "%d %b %Y",
  "%d-%b-%Y",
  "%B %d, %Y",
  "%b %d, %Y",
];
const anyTimes = ["%H:%M", "%I:%M:%S %p", "%I:%M %p"];
const dayAndTime = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y"].flatMap((day) =>
  ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"].map((time) => `${day} ${time}`),
);

/** What the format `any` reads beside ISO 8601: the first that fits, so with slashes the month comes first if it can. */
export const anyFormats = {
  date: anyDates,
  time: anyTimes,
  datetime: ["%Y-%m-%dT%H:%M", ...dayAndTime, "%Y-%m-%d", ...anyDates],
} as const;

/** The strptime formats that a field's texts may have; none: its texts are ISO 8601. */
export function temporalFormats(field: Field): readonly string[] {
  const { type, format } = field;
  if (format === "any" && (type === "date" || type === "time" || type === "datetime"))
    return anyFormats[type];
  const pattern = temporalFormat(format);
  return pattern === undefined ? [] : [pattern];
}

/** Whether a field's texts may be ISO 8601: yes, unless it has a pattern of its own. */
export const mayBeIso = (field: Field): boolean => temporalFormat(field.format) === undefined;

/** Whole-text pattern of a field's texts, of which `iso` is that of ISO 8601. */
export function temporalPattern(field: Field, iso: string): string {
  return [
    ...(mayBeIso(field) ? [iso] : []),
    ...temporalFormats(field).map((each) => formatPattern(each)),
  ].join("|");
}

/** Directives of one or two digits; where another one or a digit follows, or one goes before at once, both digits must be there. */
const paired: Readonly<Record<string, string>> = {
  m: "(?:0[1-9]|1[0-2])",
  d: "(?:0[1-9]|[12][0-9]|3[01])",
  H: "(?:[01][0-9]|2[0-3])",
  I: "(?:0[1-9]|1[0-2])",
  M: "[0-5][0-9]",
  S: "[0-5][0-9]",
};

/** Whole-text pattern of a strptime format. */
export function formatPattern(format: string, capture = false): string {
  const parts = format.split(/(%.)/); // texts at even places, directives between them
  return parts
    .map((part, i) => {
      const letter = i % 2 === 1 ? part.slice(1) : "";
      const [before, after = ""] = [parts[i - 1], parts[i + 1]];
      const isCrowded =
        (before === "" && i > 1) || (after === "" ? i + 2 < parts.length : /^[0-9]/.test(after));
      const pattern = (isCrowded ? paired[letter] : undefined) ?? directives[letter];
      if (pattern === undefined) return escapePattern(part);
      return capture && letter !== "%" ? `(${pattern})` : pattern;
    })
    .join("");
}

/** The group of `formatPattern`, with `capture`, that a directive has; 0: the format lacks it. */
export function groupOf(letter: string, format: string): number {
  const letters = [...format.matchAll(/%(.)/g)].map((match) => match[1]).filter((each) => each !== "%");
  return letters.indexOf(letter) + 1;
}

export interface TemporalParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
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
  const microseconds = Number((found.get("f") ?? "0").padEnd(6, "0"));
  const base = {
    year: yearOf(found),
    month: monthOf(found),
    day: digits("d", 1),
    hour: hourOf(found),
    minute: digits("M", 0),
    second: digits("S", 0),
    millisecond: Math.trunc(microseconds / 1000),
    microsecond: microseconds % 1000,
    offset,
  };
  if (!found.has("j")) return base;
  const day = monthAndDay(base.year, Number(found.get("j")));
  return day && { ...base, ...day };
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

function monthAndDay(year: number, dayOfYear: number): { month: number; day: number } | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, 0, dayOfYear);
  if (date.getUTCFullYear() !== year) return undefined;
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

interface TemporalReading<Value> {
  /** Texts of ISO 8601. */
  readonly isIso: RegExp;
  readonly fromIso: (text: string) => Value | undefined;
  readonly fromParts: (parts: TemporalParts) => Value | undefined;
}

/** A text as a moment, by the first of the field's forms that gives a real one. */
export function readTemporal<Value>(
  text: string,
  field: Field,
  { isIso, fromIso, fromParts }: TemporalReading<Value>,
): Value | undefined {
  if (mayBeIso(field) && isIso.test(text)) return fromIso(text);
  for (const format of temporalFormats(field)) {
    const parts = parseByFormat(text, format);
    const value = parts && fromParts(parts);
    if (value !== undefined) return value;
  }
  return undefined;
}
