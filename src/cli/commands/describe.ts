import type { Command } from "commander";
import { withMissingLabels } from "../../descriptor/missing-values.ts";
import { isJsonObject } from "../../descriptor/problem.ts";
import type { Change, Field, Guess, Package, Resource, TypeCandidate } from "../../descriptor/types.ts";
import type { Statistics } from "../../plan/engine.ts";
import { bytesText, countText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { sayNotes, titleOf } from "../notes.ts";
import type { Output } from "../output.ts";
import { addReadingOptions, type SourceOptions } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";
import { statisticsText } from "../statistics-text.ts";
import { renderTable, textWidth } from "../table.ts";

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
    }).option(
      "--stats",
      "add what each field holds: counts, extremes, mean, quantiles, top values, histogram",
    ),
  ).action(action(describe));
}

async function describe(invocation: Invocation<DescribeOptions>, ...sources: string[]): Promise<undefined> {
  const packages: Package[] = [];
  for (const source of sources) packages.push(await described(invocation, source));
  const resources = packages.flatMap((each) => each.resources);
  const [only] = packages;
  const lone = packages.length === 1 && only && isLone(only) ? only.resources[0] : undefined;
  const labelled = resources.map(withMissingLabels);
  const document = lone ? labelled[0] : { ...(packages.length === 1 ? only : {}), resources: labelled };
  const { output } = invocation;
  const ofPackages = packages.flatMap(({ aircan }) => changeLines(changesOf(aircan), output));
  output.result(document, () =>
    [resources.map((resource) => text(resource, output)).join("\n\n"), ...ofPackages].join("\n"),
  );
}

/** What of a package was in an older form. */
function changesOf(aircan: unknown): readonly Change[] {
  const { changes } = isJsonObject(aircan) ? aircan : {};
  const told: readonly Change[] = Array.isArray(changes) ? changes : [];
  return told.map(({ pointer, text }) => ({ pointer: `package ${pointer}`, text }));
}

/** A file that was described by itself, not through a package's descriptor. */
const isLone = (described: Package): boolean =>
  described.resources.length === 1 && Object.keys(described).every((key) => key === "resources");

async function described(invocation: Invocation<DescribeOptions>, source: string): Promise<Package> {
  const { options } = invocation;
  const flow = await sourceFlow(source, options);
  const how = flowOptions(invocation, { onError: options.onError ?? "drop" });
  const found = await flow.describe({ ...how, statistics: options.stats ?? false });
  sayNotes(invocation.output, found);
  return found;
}

function text(resource: Resource, output: Output): string {
  const { width, style } = output;
  const look = { width, dim: (line: string): string => style("dim", line) };
  const { stats, guesses = [], suggestions = [], changes = [] } = resource.aircan ?? {};
  const facts = [
    resource.format,
    resource.encoding,
    resource.compression,
    resource.bytes === undefined ? undefined : bytesText(resource.bytes),
    resource.rows === undefined ? undefined : `${countText(resource.rows)} rows`,
  ].filter((fact) => fact !== undefined);
  return [
    `${style("bold", titleOf(resource))}: ${facts.join(", ")}`,
    ...dialectLines(guesses, width).map(look.dim),
    "",
    fieldTable(resource, look),
    ...doubtLines(guesses, look),
    ...suggestionLines(suggestions, look),
    ...changeLines(changes, look),
    ...(stats ? ["", statisticsText(stats as Statistics, look)] : []), // put there by the flow
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
  const rows = (schema?.fields ?? []).map((field) => {
    const guess = guesses.get(`schema.fields.${field.name}.type`);
    return [
      field.name,
      typeText(field),
      guess ? percent(guess.confidence) : "",
      (guess?.reason ?? "").replace(/^every cell reads as [^;]*(; )?/, ""),
    ];
  });
  return renderTable(
    [{ title: "field" }, { title: "type" }, { title: "sure", right: true }, { title: "why" }],
    rows,
    { ...look, widest: look.width },
  );
}

/** A type with what it needs to read its cells: `number 1.234,5 in €`. */
function typeText({ type, format, decimalChar, groupChar, unit }: Field): string {
  const example = `1${groupChar ?? ""}234${decimalChar ?? "."}5`.slice(
    0,
    type === "integer" ? -2 : undefined,
  );
  return [
    type,
    format,
    decimalChar !== undefined || groupChar !== undefined ? example : undefined,
    unit === undefined ? undefined : `in ${String(unit)}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** Cells that speak against a narrower type, with the rows where they stand. */
function doubtLines(guesses: readonly Guess[], { width }: Look): string[] {
  const lines = guesses.flatMap(({ property, candidates = [], against = [] }) => {
    const [best] = candidates;
    if (best === undefined || against.length === 0) return [];
    const name = property.slice("schema.fields.".length, -".type".length);
    const cells = against.map(({ row, cell }) => `"${cell}" in row ${row}`).join(", ");
    const share = `${Math.floor(best.share * 1000) / 10} %`;
    return wrapped(
      `${name} would be ${candidateText(best)} (${share} of the cells), but for: ${cells}`,
      width,
    );
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

const candidateText = ({ share: _, doubt: __, ...field }: TypeCandidate) => typeText({ name: "", ...field });

function suggestionLines(suggestions: readonly Guess[], { width }: Look): string[] {
  const lines = suggestions.flatMap(({ property, value, reason }) =>
    wrapped(`suggested ${property.replace(/^schema\./, "")}: ${JSON.stringify(value)}, as ${reason}`, width),
  );
  return lines.length === 0 ? [] : ["", ...lines];
}

/** How a descriptor of an older version was read. */
function changeLines(changes: readonly Change[], { width }: Pick<Look, "width">): string[] {
  const lines = changes.flatMap(({ pointer, text }) => wrapped(`${pointer}: ${text}`, width));
  return lines.length === 0 ? [] : ["", ...lines];
}

/** A text in lines of the width; those after the first are indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines;
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`;
