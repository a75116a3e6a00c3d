import type { Command } from "commander";
import type { Guess, Package, Resource } from "../../descriptor/types.ts";
import type { Statistics } from "../../plan/engine.ts";
import { bytesText, cellText, countText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { sayNotes } from "../notes.ts";
import type { Output } from "../output.ts";
import { addReadingOptions, type SourceOptions } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";
import { renderTable } from "../table.ts";

interface DescribeOptions extends SourceOptions {
  readonly stats?: boolean;
}

/** `aircan describe`: the descriptor of a source, found over the whole file. */
export function addDescribeCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "describe <sources...>",
      summary: "infer and print a descriptor: encoding, dialect, schema, and why",
      example: "aircan describe cities.csv\naircan describe cities.csv --json --stats > resource.json",
    }).option("--stats", "add count, nulls, distinct, min, max and mean of each field"),
  ).action(action(describe));
}

async function describe(invocation: Invocation<DescribeOptions>, ...sources: string[]): Promise<undefined> {
  const packages: Package[] = [];
  for (const source of sources) packages.push(await described(invocation, source));
  const resources = packages.flatMap((each) => each.resources);
  const [only] = packages;
  const lone = packages.length === 1 && only && isLone(only) ? only.resources[0] : undefined;
  const document = lone ?? (packages.length === 1 ? only : { resources });
  const { output } = invocation;
  output.result(document, () => resources.map((resource) => text(resource, output)).join("\n\n"));
}

/** A file that was described by itself, not through a package's descriptor. */
const isLone = (described: Package): boolean =>
  described.resources.length === 1 && Object.keys(described).every((key) => key === "resources");

async function described(invocation: Invocation<DescribeOptions>, source: string): Promise<Package> {
  const { options } = invocation;
  const flow = await sourceFlow(source, options);
  const how = flowOptions(invocation, { onError: options.onError ?? "drop" });
  const { package: found } = await flow.run(how);
  sayNotes(invocation.output, found);
  const stats = options.stats ? await flow.statistics(how) : undefined;
  return {
    ...found,
    resources: found.resources
      .filter(({ name }) => name !== "errors")
      .map((resource) => ({
        ...resource,
        aircan: { ...resource.aircan, ...(stats ? { stats: stats[resource.name] } : {}) },
      })),
  };
}

function text(resource: Resource, output: Output): string {
  const { width, style } = output;
  const dim = (line: string): string => style("dim", line);
  const { stats, guesses = [] } = resource.aircan ?? {};
  const facts = [
    resource.format,
    resource.encoding,
    resource.compression,
    resource.bytes === undefined ? undefined : bytesText(resource.bytes),
    resource.rows === undefined ? undefined : `${countText(resource.rows)} rows`,
  ].filter((fact) => fact !== undefined);
  return [
    `${style("bold", String(resource.path ?? resource.name))}: ${facts.join(", ")}`,
    ...dialectLines(guesses, width).map(dim),
    "",
    fieldTable(resource, { width, dim }),
    ...(stats ? ["", statsTable(stats as Statistics, { width, dim })] : []), // put there by `described`
  ].join("\n");
}

function dialectLines(guesses: readonly Guess[], width: number): string[] {
  return guesses
    .filter(({ property }) => !property.startsWith("schema."))
    .map(({ property, value, confidence, reason }) =>
      `${property}: ${JSON.stringify(value)} (${percent(confidence)}, ${reason})`.slice(0, width),
    );
}

interface Look {
  readonly width: number;
  readonly dim: (text: string) => string;
}

function fieldTable({ schema, aircan }: Resource, look: Look): string {
  const guesses = new Map(aircan?.guesses?.map((guess) => [guess.property, guess]));
  const rows = (schema?.fields ?? []).map(({ name, type, format }) => {
    const guess = guesses.get(`schema.fields.${name}.type`);
    return [
      name,
      format ? `${type} ${format}` : type,
      guess ? percent(guess.confidence) : "",
      guess?.reason ?? "",
    ];
  });
  return renderTable(
    [{ title: "field" }, { title: "type" }, { title: "sure", right: true }, { title: "why" }],
    rows,
    look,
  );
}

function statsTable({ fields }: Statistics, look: Look): string {
  const columns = ["field", "count", "nulls", "distinct", "min", "max", "mean"];
  const rows = Object.entries(fields).map(([name, field]) => [
    name,
    countText(field.count),
    countText(field.nulls),
    countText(field.distinct),
    cellText(field.min),
    cellText(field.max),
    field.mean === null ? "" : String(Number(field.mean.toPrecision(6))),
  ]);
  return renderTable(
    columns.map((title, i) => ({ title, right: i > 0 })),
    rows,
    look,
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
