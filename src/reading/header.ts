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

/** The first record that is as wide as the file's rows, if it looks like labels and not like a row. */
export function guessHeader(records: Records, width: number): Header {
  const first = firstWide(records, width);
  const cells = records[first];
  if (cells === undefined)
    return { rows: [], preamble: [], labels: [], confidence: 1, reason: "there is no record" };
  const preamble = filledBefore(records, first);
  const rows = records.slice(first + 1).filter((record) => record.length === width);
  const { isHeader, confidence, reason } = evidenceFor(cells, rows);
  if (isHeader) return { rows: [first + 1], preamble, labels: cells, confidence, reason };
  return narrowHeader(records, first) ?? { rows: [], preamble, labels: [], confidence, reason };
}

/** The first record that is as wide as the rows, titles that were padded to their width aside. */
function firstWide(records: Records, width: number): number {
  const isWide = (cells: readonly string[]) =>
    cells.length === width || (cells.length > 1 && cells.length >= width - 1);
  const first = records.findIndex(isWide);
  const title = records[first];
  if (title === undefined || title.length < 2 || title.slice(1).some((cell) => cell.trim() !== ""))
    return first;
  const next = records.findIndex((cells, i) => i > first && isWide(cells));
  const labels = records[next];
  if (labels?.every((label) => label.trim() !== "" && !isValue(label)) !== true) return first;
  return next;
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

function evidenceFor(labels: readonly string[], rows: Records): Evidence {
  if (labels.every((label) => !isValue(label))) return evidenceOfWords(labels, rows);
  const values = labels.filter(isValue).length;
  const alike = labels.filter(
    (label, i) =>
      isValue(label) && rows.some((row) => classify((row[i] ?? "").trim()) === classify(label.trim())),
  ).length;
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
  const unique = new Set(labels).size === labels.length;
  return { isHeader: true, confidence: unique ? 0.8 : 0.6, reason: "its cells are words" };
}
