import { classify } from "./infer.ts";

/** Which records of a file are its header, and why. Records count from 1. */
export interface Header {
  readonly rows: readonly number[];
  /** Records above the header that hold something. */
  readonly preamble: readonly number[];
  readonly labels: readonly string[];
  readonly confidence: number;
  readonly reason: string;
}

type Records = readonly (readonly string[])[];

/** The header that was told; several rows are joined cell by cell. */
export function toldHeader(records: Records, rows: readonly number[] | "none", join: string): Header {
  const told = { confidence: 1, reason: "told" };
  if (rows === "none" || rows.length === 0) return { rows: [], preamble: [], labels: [], ...told };
  const parts = rows.map((row) => records[row - 1] ?? []);
  const width = Math.max(0, ...parts.map((cells) => cells.length));
  const labels = Array.from({ length: width }, (_, i) =>
    parts
      .map((cells) => cells[i] ?? "")
      .filter((text) => text !== "")
      .join(join),
  );
  return { rows, preamble: filledBefore(records, Math.min(...rows) - 1), labels, ...told };
}

/** The first record with most of the names that a schema gives the columns, whatever its letters' case. */
export function namedHeader(records: Records, names: readonly string[]): Header | undefined {
  const known = new Set(names.map((name) => name.trim().toLowerCase()));
  const found = records.slice(0, farthest).findIndex((cells) => {
    const labels = new Set(cells.map((cell) => cell.trim().toLowerCase()));
    return labels.intersection(known).size > known.size / 2;
  });
  if (found === -1) return undefined;
  const [preamble, labels] = [filledBefore(records, found), records[found] ?? []];
  return { rows: [found + 1], preamble, labels, confidence: 1, reason: "its cells are names of the schema" };
}

/** Records among which a header may be known by its names. */
const farthest = 20;

/**
 * The first record that is as wide as the file's rows, if it looks like labels and not like a row; with the
 * records after it that are words above columns of values, as units are.
 */
export function guessHeader(records: Records, width: number): Header {
  const first = firstWide(records, width);
  const cells = records[first];
  if (cells === undefined)
    return { rows: [], preamble: [], labels: [], confidence: 1, reason: "there is no record" };
  const preamble = filledBefore(records, first);
  const rows = records.slice(first + 1).filter((record) => record.length === width);
  const { isHeader, confidence, reason } = evidenceFor(cells, rows);
  if (!isHeader)
    return narrowHeader(records, first) ?? { rows: [], preamble, labels: [], confidence, reason };
  const more = labelRowsBelow(records, first, width);
  if (more === 0)
    return { rows: [first + 1], preamble, labels: withoutEnd(cells, width), confidence, reason };
  const numbers = Array.from({ length: more + 1 }, (_, i) => first + 1 + i);
  return {
    ...toldHeader(records, numbers, " "),
    confidence: 0.7,
    reason: `${more + 1} rows of words stand above columns of values`,
  };
}

/** Labels without an empty one at the right that no row has a cell for. */
function withoutEnd(labels: readonly string[], width: number): readonly string[] {
  return labels.length === width + 1 && labels.at(-1)?.trim() === "" ? labels.slice(0, -1) : labels;
}

/**
 * How many records after the first of a header belong to it: the last of them is words above columns of values,
 * as units and the parts of groups are, and those between hold no value.
 */
function labelRowsBelow(records: Records, first: number, width: number): number {
  const below = records.slice(first + 1, first + 4);
  const end = below.findIndex((cells) => cells.length !== width || cells.some(isValue));
  const counts = below.slice(0, end === -1 ? below.length : end).map((_, i) => i + 1);
  const ofWords = counts.filter((count) => {
    const rows = records.slice(first + count + 1).filter((record) => record.length === width);
    return rows.length > 1 && areLabelRows(records.slice(first, first + count + 1), rows);
  });
  return ofWords.at(-1) ?? 0;
}

/** True for rows that end in words above columns of values: which they group, name below codes, or whose units or tags they are. */
function areLabelRows(header: Records, rows: Records): boolean {
  const last = header.at(-1) ?? [];
  const holds = (i: number) =>
    rows.every((row) => isValueOrNone(row[i] ?? "")) && rows.some((row) => isValue(row[i] ?? ""));
  const above = last.filter((_, i) => holds(i));
  const isWordsAbove = above.length > 0 && above.filter(isWord).length >= Math.max(1, above.length * 0.6);
  const areUnits = last.every((cell, i) => holds(i) || !isFilled(cell));
  const areTags = last.filter(isFilled).every((cell) => cell.startsWith("#"));
  const areCodes = header[0]?.some((cell) => isValue(cell) && !isYear(cell)) === true;
  return isWordsAbove && (areGroups(header) || (header.length === 2 && (areUnits || areTags || areCodes)));
}

/** True if each row but the last groups the columns, by gaps or names that are there again, or says what the last does. */
function areGroups(header: Records): boolean {
  const last = header.at(-1)?.join("\n");
  return header
    .slice(0, -1)
    .every((cells) => new Set(cells.filter(isFilled)).size < cells.length || cells.join("\n") === last);
}

