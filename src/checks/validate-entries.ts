import { resolve } from "node:path";
import type { Resource } from "../descriptor/types.ts";
import { isUrl } from "../reading/open-source.ts";
import { inquiryOf } from "./inquiry.ts";
import { mergeReports } from "./merge-reports.ts";
import type { Report, ReportError } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

/** A source, and how it alone is tested. */
export interface ValidationEntry {
  readonly source: string | Resource;
  readonly options: ValidateOptions;
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
      reports.push(await validateSources([entry.source], entry.options));
    }
  }
  return mergeReports(reports);
}

const placeOf = (source: string | Resource): string =>
  typeof source === "string" ? source : String(source.path ?? source.name);

async function expand(entry: ValidationEntry): Promise<{
  readonly entries: readonly ValidationEntry[];
  readonly errors: readonly ReportError[];
}> {
  const inquiry = await inquiryOf(entry.source, entry.options.context);
  if (inquiry === undefined) return { entries: [entry], errors: [] };
  const { schema, context } = entry.options;
  const isPath = typeof schema === "string" && !isUrl(schema);
  const told = isPath ? { ...entry.options, schema: resolve(context.folder, schema) } : entry.options;
  const entries = inquiry.tasks.map(({ source, ...own }) => ({ source, options: { ...told, ...own } }));
  return { entries, errors: inquiry.errors };
}

function errorReport(errors: readonly ReportError[]): Report {
  const stats = { tasks: 0, errors: errors.length, warnings: 0, seconds: 0 };
  return { valid: false, stats, warnings: [], errors: [...errors], tasks: [] };
}
