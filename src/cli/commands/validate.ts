import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Report } from "../../checks/report.ts";
import type { ReportFormName } from "../../checks/report-forms.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { addReadingOptions, readingOptions, type SourceOptions, wholeNumber } from "../reading-options.ts";
import { reportText } from "../report-text.ts";
import { datastoreOf } from "../source-flow.ts";

interface ValidateOptions extends SourceOptions, Partial<Readonly<Record<ReportFormName, string>>> {
  readonly schema?: string;
  readonly checks?: string;
  readonly limitErrors?: number;
  readonly limitRows?: number;
}

/** `aircan validate`: what is wrong with files, descriptors and packages. */
export function addValidateCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "validate <sources...>",
      summary: "test files, descriptors and packages, and report each error with its place",
      example: "aircan validate cities.csv\naircan validate prices.csv --schema prices.schema.json --json",
    })
      .option("--schema <file>", "Table Schema that every source is tested by")
      .option("--checks <file>", "checklist (JSON or YAML) with pickErrors and skipErrors")
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
  const { output, options, folder } = invocation;
  const { reportTargets, writeReports } = await import("../report-files.ts");
  const targets = await reportTargets(options, folder, output.json);
  const report = await reportOf(invocation, sources);
  output.progress("");
  await writeReports(report, targets);
  if (!targets.some(({ path }) => path === "-")) output.result(report, () => reportText(report, output));
  return report.valid ? 0 : 1;
}

async function reportOf(
  { options, folder, settings, signal, output }: Invocation<ValidateOptions>,
  sources: readonly string[],
): Promise<Report> {
  const [{ validateSources }, { readChecklist }, { createDuckDBEngine }] = await Promise.all([
    import("../../checks/validate-sources.ts"),
    import("../../checks/checklist.ts"),
    import("../../duckdb/engine.ts"),
  ]);
  const temporaryFolder = await mkdtemp(join(tmpdir(), "aircan-validate-"));
  output.progress("reading …");
  try {
    return await validateSources(sources, {
      ...readingOptions(options),
      engine: createDuckDBEngine(),
      context: {
        folder,
        trusted: options.trusted ?? false,
        allowPrivate: true,
        allowLocal: true,
        temporaryFolder,
        signal,
        datastore: datastoreOf(settings, folder, output),
      },
      schema: options.schema,
      checklist:
        options.checks === undefined ? undefined : await readChecklist(resolve(folder, options.checks)),
      limitErrors: options.limitErrors,
      limitRows: options.limitRows,
    });
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}
