import type { Command } from "commander";
import type { Field, Resource } from "../../descriptor/types.ts";
import { cellText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { sayNotes, titleOf } from "../notes.ts";
import type { Output } from "../output.ts";
import { addReadingOptions, type SourceOptions, wholeNumber } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";
import { renderTable } from "../table.ts";

interface ShowOptions extends SourceOptions {
  readonly rows: number;
}

interface Table {
  readonly fields: readonly Pick<Field, "name" | "type">[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** The first table of a source, and the others of one that holds several. */
interface Shown extends Table {
  readonly others?: readonly (Table & { readonly name: string })[];
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
  const texts: string[] = [];
  const { output, options } = invocation;
  for (const source of sources) {
    const { package: found, rows } = await firstRows(invocation, source);
    const tables = found.resources.map((resource) => tableOf(resource, rows, options.rows));
    const [first = { fields: [], rows: [] }, ...others] = tables;
    shown.push({ fields: first.fields, rows: first.rows, ...(others.length > 0 ? { others } : {}) });
    const titles = others.length > 0 ? found.resources.map(titleOf) : sources.length > 1 ? [source] : [];
    texts.push(...[first, ...others].map((table, i) => text(table, titles[i], output)));
  }
  output.result(shown.length === 1 ? shown[0] : shown, () => texts.join("\n\n"));
}

async function firstRows(invocation: Invocation<ShowOptions>, source: string) {
  const flow = await sourceFlow(source, invocation.options);
  const result = await flow.results(flowOptions(invocation, { limitRows: invocation.options.rows }));
  sayNotes(invocation.output, result.package);
  return result;
}

function tableOf({ name, schema }: Resource, rows: Readonly<Record<string, Table["rows"]>>, limit: number) {
  const fields = schema?.fields.map(({ name, type }) => ({ name, type })) ?? [];
  return { name, fields, rows: (rows[name] ?? []).slice(0, limit) };
}

function text({ fields, rows }: Table, title: string | undefined, { width, style }: Output): string {
  const columns = fields.map(({ name, type }) => ({
    title: name,
    subtitle: type,
    right: type === "integer" || type === "number",
  }));
  const cells = rows.map((row) => fields.map(({ name }) => cellText(row[name])));
  const table = renderTable(columns, cells, { width, dim: (line) => style("dim", line) });
  return `${title === undefined ? "" : `${title}\n`}${table}${rows.length === 0 ? "\nno rows" : ""}`;
}
