import type { Command } from "commander";
import type { Field } from "../../descriptor/types.ts";
import { cellText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { sayNotes } from "../notes.ts";
import type { Output } from "../output.ts";
import { addReadingOptions, type SourceOptions, wholeNumber } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";
import { renderTable } from "../table.ts";

interface ShowOptions extends SourceOptions {
  readonly rows: number;
}

interface Shown {
  readonly fields: readonly Pick<Field, "name" | "type">[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** `aircan show`: the first rows of a source as a table with types. */
export function addShowCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "show <sources...>",
      summary: "print the first rows of a source with their types",
      example: "aircan show cities.csv\naircan show --rows 3 https://example.org/cities.csv",
    }).option("--rows <n>", "how many rows", wholeNumber(0), 10),
  ).action(action(show));
}

async function show(invocation: Invocation<ShowOptions>, ...sources: string[]): Promise<undefined> {
  const shown: Shown[] = [];
  for (const source of sources) shown.push(await firstRows(invocation, source));
  const { output } = invocation;
  output.result(shown.length === 1 ? shown[0] : shown, () =>
    shown.map((each, i) => text(each, sources.length > 1 ? sources[i] : undefined, output)).join("\n\n"),
  );
}

async function firstRows(invocation: Invocation<ShowOptions>, source: string): Promise<Shown> {
  const limitRows = invocation.options.rows;
  const flow = await sourceFlow(source, invocation.options);
  const result = await flow.results(flowOptions(invocation, { limitRows }));
  sayNotes(invocation.output, result.package);
  const [resource] = result.package.resources;
  const fields = resource?.schema?.fields.map(({ name, type }) => ({ name, type })) ?? [];
  return { fields, rows: (result.rows[resource?.name ?? ""] ?? []).slice(0, limitRows) };
}

function text({ fields, rows }: Shown, title: string | undefined, { width, style }: Output): string {
  const columns = fields.map(({ name, type }) => ({
    title: name,
    subtitle: type,
    right: type === "integer" || type === "number",
  }));
  const cells = rows.map((row) => fields.map(({ name }) => cellText(row[name])));
  const table = renderTable(columns, cells, { width, dim: (line) => style("dim", line) });
  return `${title === undefined ? "" : `${title}\n`}${table}${rows.length === 0 ? "\nno rows" : ""}`;
}
