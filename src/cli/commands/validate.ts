import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Command } from "commander";
import type { Report } from "../../checks/report.ts";
import type { ReportFormName } from "../../checks/report-forms.ts";
import type { ReadingContext } from "../../reading/options.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { fetchingOf } from "../fetching.ts";
import { addReadingOptions, type SourceOptions, wholeNumber } from "../reading-options.ts";
import { reportText } from "../report-text.ts";
import { datastoreOf } from "../source-flow.ts";
import type { ValidationPlan } from "../validation-plan.ts";

/** The options of `aircan validate`. */
export interface ValidateOptions extends SourceOptions, Partial<Readonly<Record<ReportFormName, string>>> {
  readonly schema?: string;
  readonly checks?: string;
  readonly limitErrors?: number;
  readonly limitRows?: number;
}

/** `aircan validate`: what is wrong with files, descriptors and packages. */
export function addValidateCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "validate [sources...]",
      summary: "test files, descriptors and packages, and report each error with its place",
      example: [
        "aircan validate cities.csv",
        "aircan validate prices.csv --schema prices.schema.json --html report.html",
        "aircan validate                 # what aircan.yaml names, or this folder",
      ].join("\n"),
    })
      .option("--schema <file>", "Table Schema that every source is tested by")
      .option("--checks <file>", "checklist (JSON or YAML) with checks, pickErrors and skipErrors")
      .option("--limit-errors <n>", "errors that are listed; all are counted (1000)", wholeNumber(0))
      .option("--limit-rows <n>", "test the first rows only", wholeNumber(0))
      .option("--html <file>", "write the report as a page; - is standard output, here and below")
      .option("--csv <file>", "write the errors as a table")
      .option("--markdown <file>", "write the report as a comment for a pull request")
      .option("--sarif <file>", "write the report as SARIF 2.1.0, for code scanning")
      .option("--junit <file>", "write the report as JUnit XML, for CI systems"),
  ).action(action(validate));
}

/** Exit code 0 if all is valid, 1 if not. */
async function validate(invocation: Invocation<ValidateOptions>, ...sources: string[]): Promise<number> {
  const { output } = invocation;
  const [{ planValidation }, { reportTargets, writeReports }, { advised }] = await Promise.all([
    import("../validation-plan.ts"),
    import("../report-files.ts"),
    import("../../checks/report-advice.ts"),
  ]);
  const plan = await planValidation(invocation, sources);
  const targets = await reportTargets(plan.reports, output.json);
  if (plan.about) output.say(plan.about);
  const report = await reportOf(invocation, plan);
  await writeReports(report, targets);
  if (!targets.some(({ path }) => path === "-"))
    output.result(advised(report), () => reportText(report, output));
  for (const { path } of targets)
    if (path !== "-") output.say(`written: ${relative(invocation.folder, path)}`);
  return report.valid ? 0 : 1;
}

async function reportOf(invocation: Invocation<ValidateOptions>, plan: ValidationPlan): Promise<Report> {
  const [{ validateEntries }, { createDuckDBEngine }, { openProgress }] = await Promise.all([
    import("../../checks/validate-entries.ts"),
    import("../../duckdb/engine.ts"),
    import("../validation-progress.ts"),
  ]);
  const temporaryFolder = await mkdtemp(join(tmpdir(), "aircan-validate-"));
  const engine = createDuckDBEngine();
  const progress = openProgress(invocation.output);
  const context = contextOf(invocation, plan, temporaryFolder);
  try {
    const entries = plan.entries.map(({ source, options }) => ({
      source,
      options: { ...options, engine, context },
    }));
    return await validateEntries(entries, progress.onSource);
  } finally {
    progress.close();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

function contextOf(
  { settings, folder, signal, output, options }: Invocation<ValidateOptions>,
  plan: ValidationPlan,
  temporaryFolder: string,
): ReadingContext {
  return {
    folder: plan.folder,
    trusted: options.trusted ?? plan.trusted,
    allowPrivate: true,
    allowLocal: true,
    temporaryFolder,
    signal,
    datastore: datastoreOf(settings, folder, output),
    ...fetchingOf(settings, folder, output),
  };
}
