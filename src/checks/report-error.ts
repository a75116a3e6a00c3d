import { basename } from "node:path";
import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import type { AirCanError } from "../base/errors.ts";
import type { DescriptorProblem } from "../descriptor/problem.ts";
import { tagsOfLevel } from "./levels.ts";
import { tagsOf } from "./registry.ts";
import type { ReportError } from "./report.ts";

type Details = Omit<Partial<ReportError>, "type" | "title" | "description" | "tags">;

/** An error of a report: what its type says everywhere, and what is so of this one. */
export function reportError(type: ErrorCode, message: string, details: Details = {}): ReportError {
  const isRow = type === "encoding-error" && details.rowNumber !== undefined;
  return {
    type,
    title: titleOf(type),
    description: catalogue[type].summary,
    message,
    tags: [...(isRow ? tagsOfLevel.row : tagsOf(type))],
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
  const { code, pointer, message, hint, severity, place: written } = problem;
  const at = written ? `${basename(written.source)}, line ${written.line}, column ${written.column}: ` : "";
  return reportError(code, `${at}${message}`, {
    pointer,
    place: written?.source ?? place,
    ...(written ? { line: written.line, column: written.column } : {}),
    note: hint ?? "",
    severity: severity ?? "error",
  });
}

/** A finding that is a warning only, as a text; of a descriptor with what to do, which an error has as its note. */
export function warningText({ message, pointer, note }: ReportError): string {
  return pointer === undefined || !note ? message : `${message} ${note}`;
}

/** A source that cannot be opened or read as an error of a report. */
export function sourceError(error: AirCanError, place: string): ReportError {
  const { pointer, line, column, byteOffset } = error.where;
  return reportError(error.code, error.message, {
    place,
    note: error.hint,
    ...(typeof pointer === "string" ? { pointer } : {}),
    ...(typeof line === "number" ? { line } : {}),
    ...(typeof column === "number" ? { column } : {}),
    ...(typeof byteOffset === "number" ? { byteOffset } : {}),
  });
}
