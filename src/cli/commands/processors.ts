import type { Command } from "commander";
import { AirCanError } from "../../base/errors.ts";
import type { ProcessorDefinition } from "../../flow/define.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { renderTable } from "../table.ts";

/** `aircan processors`: what there is, and one processor in full, from the definitions. */
export function addProcessorsCommand(program: Command): void {
  addCommand(program, {
    usage: "processors [name]",
    summary: "list the processors, or describe one",
    example: "aircan processors\naircan processors filter_rows",
  }).action(action(list));
}

async function list({ output }: Invocation<object>, name?: string): Promise<undefined> {
  const { processors } = await import("../../index.ts");
  if (name !== undefined) {
    const documented = await describe(find(processors, name));
    output.result(documented, () => text(documented, output.width));
    return;
  }
  const all = Object.values(processors).map(({ name, title, summary, category }) => ({
    name,
    title,
    summary,
    category,
  }));
  output.result(all, () =>
    renderTable(
      [{ title: "processor" }, { title: "kind" }, { title: "summary" }],
      all.map(({ name, category, summary }) => [name, category, summary]),
      { width: output.width, widest: 200 },
    ),
  );
}

function find(processors: Readonly<Record<string, ProcessorDefinition>>, name: string): ProcessorDefinition {
  const found = processors[name];
  if (found) return found;
  throw new AirCanError(
    "unknown-processor",
    `There is no processor "${name}"; known are ${Object.keys(processors).join(", ")}.`,
  );
}

interface Documented
  extends Pick<ProcessorDefinition, "name" | "title" | "summary" | "category" | "examples"> {
  readonly arguments: readonly string[];
  /** JSON Schema of the configuration. */
  readonly config: OptionsSchema;
}

interface OptionsSchema {
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

interface OptionSchema {
  readonly description?: string;
  readonly default?: unknown;
}

async function describe({
  config,
  name,
  title,
  summary,
  category,
  examples,
  ...rest
}: ProcessorDefinition): Promise<Documented> {
  const { z } = await import("zod");
  const schema = z.toJSONSchema(config, { io: "input", unrepresentable: "any" }) as OptionsSchema; // a JSON Schema of an object
  return { name, title, summary, category, arguments: rest.arguments, config: schema, examples };
}

function text({ name, summary, config, examples }: Documented, width: number): string {
  const rows = Object.entries(config.properties ?? {}).map(
    ([option, { description = "", default: fallback }]) => [
      option,
      config.required?.includes(option) ? "required" : fallback === undefined ? "" : JSON.stringify(fallback),
      description,
    ],
  );
  const shown = examples.map(
    ({ title, input, config: given, output }) =>
      `${title}:\n  in   ${JSON.stringify(input)}\n  - ${name}: ${JSON.stringify(given)}\n  out  ${JSON.stringify(output)}`,
  );
  const options = [{ title: "option" }, { title: "default" }, { title: "meaning" }];
  return [
    `${name}: ${summary}`,
    "",
    renderTable(options, rows, { width, widest: 200 }),
    ...shown.map((each) => `\n${each}`),
  ].join("\n");
}
