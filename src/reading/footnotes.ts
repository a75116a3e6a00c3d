import { classify } from "./infer.ts";

type Records = readonly (readonly string[])[];

/** How notes below a table begin, in the languages of many publishers. */
const opening =
  /^(\*|†|‡|¹|[a-z\d]?\)|\(?\d\)|notes?\b|n\.b\.|source\b|sources\b|footnotes?\b|quelle|anmerkung|fußnote|hinweis|stand:|nota\b|notas\b|fuente|fonte|bron\b|kilde\b|källa\b|merknad|uwaga|źródło|pozn|zdroj|примечание|источник|©|copyright|last updated|updated|generated|exported|contact\b)/iu;

/**
 * Numbers of the records below the last row of a table that are notes, and of blank ones above them: a text in the first cell alone, which
 * begins as notes do or stands below a blank line. Such a record amid the rows is none, and a table of one or
 * two columns has none that could be told from rows.
 */
export function footnotesOf(records: Records, width: number): number[] {
  if (width < 3) return [];
  let first = records.length;
  while (first > 0 && isNoteOrBlank(records[first - 1] ?? [], width)) first--;
  const below = records.slice(first);
  const lead = below.findIndex((cells) => !isBlank(cells));
  const start = below[lead]?.[0]?.trim() ?? "";
  if (lead === -1 || (lead === 0 && !opening.test(start))) return [];
  const end = below.findLastIndex((cells) => !isBlank(cells));
  return Array.from({ length: end + 1 }, (_, i) => first + i + 1);
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === "");

/** True for a blank record, and for one of a text that its own commas may have cut, but of no more cells than that. */
function isNoteOrBlank(cells: readonly string[], width: number): boolean {
  if (isBlank(cells)) return true;
  const [first = "", ...rest] = cells;
  if (classify(first.trim()) !== "text") return false;
  const isAlone = rest.every((cell) => cell.trim() === "");
  const isProse =
    cells.length < width && rest.every((cell) => cell.startsWith(" ") && classify(cell.trim()) === "text");
  return isAlone || isProse;
}
