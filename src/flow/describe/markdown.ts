import type { ProcessorDefinition, ProcessorExample } from "../define.ts";
import type { Registry } from "../spec.ts";
import { optionTexts } from "./options.ts";

/** The reference page of all processors, in Markdown. */
export function processorsPage(registry: Registry): string {
  const all = Object.values(registry);
  const list = all.map(({ name, summary }) => `| [${name}](#${name}) | ${escaped(summary)} |`);
  return [
    "# Processors",
    "",
    "Generated from the definitions in `src/processors`; `npm run docs` writes it anew.",
    "",
    "| processor | does |",
    "| --- | --- |",
    ...list,
    "",
    ...all.map(section),
  ].join("\n");
}

function section(definition: ProcessorDefinition): string {
  const options = optionTexts(definition).map(
    ({ name, type, required, standard, description }) =>
      `| \`${name}\` | ${escaped(type)} | ${required ? "required" : escaped(standard)} | ${escaped(description)} |`,
  );
  return [
    `## ${definition.name}`,
    "",
    definition.summary,
    "",
    ...(options.length > 0
      ? ["| option | type | default | |", "| --- | --- | --- | --- |", ...options, ""]
      : []),
    ...definition.examples.map((example) => exampleBlock(definition, example)),
  ].join("\n");
}

function exampleBlock(
  { name }: ProcessorDefinition,
  { title, input, config, output }: ProcessorExample,
): string {
  const result =
    "error" in output && typeof output.error === "string"
      ? `error: ${output.error}`
      : `out: ${JSON.stringify(output)}`;
  return [
    `${title}:`,
    "",
    "```yaml",
    `in: ${JSON.stringify(input)}`,
    `step: { ${name}: ${JSON.stringify(config)} }`,
    result,
    "```",
    "",
  ].join("\n");
}

const escaped = (text: string) => text.replaceAll("|", "\\|");
