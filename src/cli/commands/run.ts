import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import type { Package } from "../../descriptor/types.ts";
import type { FlowOptions, FlowResult } from "../../flow/flow.ts";
import type { RowError } from "../../plan/relation.ts";
import { bytesText, countText, secondsText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { findingText } from "../error-text.ts";
import { sayNotes } from "../notes.ts";
import type { Output } from "../output.ts";
import { parameter } from "../parameter.ts";
import { addReadingOptions, type SourceOptions, wholeNumber } from "../reading-options.ts";
import { flowOptions } from "../source-flow.ts";
import { renderTable } from "../table.ts";

interface RunOptions extends SourceOptions {
  readonly param: Readonly<Record<string, string>>;
  readonly limitRows?: number;
  readonly explain?: boolean;
}

interface RunDocument {
  readonly package: Package;
  readonly stats: FlowResult["stats"];
  readonly errors: readonly RowError[];
}

const listed = 10;

/** `aircan run`: a flow or DAG file, in this process. */
export function addRunCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "run <file>",
      summary: "run a flow or DAG file: .ts, .js, .yaml, .json",
      example: "aircan run cities.yaml\naircan run prices.ts -p day=2026-11-21 --on-error report",
    })
      .option("-p, --param <key=value>", "a parameter of the flow; may be repeated", parameter, {})
      .option("--limit-rows <n>", "only the first rows of each source", wholeNumber(0))
      .option("--explain", "print the plan and its SQL, run nothing"),
  ).action(action(run));
}

async function run(invocation: Invocation<RunOptions>, file = ""): Promise<undefined> {
  const { options, output } = invocation;
  const { readFlowFile } = await import("../flow-file.ts");
  const { flows } = await readFlowFile(file, options.param);
  const how = flowOptions(invocation, {
    folder: dirname(resolve(file)),
    params: options.param,
    ...(options.limitRows === undefined ? {} : { limitRows: options.limitRows }),
  });
  if (options.explain) return explain(flows, how, output);
  const results: FlowResult[] = [];
  for (const { flow } of flows) results.push(await flow.run(how));
  const document = merged(results);
  sayNotes(output, document.package);
  output.result(document, () => text(document, output));
}

type Flows = Awaited<ReturnType<typeof import("../flow-file.ts").readFlowFile>>["flows"];

async function explain(flows: Flows, how: FlowOptions, output: Output): Promise<undefined> {
  const texts: string[] = [];
  for (const { flow } of flows) texts.push(await flow.explain(how));
  output.result({ explain: texts.length === 1 ? texts[0] : texts }, () => texts.join("\n\n"));
}

/** One result of several flows; later resources of the same name stand for earlier ones. */
function merged(results: readonly FlowResult[]): RunDocument {
  const [only] = results;
  if (only && results.length === 1) return { package: only.package, stats: only.stats, errors: only.errors };
  const sum = (key: "rows" | "bytes" | "seconds") =>
    results.reduce((total, { stats }) => total + stats[key], 0);
  return {
    package: { resources: results.flatMap((result) => result.package.resources) },
    stats: {
      rows: sum("rows"),
      bytes: sum("bytes"),
      seconds: sum("seconds"),
      resources: Object.assign({}, ...results.map(({ stats }) => stats.resources)),
    },
    errors: results.flatMap(({ errors }) => errors),
  };
}

function text({ stats, errors }: RunDocument, { width, style }: Output): string {
  const columns = [
    { title: "resource" },
    { title: "rows", right: true },
    { title: "bytes", right: true },
    { title: "errors", right: true },
  ];
  const rows = Object.entries(stats.resources).map(([name, resource]) => [
    name,
    countText(resource.rows),
    resource.bytes === 0 ? "" : bytesText(resource.bytes),
    countText(resource.errors),
  ]);
  const more = errors.length > listed ? [`… and ${countText(errors.length - listed)} more`] : [];
  return [
    renderTable(columns, rows, { width, dim: (line) => style("dim", line) }),
    ...errors.slice(0, listed).map((error) => `${error.resource}: ${findingText(error)}`),
    ...more,
    `done in ${secondsText(stats.seconds)}`,
  ].join("\n");
}
