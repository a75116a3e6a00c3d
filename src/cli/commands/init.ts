import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { AirCanError } from "../../base/errors.ts";
import type { Field } from "../../descriptor/types.ts";
import { cellText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { readFlowFile } from "../flow-file.ts";
import { addReadingOptions, type SourceOptions } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";
import { renderTable } from "../table.ts";

interface InitOptions extends SourceOptions {
  readonly dir: string;
}

const shownRows = 5;
const helloCsv = "city,country,people\nOslo,Norway,709037\nBergen,Norway,289330\nReykjavík,Iceland,139875\n";

/** `aircan init`: a small flow program for a source, written and run. */
export function addInitCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "init [source]",
      summary: "write a small flow program for a file or URL, and run it",
      example: "aircan init cities.csv\naircan init https://example.org/cities.csv --dir cities",
    }).option("--dir <folder>", "where the program goes", "."),
  ).action(action(init));
}

async function init(invocation: Invocation<InitOptions>, told?: string): Promise<undefined> {
  const { options, output } = invocation;
  await mkdir(options.dir, { recursive: true });
  const source = told ?? (await ask()) ?? (await hello(options.dir));
  const { name, fields } = await look(invocation, source);
  const file = join(options.dir, `${name}.flow.ts`);
  if (existsSync(file))
    throw new AirCanError("conflict", `${file} is there already.`, {
      hint: "Remove it, or choose another folder with `--dir`.",
    });
  const isUrl = /^[a-z]+:\/\//i.test(source);
  const from = isUrl ? source : relative(resolve(options.dir), resolve(source));
  await writeFile(`${file}.tmp`, program({ from, name, fields }));
  await rename(`${file}.tmp`, file);
  const [flow] = (await readFlowFile(file, {})).flows;
  const result = await flow?.flow.results(flowOptions(invocation, { folder: resolve(options.dir) }));
  const rows = result?.rows[name] ?? [];
  output.result({ file, package: result?.package, stats: result?.stats }, () =>
    [
      renderTable(
        fields.map(({ name, type }) => ({ title: name, subtitle: type })),
        rows.slice(0, shownRows).map((row) => fields.map((field) => cellText(row[field.name]))),
        { width: output.width, dim: (line) => output.style("dim", line) },
      ),
      `\n${rows.length} rows written to ${join(options.dir, "out", name)}. The program is ${file}; run it again with:\n  aircan run ${file}`,
    ].join("\n"),
  );
}

async function ask(): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("A file or URL to look at (empty for a small example): ");
  terminal.close();
  return answer.trim() || undefined;
}

/** Writes the small example and gives its path. */
async function hello(folder: string): Promise<string> {
  const path = join(folder, "cities.csv");
  if (!existsSync(path)) await writeFile(path, helloCsv);
  return path;
}

async function look(
  invocation: Invocation<InitOptions>,
  source: string,
): Promise<{ readonly name: string; readonly fields: readonly Field[] }> {
  const flow = await sourceFlow(source, invocation.options);
  const [resource] = (await flow.run(flowOptions(invocation))).package.resources;
  return { name: resource?.name ?? "data", fields: resource?.schema?.fields ?? [] };
}

interface Program {
  readonly from: string;
  readonly name: string;
  readonly fields: readonly Field[];
}

/** The text of the program: what was guessed stands written out, to be corrected by hand. */
function program({ from, name, fields }: Program): string {
  const typed = fields.map(({ name: field, type, format }) => {
    const options = format ? `, { format: ${JSON.stringify(format)} }` : "";
    return `  setType(${JSON.stringify(field)}, ${JSON.stringify(type)}${options}),`;
  });
  return [
    `import { dumpToPath, flow, load${typed.length > 0 ? ", setType" : ""} } from "aircan";`,
    "",
    "export default flow(",
    `  load(${JSON.stringify(from)}, { name: ${JSON.stringify(name)} }),`,
    ...typed,
    `  dumpToPath(${JSON.stringify(`out/${name}`)}),`,
    ");",
    "",
  ].join("\n");
}
