import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "yaml";
import { AirCanError, messageOf } from "../base/errors.ts";
import { type Checklist, checklistOf, readChecklist } from "../checks/checklist.ts";
import type { ValidateOptions } from "../checks/validate-sources.ts";
import { isJsonObject } from "../descriptor/problem.ts";
import { isUrl } from "../reading/open-source.ts";
import type { ReadingOptions } from "../reading/options.ts";
import type { Invocation } from "./command.ts";
import type { ValidateOptions as CommandOptions } from "./commands/validate.ts";
import { readingOptions } from "./reading-options.ts";
import { type AskedForms, resolveForms } from "./report-files.ts";
import { type FileEntry, findValidationFile, type ValidationFile } from "./validation-file.ts";
import { expanded, type FoundSource, sourcesBelow, sourcesOfFile } from "./validation-sources.ts";

/** How a source is tested: everything but the machinery. */
export type TestOptions = Omit<ValidateOptions, "engine" | "context">;

/** What one call of `aircan validate` does. */
export interface ValidationPlan {
  /** Sources are relative to it. */
  readonly folder: string;
  readonly trusted: boolean;
  readonly entries: readonly { readonly source: string; readonly options: TestOptions }[];
  /** Files of the report in its other forms, as absolute paths or `-`. */
  readonly reports: AskedForms;
  /** Where the sources come from, if the call does not name them. */
  readonly about: string | undefined;
}

/**
 * What to test, and how: the sources of the call; without any, what the section `validate` of the nearest
 * `aircan.yaml` names; without that, the data package of the folder or every table below it.
 *
 * @throws AirCanError `config-error`, `usage-error`, `scheme-error` for a checklist that is not there.
 */
export async function planValidation(
  { options, folder }: Pick<Invocation<CommandOptions>, "options" | "folder">,
  sources: readonly string[],
): Promise<ValidationPlan> {
  if (sources.length === 0) return foundPlan(options, folder);
  const told = await toldOptions(options, folder, folder);
  const entries = sources.flatMap((path) => named(path, folder)).map((source) => ({ source, options: told }));
  return { folder, trusted: false, entries, reports: resolveForms(options, folder), about: undefined };
}

async function foundPlan(options: CommandOptions, folder: string): Promise<ValidationPlan> {
  const file = findValidationFile(folder);
  const inside = file?.folder ?? folder;
  const found = file ? sourcesOfFile(file) : sourcesBelow(folder);
  if (found.length === 0)
    throw new AirCanError("usage-error", `There is no table and no data package below ${inside}.`, {
      hint: "Name what to test, such as `aircan validate cities.csv`.",
    });
  const told = await toldOptions(options, folder, inside);
  const entries = found.map(async ({ source, entry }) => ({
    source,
    options: { ...(await fileOptions(file, entry)), ...told },
  }));
  return {
    folder: inside,
    trusted: file?.trusted ?? false,
    entries: await Promise.all(entries),
    reports: { ...resolveForms(file?.reports ?? {}, inside), ...resolveForms(options, folder) },
    about: aboutText(file, found),
  };
}

/** A pattern that fits nothing is opened as it is, so that the report names it. */
function named(path: string, folder: string): string[] {
  const found = expanded(path, folder);
  return found.length > 0 ? found : [path];
}

function aboutText(file: ValidationFile | undefined, found: readonly FoundSource[]): string {
  const count = `${found.length} ${found.length === 1 ? "source" : "sources"}`;
  if (file) return `testing ${count}, as ${file.path} says`;
  const names = found.slice(0, 8).map(({ source }) => source);
  const more = found.length > names.length ? ` and ${found.length - names.length} more` : "";
  return `testing ${count} below this folder, as no aircan.yaml names any: ${names.join(", ")}${more}`;
}

/** What the command line, called in a folder, says of all sources, which are relative to another one. */
async function toldOptions(options: CommandOptions, folder: string, inside: string): Promise<TestOptions> {
  const { schema, checks, limitErrors, limitRows } = options;
  return {
    ...readingOptions(options),
    ...(schema === undefined
      ? {}
      : { schema: isUrl(schema) || folder === inside ? schema : resolve(folder, schema) }),
    ...(checks === undefined
      ? {}
      : { checklist: await readChecklist(resolve(folder, checks), { allowCode: options.trusted === true }) }),
    ...(limitErrors === undefined ? {} : { limitErrors }),
    ...(limitRows === undefined ? {} : { limitRows }),
  };
}

type FileOptions = Partial<Omit<FileEntry, "path" | "exclude">>;

/** What an `aircan.yaml` says of one of its entries: its own words before those for all. */
async function fileOptions(file: ValidationFile | undefined, entry: FileOptions = {}): Promise<TestOptions> {
  if (file === undefined) return {};
  const said: FileOptions = { ...file, ...entry };
  const { schema, limit_errors: limitErrors, limit_rows: limitRows } = said;
  const checklist = await checklistFrom(file, said.checks, { ...file.severity, ...entry.severity });
  return {
    ...readingOf(said),
    ...(schema === undefined ? {} : { schema }),
    ...(checklist === undefined ? {} : { checklist }),
    ...(limitErrors === undefined ? {} : { limitErrors }),
    ...(limitRows === undefined ? {} : { limitRows }),
  };
}

function readingOf(said: FileOptions): ReadingOptions {
  const { header_rows: rows, missing_values: missingValues, record_path: path, ...rest } = said;
  const { format, encoding, delimiter, quote, comment, types, sheet, range, columns } = rest;
  const { table, member, query, secret } = rest;
  const headerRows = typeof rows === "number" ? [rows] : rows;
  const ofText = { format, encoding, delimiter, quote, headerRows, comment, types, missingValues };
  const told = { ...ofText, sheet, range, columns, table, member, path, query, secret };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

/** The checklist of an entry, written in place or in a file of its own, and the severities beside it. */
async function checklistFrom(
  { path, folder }: ValidationFile,
  checks: FileOptions["checks"],
  severity: Readonly<Record<string, string>>,
): Promise<Checklist | undefined> {
  if (checks === undefined && Object.keys(severity).length === 0) return undefined;
  const place = typeof checks === "string" ? checks : `${path}, \`validate.checks\``;
  const written = typeof checks === "string" ? await readDocument(resolve(folder, checks)) : checks;
  const document = Array.isArray(written) ? { checks: written } : isJsonObject(written) ? written : {};
  const own = isJsonObject(document.severity) ? document.severity : {};
  return checklistOf({ ...document, severity: { ...own, ...severity } }, place);
}

async function readDocument(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new AirCanError("config-error", `The checklist ${path} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
