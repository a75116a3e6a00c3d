import type { Command } from "commander";
import { AirCanError, toAirCanError } from "../base/errors.ts";
import { errorText, exitCodeOf } from "./error-text.ts";
import { type Output, type OutputOptions, openOutput } from "./output.ts";
import { readSettingsFile, resolveSettings, type Settings } from "./settings.ts";

/** What a command's handler is given. */
export interface Invocation<Options> {
  readonly output: Output;
  /** The options of the command line, as commander names them. */
  readonly options: Options;
  readonly settings: Settings;
  /** The folder the command was called in. */
  readonly folder: string;
  /** Aborted by the first SIGINT or SIGTERM; its reason is an AirCanError `interrupted`. */
  readonly signal: AbortSignal;
}

/** Does the work of a command. Gives the exit code; undefined is 0. Throwing prints the error. */
export type Handler<Options> = (
  invocation: Invocation<Options>,
  ...args: string[]
) => Promise<number | undefined>;

/** Milliseconds that a command has after the first signal to put things in order. */
const grace = 5000;

/** Milliseconds in which a signal that comes again is the same one: shells, npm and `timeout` pass it on too. */
const echo = 2000;

export interface CommandText {
  /** Name and arguments, such as `show <source>`. */
  readonly usage: string;
  readonly summary: string;
  /** Lines of help with commands that work. */
  readonly example: string;
}

/** A new subcommand with the options that every command has. */
export function addCommand(parent: Command, { usage, summary, example }: CommandText): Command {
  return parent
    .command(usage)
    .description(summary)
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "print no progress and no notes")
    .option("--verbose", "print more of what happens, and stack traces")
    .addHelpText("after", exampleText(example));
}

/** How help ends. */
export function exampleText(example: string): string {
  return `\nExample:\n${example.replace(/^/gm, "  ")}`;
}

/**
 * The action of a command: opens output and settings, turns signals into an abort signal and errors into
 * text (or with `--json` a document) and an exit code.
 */
export function action<Options>(handler: Handler<Options>) {
  return async (...called: unknown[]): Promise<void> => {
    const command = called.at(-1) as Command; // commander passes the command last, its options before it
    const options = command.optsWithGlobals<Options & Partial<OutputOptions>>();
    const args = called.slice(0, -2).flat() as string[]; // arguments are texts, or lists of them
    const output = openOutput({
      json: options.json ?? false,
      quiet: options.quiet ?? false,
      verbose: options.verbose ?? false,
    });
    const signal = interruption();
    try {
      const folder = process.cwd();
      const file = await readSettingsFile(folder);
      const settings = resolveSettings({ flags: { ...options }, env: process.env, file });
      process.exitCode = (await handler({ output, options, settings, folder, signal }, ...args)) ?? 0;
    } catch (thrown) {
      const error = signal.aborted ? interruptedBy(signal) : toAirCanError(thrown);
      fail(error, output);
    }
  };
}

function interruptedBy(signal: AbortSignal): AirCanError {
  return signal.reason instanceof AirCanError
    ? signal.reason
    : new AirCanError("interrupted", "Interrupted.");
}

/** Aborted by the first SIGINT or SIGTERM. A later one, or too long a wait, ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (name: string): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > echo) process.exit(130);
      return;
    }
    first = performance.now();
    controller.abort(new AirCanError("interrupted", `Interrupted by ${name}; nothing was changed.`));
    setTimeout(() => process.exit(130), grace).unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/** Prints an error where it belongs and sets the exit code. */
export function fail(
  error: AirCanError,
  output: Output,
  document: Readonly<Record<string, unknown>> = {},
): void {
  output.progress("");
  if (output.json) output.result({ error, ...document }, () => "");
  else output.error(errorText(error, output.verbose));
  process.exitCode = exitCodeOf(error);
}
