import type { ErrorCode } from "../base/catalogue.ts";
import type { ReportError } from "./report.ts";

/** The errors of one task: listed up to a limit, counted beyond it. */
export interface FindingList {
  readonly errors: readonly ReportError[];
  readonly counts: Readonly<Record<string, number>>;
  /** True if there were more errors than are listed. */
  readonly isFull: boolean;
  /** Notes an error; what it says is made only if it will be listed. */
  readonly add: (type: ErrorCode, make: () => ReportError) => void;
}

/** A new list that keeps the first `limit` errors of the types that are wanted; `onError` hears of all of these. */
export function createFindingList(
  limit: number,
  isWanted: (type: string) => boolean,
  onError?: (error: ReportError) => void,
): FindingList {
  const errors: ReportError[] = [];
  const counts: Record<string, number> = {};
  let left = 0;
  return {
    errors,
    counts,
    get isFull() {
      return left > 0;
    },
    add: (type, make) => {
      if (!isWanted(type)) return;
      counts[type] = (counts[type] ?? 0) + 1;
      const isListed = errors.length < limit;
      const error = isListed || onError ? make() : undefined;
      if (error) onError?.(error);
      if (isListed && error) errors.push(error);
      else left++;
    },
  };
}
