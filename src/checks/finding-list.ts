import type { Severity } from "./levels.ts";
import type { ReportError } from "./report.ts";

/** A record of the source, read again to show it beside a finding. */
export interface LocatedRecord {
  readonly line: number | null;
  readonly byteOffset: number | null;
  readonly cells: readonly (string | null)[];
}

/** A finding about a row of which no more than the number is known yet. */
export interface RowFinding {
  readonly row: number;
  readonly make: (record: LocatedRecord | undefined) => ReportError;
}

/** The findings of one task: listed up to a limit, counted beyond it. Warnings are kept apart. */
export interface FindingList {
  readonly counts: Readonly<Record<string, number>>;
  readonly warningCounts: Readonly<Record<string, number>>;
  /** True if there are as many errors as are listed, or more. */
  readonly isFull: boolean;
  /** Findings that are listed of one question. */
  readonly limit: number;
  /** True if somebody wants to hear of every error, also of those past the limit. */
  readonly isWatched: boolean;
  readonly isWanted: (type: string) => boolean;
  /** Notes an error; what it says is made only if it will be listed. Rows come in their order. */
  readonly add: (type: string, make: () => ReportError) => void;
  /** Notes that rows have an error: how many, and the first of them; a list that is watched hears of these. */
  readonly addRows: (type: string, count: number, first: readonly RowFinding[]) => void;
  /** Puts what was found in the order of the rows; `locate` reads those again of which only the number is known. */
  readonly finish: (locate: Locate) => Promise<Finished>;
}

export type Locate = (rows: ReadonlySet<number>) => Promise<ReadonlyMap<number, LocatedRecord>>;

export interface Finished {
  readonly errors: readonly ReportError[];
  readonly warnings: readonly ReportError[];
}

export interface FindingOptions {
  readonly limit: number;
  readonly isWanted: (type: string) => boolean;
  readonly severityOf?: (type: string) => Severity | undefined;
  /** Hears of all errors. */
  readonly onError?: ((error: ReportError) => void) | undefined;
}

interface Entry {
  /** Row, or a place before or after all rows. */
  readonly order: number;
  readonly make: RowFinding["make"];
  /** Number of the row that `make` needs to see; null: it needs none. */
  readonly row: number | null;
}

interface Lane {
  entries: Entry[];
  /** Findings that came in the order of their rows. */
  inOrder: number;
  readonly counts: Record<string, number>;
}

/** A new list with nothing in it. */
export function createFindingList(options: FindingOptions): FindingList {
  const { limit, isWanted, onError } = options;
  const errors: Lane = { entries: [], inOrder: 0, counts: {} };
  const warnings: Lane = { entries: [], inOrder: 0, counts: {} };
  const judge = (type: string): Judged => {
    const severity = options.severityOf?.(type);
    const isError = (severity ?? "error") === "error";
    const dress = (error: ReportError) => (severity === undefined ? error : { ...error, severity });
    return { lane: isError ? errors : warnings, limit, dress, hear: isError ? onError : undefined };
  };
  return {
    counts: errors.counts,
    warningCounts: warnings.counts,
    limit,
    isWatched: onError !== undefined,
    isWanted,
    get isFull() {
      return totalOf(errors.counts) >= limit;
    },
    add: (type, make) => {
      if (isWanted(type)) addOne(judge(type), type, make);
    },
    addRows: (type, count, first) => {
      if (!isWanted(type) || count === 0) return;
      const judged = judge(type);
      judged.lane.counts[type] = (judged.lane.counts[type] ?? 0) + count;
      addFound(judged, first);
    },
    finish: (locate) => finishLanes([errors, warnings], limit, locate),
  };
}

/** Where the findings of one type go. */
interface Judged {
  readonly lane: Lane;
  readonly limit: number;
  /** Puts on the severity that was asked for. */
  readonly dress: (error: ReportError) => ReportError;
  readonly hear: FindingOptions["onError"];
}

function addOne({ lane, limit, dress, hear }: Judged, type: string, make: () => ReportError): void {
  lane.counts[type] = (lane.counts[type] ?? 0) + 1;
  const isListed = lane.inOrder < limit;
  if (!isListed && hear === undefined) return;
  const error = dress(make());
  hear?.(error);
  if (!isListed) return;
  lane.inOrder++;
  lane.entries.push({ order: orderOf(error), make: () => error, row: null });
}

function addFound({ lane, limit, dress, hear }: Judged, first: readonly RowFinding[]): void {
  if (hear) for (const { make } of first) hear(dress(make(undefined)));
  for (const { row, make } of first.slice(0, limit))
    lane.entries.push({ order: row, make: (record) => dress(make(record)), row });
  if (lane.entries.length > 4 * limit) lane.entries = firstOf(lane.entries, limit);
}

async function finishLanes(lanes: readonly Lane[], limit: number, locate: Locate): Promise<Finished> {
  const listed = lanes.map(({ entries }) => firstOf(entries, limit));
  const rows = new Set(listed.flat().flatMap(({ row }) => (row === null ? [] : [row])));
  const records = rows.size === 0 ? new Map<number, LocatedRecord>() : await locate(rows);
  const [errors = [], warnings = []] = listed.map((entries) =>
    entries.map(({ make, row }) => make(row === null ? undefined : records.get(row))),
  );
  return { errors, warnings };
}

const totalOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function firstOf(entries: readonly Entry[], limit: number): Entry[] {
  return entries.toSorted((a, b) => compared(a.order, b.order) || rank(a) - rank(b)).slice(0, limit);
}

const compared = (a: number, b: number) => (a === b ? 0 : a - b); // no difference of infinities

/** In one row its cells come first, then what was asked about all rows, whichever was found first. */
const rank = ({ row }: Entry) => (row === null ? 0 : 1);

/** The file and its header come before the rows, the table as a whole comes after them. */
function orderOf({ rowNumber, tags }: ReportError): number {
  if (rowNumber !== undefined) return rowNumber;
  return tags.includes("#table") && !tags.includes("#header") ? Number.POSITIVE_INFINITY : 0;
}
