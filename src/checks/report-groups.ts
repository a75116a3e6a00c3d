import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import type { ReportError, ReportTask } from "./report.ts";

/** The errors of one kind in one field: what a person mends in one go. */
export interface ErrorGroup {
  readonly type: string;
  /** The field's name; undefined for errors that belong to no field. */
  readonly field: string | undefined;
  /** How many there are; unless `isExact` an estimate by those that the report lists. */
  readonly count: number;
  readonly isExact: boolean;
  /** What the kind means, and what to do about it. */
  readonly summary: string;
  readonly hint: string;
  /** Those that the report lists, in the order of the file. */
  readonly errors: readonly ReportError[];
}

/** Groups the errors of a task by kind and field, those of the file as a whole first, then the most frequent, those that are counted only last. */
export function groupsOf({ errors, stats }: ReportTask): ErrorGroup[] {
  const byKey = Map.groupBy(errors, (error) => JSON.stringify([error.type, fieldOf(error)]));
  const groups = Array.from(byKey.values(), (members) => groupOf(members, errors, stats.errorCounts));
  const unlisted = Object.entries(stats.errorCounts)
    .filter(([type, count]) => count > 0 && !errors.some((error) => error.type === type))
    .map(([type, count]) => ({
      type,
      field: undefined,
      count,
      isExact: true,
      ...adviceFor(type),
      errors: [],
    }));
  const rank = ({ errors: [first] }: ErrorGroup) =>
    first === undefined ? 3 : isOfRows(first) ? 2 : first.labels !== undefined ? 1 : 0;
  return [...groups, ...unlisted].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

/** The field that an error is about. What is missing at a row's end is about the row. */
const fieldOf = ({ type, tags, fieldName }: ReportError): string | undefined =>
  tags.includes("#cell") && type !== "missing-cell" ? fieldName || undefined : undefined;

function groupOf(
  members: readonly ReportError[],
  all: readonly ReportError[],
  counts: Readonly<Record<string, number>>,
): ErrorGroup {
  const [first] = members;
  const type = first?.type ?? "";
  const listed = all.reduce((sum, error) => sum + (error.type === type ? 1 : 0), 0);
  const total = counts[type] ?? listed;
  const field = first && fieldOf(first);
  const isExact = total === listed || (listed === members.length && field === undefined);
  const share = total * (members.length / listed);
  return {
    type,
    field,
    count: isExact ? Math.round(share) : Number(share.toPrecision(2)),
    isExact,
    ...adviceFor(type),
    errors: members,
  };
}

/** What a kind of error means, and what to do; kinds of users' own checks have neither. */
export function adviceFor(type: string): { readonly summary: string; readonly hint: string } {
  const { summary, hint } = (type in catalogue ? catalogue[type as ErrorCode] : undefined) ?? {
    summary: "",
    hint: "",
  };
  return { summary, hint };
}

/** True for what stands in the rows, and not in the header, the source or its descriptor. */
export const isOfRows = ({ rowNumber, tags }: ReportError): boolean =>
  rowNumber !== undefined && tags.includes("#row");

/** What is said of all errors of a group, if there are several and it is the same. */
export function commonMessage([first, ...others]: readonly ReportError[]): string | undefined {
  return others.length > 0 && others.every(({ message }) => message === first?.message)
    ? first?.message
    : undefined;
}

const syntaxErrors: ReadonlySet<string> = new Set([
  "unclosed-quote",
  "stray-quote",
  "null-byte",
  "oversized-row",
]);

/** True if the record could not be split into cells: what is given as its cells is its text. */
export const isBroken = ({ type }: ReportError): boolean => syntaxErrors.has(type);

/** Errors of all kinds, also those that are not listed. */
export function errorTotal({ stats, errors }: ReportTask): number {
  const counted = Object.values(stats.errorCounts).reduce((sum, count) => sum + count, 0);
  return Math.max(counted, errors.length);
}

/** Such as `1 error`, `1,204 errors`. */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : word.endsWith("s") ? "es" : "s"}`;
}

/** A text in quotes, cut where it is long. */
export const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;

/** How many errors a group has, such as `about 3,000 errors, 500 of them listed`. */
export function countOfGroup({ count, isExact, errors }: ErrorGroup): string {
  if (isExact) return counted(count, "error");
  return `about ${counted(count, "error")}, ${errors.length.toLocaleString("en-US")} of them listed`;
}
