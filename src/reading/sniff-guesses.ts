import type { Dialect, Guess } from "../descriptor/types.ts";
import type { Candidate } from "./candidates.ts";
import type { Header } from "./header.ts";

export interface Finding {
  readonly text: string;
  readonly best: Candidate;
  /** How much better the delimiter is than any other: 0 to 1. */
  readonly lead: number;
  readonly header: Header;
  /** First records that are comments although no mark says so. */
  readonly comments: readonly number[];
  /** Records below the table that are no rows. */
  readonly footnotes: readonly number[];
  readonly dialect: Dialect;
}

type Found = readonly [property: string, value: unknown, confidence: number, reason: string];

/** What was found out about a dialect: how sure it is, and why. */
export function guessesOf(finding: Finding): Guess[] {
  return [...guessesOfMarks(finding), ...guessesOfRows(finding)].map(
    ([property, value, confidence, reason]): Guess => ({
      property: `dialect.${property}`,
      value,
      confidence: Math.round(confidence * 100) / 100,
      reason,
    }),
  );
}

function guessesOfMarks({ text, best, lead, dialect }: Finding): Found[] {
  const share = `${Math.round(best.consistency * 100)} % of the records have ${best.width} cells`;
  const { end, share: ends } = usualLineEnd(text);
  return [
    best.width > 1
      ? ["delimiter", best.delimiter, best.consistency * (0.6 + Math.min(0.4, lead * 2)), share]
      : ["delimiter", best.delimiter, 0.5, "no delimiter gives several columns"],
    quoteGuess(best, dialect),
    ...(best.escape === null
      ? []
      : [["escapeChar", best.escape, 0.9, "it stands before quotes inside of quoted cells"] as const]),
    ...(ends === 0
      ? []
      : [["lineTerminator", end, ends, `${Math.round(ends * 100)} % of the lines end so`] as const]),
    ...(best.comment === null
      ? []
      : [["commentChar", best.comment, 0.9, "the first lines begin with it"] as const]),
    ...(dialect.skipInitialSpace
      ? [["skipInitialSpace", true, 0.9, "a space follows the delimiters"] as const]
      : []),
    ...(best.endsWithDelimiter
      ? [["trailingDelimiter", true, 0.9, "nearly each record ends with a delimiter"] as const]
      : []),
    ...(dialect.nullSequence
      ? [["nullSequence", dialect.nullSequence, 0.9, "databases write it for no value"] as const]
      : []),
  ];
}

function quoteGuess(best: Candidate, { quoteChar }: Dialect): Found {
  if (quoteChar === null) return ["quoteChar", null, 0.8, "quotes stand only inside of cells"];
  if (best.isQuoted) return ["quoteChar", quoteChar, 0.5 + best.consistency / 2, "cells are quoted with it"];
  return ["quoteChar", quoteChar, 0.5, "no cell is quoted; it is the usual quote"];
}

function guessesOfRows({ header, comments, footnotes, dialect }: Finding): Found[] {
  const reasons = [
    ...(comments.length > 0 ? ["they begin with a mark, as rows further down do"] : []),
    ...(header.preamble.length > 0 ? ["they stand above the header and have another width"] : []),
    ...(footnotes.length > 0 ? ["they stand below the table and look like notes"] : []),
  ];
  return [
    ["headerRows", dialect.headerRows, header.confidence, header.reason],
    ...(reasons.length > 0
      ? [["commentRows", [...comments, ...header.preamble, ...footnotes], 0.7, reasons.join("; ")] as const]
      : []),
  ];
}

/** The line end that most lines have, and their share; 0 if the text is one line. */
export function usualLineEnd(text: string): { end: string; share: number } {
  const crlf = text.split("\r\n").length - 1;
  const ends = [
    { end: "\n", count: text.split("\n").length - 1 - crlf },
    { end: "\r\n", count: crlf },
    { end: "\r", count: text.split("\r").length - 1 - crlf },
  ];
  const all = ends.reduce((sum, { count }) => sum + count, 0);
  const most = ends.reduce((a, b) => (b.count > a.count ? b : a));
  return { end: most.end, share: all === 0 ? 0 : most.count / all };
}
