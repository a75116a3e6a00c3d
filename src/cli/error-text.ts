import type { AirCanError, ErrorPlace } from "../base/errors.ts";

/** Exit codes of every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** 2 for what the caller wrote wrongly, 130 for what was interrupted, else 1. */
export function exitCodeOf({ code, kind }: AirCanError): number {
  if (code === "interrupted") return exitCodes.interrupted;
  return kind === "config" && code !== "unsafe-path" ? exitCodes.usage : exitCodes.failed;
}

/** An error for people: the message, where, the first bad cells, what to do. */
export function errorText(error: AirCanError, verbose: boolean): string {
  const place = placeText(error.where);
  return [
    `error: ${error.message}`,
    ...(place ? [`  where: ${place}`] : []),
    ...findings(error.details),
    `  hint: ${error.hint}`,
    `  code: ${error.code} (${error.docs})`,
    ...(verbose ? [traceOf(error)] : []),
  ].join("\n");
}

function placeText(where: ErrorPlace): string {
  return Object.entries(where)
    .filter(([, value]) => value !== undefined && value !== null && typeof value !== "boolean")
    .map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
}

/** The first bad cells and how many there are of each kind, where an error carries them. */
function findings(details: unknown): string[] {
  if (details === null || typeof details !== "object") return [];
  const { first_errors: first, counts } = details as { first_errors?: unknown; counts?: unknown }; // an error's details are open
  const lines = Array.isArray(first) ? first.map((finding) => `  ${findingText(finding)}`) : [];
  const totals = Object.entries(counts ?? {}).map(([code, count]) => `${count} ${code}`);
  return [...lines, ...(totals.length > 0 ? [`  in all: ${totals.join(", ")}`] : [])];
}

/** One finding in data as a line. */
export function findingText(finding: {
  readonly code: string;
  readonly row?: number | null;
  readonly line?: number | null;
  readonly field?: string | null;
  readonly message: string;
}): string {
  const place = [
    finding.row == null ? undefined : `row ${finding.row}`,
    finding.line == null ? undefined : `line ${finding.line}`,
    finding.field == null ? undefined : `field ${finding.field}`,
  ].filter((part) => part !== undefined);
  return `${place.join(", ")}${place.length > 0 ? ": " : ""}${finding.message} (${finding.code})`;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
