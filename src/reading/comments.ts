import { type Choice, chooseCandidate } from "./candidates.ts";
import type { SniffOptions } from "./sniff.ts";
import { splitRecords } from "./split-records.ts";

/** A choice of dialect, and the rows that are comments although no mark says so. */
export interface CommentedChoice extends Choice {
  readonly commentRows: readonly number[];
}

const marks = ["#", "%", "//"];

/**
 * The best dialect of a text that may begin with comments. A mark that rows begin with too further down is
 * none, as they would be lost: then only the first lines are comments.
 */
export function chooseWithComments(text: string, complete: boolean, options: SniffOptions): CommentedChoice {
  const told = options.comment ?? options.dialect?.commentChar;
  if (told !== undefined)
    return { ...chooseCandidate(text, { comment: told, complete, options }), commentRows: [] };
  const { mark, lines } = firstComments(text);
  const choice = chooseCandidate(text, { comment: mark, complete, options });
  if (choice.best.comment === null || !marksRows(text, choice, lines)) return { ...choice, commentRows: [] };
  const plain = chooseCandidate(text, { comment: null, complete, options });
  return { ...plain, commentRows: Array.from({ length: lines }, (_, i) => i + 1) };
}

/** The mark that the first lines begin with, and how many do. */
function firstComments(text: string): { mark: string | null; lines: number } {
  const lines = text.split(/\r\n|\n|\r/, 50);
  for (const mark of marks) {
    const count = lines.findIndex((line) => !line.startsWith(mark) && line !== "");
    if (count > 0 && lines.slice(0, count).some((line) => line !== "")) return { mark, lines: count };
  }
  return { mark: null, lines: 0 };
}

/** True if a line below the first ones begins with the mark and has as many cells as the rows. */
function marksRows(text: string, { best }: Choice, lines: number): boolean {
  const { comment, width } = best;
  if (comment === null || width < 2) return false;
  const below = splitRecords(text, { ...best, comment: null }).slice(lines);
  return below.some((cells) => cells.length === width && cells[0]?.startsWith(comment));
}
