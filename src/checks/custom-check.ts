import type { Level, Severity } from "./levels.ts";
import { tagsOfLevel } from "./levels.ts";
import type { ReportError } from "./report.ts";

/**
 * A check of your own, in TypeScript. It is begun once for each table and sees every row whose quotes and
 * characters are sound, in the file's order; cells are values as their types read them, null where there is none.
 */
export interface CustomCheck {
  /** The `type` of its errors. */
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly begin: (table: CustomTable) => RunningCheck;
}

export interface CustomTable {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** What a check does with a table; each gives what is wrong, or nothing. */
export interface RunningCheck {
  readonly row?: (row: CustomRow) => CustomFinding | readonly CustomFinding[] | undefined;
  readonly end?: () => CustomFinding | readonly CustomFinding[] | undefined;
}

export interface CustomRow {
  readonly rowNumber: number;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface CustomFinding {
  readonly message: string;
  /** The field whose cell it is about. */
  readonly field?: string;
  readonly note?: string;
}

/** What a check of one's own has found, as an error of a report. */
export function customError(
  check: CustomCheck,
  level: Extract<Level, "table" | "row" | "cell">,
  { message, note = "" }: CustomFinding,
): ReportError {
  return {
    type: check.name,
    title: check.title ?? check.name,
    description: check.description ?? "",
    message,
    tags: [...tagsOfLevel[level]],
    note,
    severity: check.severity ?? "error",
  };
}

/** The findings that a hook gave, as a list. */
export function findingsOf(given: ReturnType<NonNullable<RunningCheck["row"]>>): readonly CustomFinding[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as CustomFinding]; // what is no list is one
}
