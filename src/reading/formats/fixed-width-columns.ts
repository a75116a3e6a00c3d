import { AirCanError } from "../../base/errors.ts";

/** Columns of a text by the places of their characters, from 0; the end is the place after the last one. */
export interface FixedColumns {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The first line of the table, from 0; those before it are titles. */
  readonly firstLine: number;
}

/**
 * Reads columns that were told: as widths, `10,5,20`, or as places from 1, `1-10,12-20`.
 *
 * @throws AirCanError `usage-error` for any other text.
 */
export function parseColumns(told: string): FixedColumns {
  const parts = told.split(",").map((part) => /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part));
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const part of parts) {
    const [, first = "0", last] = part ?? [];
    starts.push(last === undefined ? at : Number(first) - 1);
    at = last === undefined ? at + Number(first) : Number(last);
    ends.push(at);
  }
  const isOrdered = starts.every((start, i) => start >= (ends[i - 1] ?? 0) && start < (ends[i] ?? 0));
  if (parts.every(Boolean) && isOrdered && at <= 1_000_000) return { starts, ends, firstLine: 0 };
  throw new AirCanError("usage-error", `"${told}" does not say where columns are.`, {
    hint: "Write their widths, such as 10,5,20, or their places, such as 1-10,12-20.",
  });
}

const ruler = /^\s*[-=_+|]{2,}(?:[-=_+| ]*[-=_])?\s*$/;

/** True for a line that only draws: `-----  ---`. */
export const isRuler = (line: string): boolean => ruler.test(line) && /[-=_]{2}/.test(line);

/** Places of a line that are looked at. */
const maxPlaces = 5000;
/** Lines at the start that may be titles. */
const maxTitles = 10;

/**
 * Finds columns: those of a line such as `----- ---`, else runs of places between others at which all lines
 * are blank. Lines at the start without which far more columns hold something are titles.
 */
export function findColumns(whole: readonly string[]): FixedColumns {
  const lines = whole.map((line) => line.slice(0, maxPlaces));
  const under = lines.findIndex((line, i) => i < 20 && isRuler(line) && line.trim().includes(" "));
  if (under >= 0) return { ...runsOf(lines[under] ?? "", isDrawn), firstLine: Math.max(0, under - 1) };
  const most = Math.min(maxTitles, Math.max(1, lines.length - 1));
  const tries = Array.from({ length: most }, (_, firstLine) => {
    const table = lines.slice(firstLine).filter((line) => line.trim() !== "");
    const columns = { ...columnsOf(table), firstLine };
    return { columns, used: usedColumns(columns, table) };
  });
  const best = Math.max(...tries.map(({ used }) => used));
  const found = tries.find(({ used }) => used * 4 >= best * 3);
  return found?.columns ?? { starts: [0], ends: [Number.POSITIVE_INFINITY], firstLine: 0 };
}

/** How many columns hold something in at least half of the lines. */
function usedColumns({ starts, ends }: FixedColumns, lines: readonly string[]): number {
  const isUsed = (start: number, i: number) =>
    lines.filter((line) => line.slice(start, ends[i]).trim() !== "").length * 2 >= lines.length;
  return starts.filter(isUsed).length;
}

/** Runs of ink; one that has none in the header, and a single blank before it, is a part of the one before. */
function columnsOf(lines: readonly string[]): Pick<FixedColumns, "starts" | "ends"> {
  const ink = inkOf(lines);
  const [header = ""] = lines;
  const { starts } = runsOf(ink, (char) => char !== " ");
  const kept = starts.filter((start, i) => {
    const isNamed = header.slice(start, starts[i + 1]).trim() !== "";
    return i === 0 || isNamed || ink.slice(start - 2, start).trim() === "";
  });
  return { starts: kept, ends: [...kept.slice(1), Number.POSITIVE_INFINITY] };
}

const isDrawn = (char: string) => char === "-" || char === "=" || char === "_";

/** A line with a mark wherever any line has a character. */
function inkOf(lines: readonly string[]): string {
  const marks: string[] = [];
  for (const line of lines)
    for (const [place, char] of [...line].entries()) {
      while (marks.length <= place) marks.push(" ");
      if (char.trim() !== "") marks[place] = "x";
    }
  return marks.join("");
}

/** Runs of characters that are ink; each column ends where the next one begins, so that no character is lost. */
function runsOf(line: string, isInk: (char: string) => boolean): Pick<FixedColumns, "starts" | "ends"> {
  const chars = [...line];
  const starts = chars.flatMap((char, i) => (isInk(char) && !isInk(chars[i - 1] ?? " ") ? [i] : []));
  const all = starts.length > 0 ? [0, ...starts.slice(1)] : [0];
  return { starts: all, ends: [...all.slice(1), Number.POSITIVE_INFINITY] };
}
