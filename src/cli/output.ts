import { styleText } from "node:util";
import type { Log, LogLevel } from "../base/log.ts";
import { cut, visible } from "./table.ts";
import { terminalText } from "./terminal-text.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

type Format = Parameters<typeof styleText>[0];

/** What a command says: its result on stdout, everything on the way on stderr. */
export interface Output extends OutputOptions {
  /** Columns that a line of the result may have. */
  readonly width: number;
  /** The result: the document as JSON with `--json`, else the text. Called once by a command. */
  readonly result: (document: unknown, text: () => string) => void;
  /** A line of a result that comes in parts, on stdout. */
  readonly line: (text: string) => void;
  /** A line for people, on stderr; not with `--quiet`. */
  readonly say: (text: string) => void;
  /** What went wrong, on stderr. */
  readonly error: (text: string) => void;
  /** Log lines on stderr: debug with `--verbose`, info not with `--quiet`. */
  readonly log: Log;
  /** Replaces the live line on a terminal; nothing elsewhere. An empty text removes it. */
  readonly progress: (text: string) => void;
  /** Text in a colour, on a terminal that has colours and unless `NO_COLOR` is set. */
  readonly style: (format: Format, text: string, stream?: NodeJS.WriteStream) => string;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** Output on the process's own streams. */
export function openOutput(options: OutputOptions): Output {
  const live = process.stderr.isTTY && !options.quiet && !options.json;
  const progress = (text: string): void => {
    const line = cut(visible(text), (process.stderr.columns || 80) - 1);
    if (live) process.stderr.write(`\r\x1b[2K${line}`);
  };
  const error = (text: string): void => {
    progress("");
    printLine(process.stderr, text);
  };
  const lowest = options.verbose ? ranks.debug : options.quiet ? ranks.warning : ranks.info;
  return {
    ...options,
    width: process.stdout.columns || 80, // some terminals say 0
    result: (document, text) => {
      progress("");
      if (options.json) process.stdout.write(`${jsonText(document)}\n`);
      else printLine(process.stdout, text());
    },
    line: (text) => printLine(process.stdout, text),
    say: (text) => {
      if (!options.quiet) error(text);
    },
    error,
    log: (level, message, facts) => {
      if (ranks[level] < lowest) return;
      error(`${level === "info" ? "" : `${level}: `}${message}${factsText(facts)}`);
    },
    progress,
    style: (format, text, stream = process.stdout) => styleText(format, text, { stream }),
  };
}

function printLine(stream: NodeJS.WriteStream, text: string): void {
  const hasColours = styleText("red", "a", { stream }) !== "a";
  stream.write(`${terminalText(text, { hasColours, env: process.env })}\n`);
}

/** Of the runtime (ES2026), not yet in TypeScript's library. */
const { rawJSON } = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown };

/** JSON of a result; integers beyond 2^53 stand as digits, as they are. */
export function jsonText(document: unknown): string {
  return JSON.stringify(
    document,
    (_key, value: unknown) => (typeof value === "bigint" ? rawJSON(String(value)) : value),
    2,
  );
}

function factsText(facts: Readonly<Record<string, unknown>> | undefined): string {
  const entries = Object.entries(facts ?? {});
  return entries.length === 0 ? "" : ` (${entries.map(([key, value]) => `${key}: ${value}`).join(", ")})`;
}
