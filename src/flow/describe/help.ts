import type { ProcessorDefinition, ProcessorExample } from "../define.ts";
import type { Registry } from "../spec.ts";
import { optionTexts } from "./options.ts";

const width = 78;

/** All processors, one line each, by category. */
export function processorsHelp(registry: Registry): string {
  const all = Object.values(registry);
  const categories = [...new Set(all.map(({ category }) => category))];
  const longest = Math.max(...all.map(({ name }) => name.length));
  return categories
    .map((category) => {
      const lines = all
        .filter((definition) => definition.category === category)
        .map(({ name, summary }) => `  ${name.padEnd(longest)}  ${folded(summary, longest + 4)}`);
      return `${category}\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

/** What one processor does, its options and examples, for a terminal of 80 columns. */
export function processorHelp(definition: ProcessorDefinition): string {
  const options = optionTexts(definition).map(({ name, type, required, standard, description }) => {
    const facts = [type, required ? "required" : standard && `default ${standard}`]
      .filter(Boolean)
      .join(", ");
    return `  ${name}  (${facts})\n      ${folded(description, 6)}`;
  });
  const examples = definition.examples.map(
    (example) => `  ${example.title}\n${exampleText(definition, example)}`,
  );
  return [
    `${definition.name}: ${folded(definition.summary, 2)}`,
    `Options\n${options.join("\n") || "  none"}`,
    ...(examples.length > 0 ? [`Examples\n${examples.join("\n\n")}`] : []),
  ].join("\n\n");
}

function exampleText({ name }: ProcessorDefinition, { input, config, output }: ProcessorExample): string {
  const result =
    "error" in output && typeof output.error === "string" ? `error ${output.error}` : JSON.stringify(output);
  return [
    `    in    ${JSON.stringify(input)}`,
    `    step  - ${name}: ${JSON.stringify(config)}`,
    `    out   ${result}`,
  ].join("\n");
}

/** Words on lines that fit, the later ones indented. */
function folded(text: string, indent: number): string {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > width - indent) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