const isValueOrNone = (cell: string) => isValue(cell) || isMissing(cell);
const isMissing = (cell: string) =>
  /^(|-+|\.+|\*|\?|#?n\/?a|nan|[-+]?inf(inity)?|null|none|nil|nd|\\n|x)$/i.test(cell.trim());
const isWord = (cell: string) => !isValueOrNone(cell);
const isYear = (cell: string) => /^\s*(1[89]|20)\d\d\s*$/.test(cell);

/** The first record that is as wide as the rows, titles aside: narrower ones, and those padded to their width. */
function firstWide(records: Records, width: number): number {
  const isWide = (cells: readonly string[]) =>
    cells.length === width || (cells.length > 1 && cells.length >= width - 1);
  const first = records.findIndex(isWide);
  for (let at = first; at !== -1 && at < Math.min(records.length, first + 20); at++) {
    const cells = records[at] ?? [];
    if (!isWide(cells) || isTitle(cells)) continue;
    return at === first ? laterHeader(records, first, width) : areLabels(cells) ? at : first;
  }
  return first;
}

/** A text in one cell, and nothing in the others; of two cells it is the first, as an empty one stands above names of rows. */
function isTitle(cells: readonly string[]): boolean {
  const filled = cells.flatMap((cell, i) => (isFilled(cell) ? [i] : []));
  return cells.length > 1 && filled.length < 2 && !(cells.length === 2 && filled[0] === 1);
}
const isFilled = (cell: string) => cell.trim() !== "";
const isLabel = (cell: string) => isWord(cell) || isYear(cell);
/** Names, some of which may be missing. */
const areLabels = (cells: readonly string[]) => cells.every((cell) => isLabel(cell) || !isFilled(cell));

/** A record of labels just below a narrower one that has values, or above columns of values, is the header. */
function laterHeader(records: Records, first: number, width: number): number {
  const next = records.findIndex((cells, i) => i > first && cells.length > 0);
  const [cells = [], labels = []] = [records[first], records[next]];
  if (cells.length >= width || labels.length !== width || !labels.every(isLabel)) return first;
  const rows = records.slice(next + 1).filter((record) => record.length === width);
  const hasContrast = labels.some((_, i) => rows.length > 0 && rows.every((row) => isValue(row[i] ?? "")));
  return hasContrast ? next : first;
}

/** A first record of words, narrower than the rows, which all have cells too many. */
function narrowHeader(records: Records, firstRow: number): Header | undefined {
  const cells = records[0] ?? [];
  if (firstRow === 0 || cells.length < 2 || cells.some(isValue)) return undefined;
  const reason = "its cells are words above rows with more cells";
  return { rows: [1], preamble: [], labels: cells, confidence: 0.5, reason };
}

/** Numbers of the records before a header that hold something (blank ones need no word). */
function filledBefore(records: Records, header: number): number[] {
  return records.slice(0, Math.max(0, header)).flatMap((cells, i) => (cells.length > 0 ? [i + 1] : []));
}

interface Evidence {
  readonly isHeader: boolean;
  readonly confidence: number;
  readonly reason: string;
}

const isValue = (cell: string) => cell.trim() !== "" && classify(cell.trim()) !== "text";

/** True for cells of one kind; a year may be the label of a column of other numbers. */
function isAlike(cell: string, label: string): boolean {
  return isYear(label) ? isYear(cell) : kindOf(cell.trim()) === kindOf(label.trim());
}

const kindOf = (cell: string) =>
  /^[-+]?[\d.,'\u00a0\u202f ]+(e[-+]?\d+)?%?$/i.test(cell) ? "number" : classify(cell);

/** True for values, years beside words aside: those may be names. */
const holdsValues = (cells: readonly string[]) =>
  cells.every(isValue) || cells.some((cell) => isValue(cell) && !isYear(cell));

function evidenceFor(labels: readonly string[], rows: Records): Evidence {
  if (rows.length === 0 && holdsValues(labels))
    return { isHeader: false, confidence: 0.6, reason: "the only record holds values" };
  const [corner = "", ...others] = labels;
  const isMatrix = corner.trim() === "" && others.length > 1 && new Set(others).size === others.length;
  if (isMatrix && rows.length > 0 && rows.every((row) => row[0]?.trim() !== ""))
    return {
      isHeader: true,
      confidence: 0.8,
      reason: "only its first cell is empty, as above the names of rows",
    };
  if (labels.every((label) => !isValue(label))) return evidenceOfWords(labels, rows);
  const values = labels.filter(isValue).length;
  const alike = labels.filter((label, i) => {
    const cells = rows.map((row) => row[i] ?? "").filter((cell) => cell.trim() !== "");
    return isValue(label) && cells.filter((cell) => isAlike(cell, label)).length > cells.length / 2;
  }).length;
  const wordAboveValues = labels.some(
    (label, i) => label.trim() !== "" && !isValue(label) && rows.every((row) => isValue(row[i] ?? "")),
  );
  return rows.length > 0 && alike > 0 && alike >= values / 2 && !wordAboveValues
    ? { isHeader: false, confidence: 0.7, reason: "the first record looks like the records after it" }
    : { isHeader: true, confidence: 0.6, reason: "the first record differs from the records after it" };
}

function evidenceOfWords(labels: readonly string[], rows: Records): Evidence {
  const contrast = labels.some(
    (_, i) => rows.length > 0 && rows.filter((row) => isValue(row[i] ?? "")).length > rows.length / 2,
  );
  if (contrast)
    return { isHeader: true, confidence: 1, reason: "its cells are words above columns of values" };
  const others = rows.filter((row) => row.some((cell, i) => cell !== labels[i]));
  const recurring = labels.filter((label, i) => label !== "" && others.some((row) => row[i] === label));
  if (others.length > 2 && recurring.length > labels.length / 2)
    return { isHeader: false, confidence: 0.6, reason: "its cells stand in the columns again" };
  const unique = new Set(labels).size === labels.length;
  return { isHeader: true, confidence: unique ? 0.8 : 0.6, reason: "its cells are words" };
}
