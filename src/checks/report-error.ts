import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import type { AirCanError } from "../base/errors.ts";
import type { DescriptorProblem } from "../descriptor/problem.ts";
import type { ReportError } from "./report.ts";

/** What an error stands on: the tags of Frictionless v5. */
type Level = "none" | "file" | "table" | "label" | "row" | "cell";

const tags: Readonly<Record<Level, readonly string[]>> = {
  none: [],
  file: ["#file"],
  table: ["#table"],
  label: ["#table", "#header", "#label"],
  row: ["#table", "#row"],
  cell: ["#table", "#row", "#cell"],
};

/** The findings in data, and what each stands on. */
const levels: Partial<Readonly<Record<ErrorCode, Level>>> = {
  "byte-count": "file",
  "hash-count": "file",
  "row-count": "table",
  "blank-label": "label",
  "duplicate-label": "label",
  "extra-label": "label",
  "missing-label": "label",
  "incorrect-label": "label",
  "blank-row": "row",
  "unclosed-quote": "row",
  "stray-quote": "row",
  "null-byte": "row",
  "oversized-row": "row",
  "primary-key": "row",
  "extra-cell": "cell",
  "missing-cell": "cell",
  "type-error": "cell",
  "constraint-error": "cell",
  "unique-error": "cell",
};

/** The types of errors that rows, cells and labels can have, in the order in which they are found. */
export const checkedTypes: readonly string[] = Object.keys(levels);

/** The tags of a type of error, such as `#row`. */
export function tagsOf(type: string): readonly string[] {
  return tags[levels[type as ErrorCode] ?? "none"]; // types without a level have no tags
}

type Details = Omit<Partial<ReportError>, "type" | "title" | "description" | "tags">;

/** An error of a report: what its type says everywhere, and what is so of this one. */
export function reportError(type: ErrorCode, message: string, details: Details = {}): ReportError {
  const isRow = type === "encoding-error" && details.rowNumber !== undefined;
  return {
    type,
    title: titleOf(type),
    description: catalogue[type].summary,
    message,
    tags: [...tags[isRow ? "row" : (levels[type] ?? "none")]],
    note: "",
    severity: "error",
    ...details,
  };
}

/** `type-error` is "Type Error", `blank-row` "Blank Row". */
function titleOf(type: string): string {
  return type.replace(
    /(^|-)(\w)/g,
    (_, dash: string, letter: string) => `${dash && " "}${letter.toUpperCase()}`,
  );
}

/** What is wrong with a descriptor as an error of a report. */
export function metadataError(problem: DescriptorProblem, place: string): ReportError {
  const { code, pointer, message, hint, severity } = problem;
  return reportError(code, message, {
    pointer,
    place,
    note: hint ?? "",
    severity: severity ?? "error",
  });
}

/** A source that cannot be opened or read as an error of a report. */
export function sourceError(error: AirCanError, place: string): ReportError {
  const { pointer, line, byteOffset } = error.where;
  return reportError(error.code, error.message, {
    place,
    note: error.hint,
    ...(typeof pointer === "string" ? { pointer } : {}),
    ...(typeof line === "number" ? { line } : {}),
    ...(typeof byteOffset === "number" ? { byteOffset } : {}),
  });
}
