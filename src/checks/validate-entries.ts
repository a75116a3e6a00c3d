import { dirname, relative, resolve } from "node:path";
import type { Resource } from "../descriptor/types.ts";
import { isUrl } from "../reading/open-source.ts";
import { descriptorOf } from "../reading/read-descriptor.ts";
import { inquiryOf } from "./inquiry.ts";
import { mergeReports } from "./merge-reports.ts";
import type { Report, ReportError } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

/** A source, and how it alone is tested. */
export interface ValidationEntry {
  readonly source: string | Resource;
  readonly options: ValidateOptions;
}

interface RootedEntry extends ValidationEntry {
  /** The folder in which all was called, for an entry of an inquiry elsewhere. */
  readonly root?: string;
}

/** Called before each source: its place in the list from 0, and how many there are. */
export type OnSource = (source: string, done: number, total: number) => void;

/**
 * Tests sources that each have their own options, in the order given, and reports on all of them. A source
 * that is an inquiry adds its tasks.
 *
 * @throws AirCanError `interrupted`, `config-error` for a checklist that is not valid.
 */
export async function validateEntries(
  entries: readonly ValidationEntry[],
  onSource: OnSource = () => {},
): Promise<Report> {
  const expanded = await Promise.all(entries.map(expand));
  const reports: Report[] = [];
  const all = expanded.flatMap(({ entries, errors }) => [
    ...(errors.length > 0 ? [errorReport(errors)] : []),
    ...entries,
  ]);
  for (const [done, entry] of all.entries()) {
    if ("valid" in entry) reports.push(entry);
    else {
      onSource(placeOf(entry.source), done, all.length);
      const report = await validateSources([entry.source], entry.options);
      reports.push(inFolder(report, folderOf(entry)));
    }
  }
  return mergeReports(reports);
}

/** The folder of a descriptor or an inquiry, relative to the one in which all was called; empty if they are one. */
function folderOf({ source, options: { context }, root = context.folder }: RootedEntry): string {
  const descriptor = typeof source === "string" && !isUrl(source) ? descriptorOf(source, context) : undefined;
  return relative(root, resolve(context.folder, descriptor === undefined ? "" : dirname(descriptor)));
}

function inFolder(report: Report, folder: string): Report {
  return folder === "" ? report : { ...report, tasks: report.tasks.map((task) => ({ ...task, folder })) };
}

const placeOf = (source: string | Resource): string =>
  typeof source === "string" ? source : String(source.path ?? source.name);

async function expand(entry: ValidationEntry): Promise<{
  readonly entries: readonly RootedEntry[];
  readonly errors: readonly ReportError[];
}> {
  const inquiry = await inquiryOf(entry.source, entry.options.context);
  if (inquiry === undefined) return { entries: [entry], errors: [] };
  const { schema, context } = entry.options;
  const isPath = typeof schema === "string" && !isUrl(schema);
  const told = isPath ? { ...entry.options, schema: resolve(context.folder, schema) } : entry.options;
  const entries = inquiry.tasks.map(({ source, ...own }) => ({
    source,
    options: { ...told, ...own },
    root: context.folder,
  }));
  return { entries, errors: inquiry.errors };
}

function errorReport(errors: readonly ReportError[]): Report {
  const stats = { tasks: 0, errors: errors.length, warnings: 0, seconds: 0 };
  return { valid: false, stats, warnings: [], errors: [...errors], tasks: [] };
}
