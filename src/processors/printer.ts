import { z } from "zod";
import { defineProcessor } from "../flow/define.ts";
import { selected, selector } from "../flow/selector.ts";
import { tableText } from "../flow/table-text.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PlannedResource, StagedOutput } from "../plan/package-plan.ts";
import type { Row } from "../plan/relation.ts";

/** Prints the first rows of each resource, with their types, to standard error. */
export const printer = defineProcessor({
  name: "printer",
  title: "Printer",
  summary: "Prints the first rows of each resource with names and types, and how many there are.",
  category: "sink",
  safe: true,
  arguments: ["num_rows"],
  config: z.strictObject({
    num_rows: z.int().min(0).default(10).describe("How many rows."),
    fields: z.array(z.string()).optional().describe("Which fields; all unless told."),
    max_cell_size: z.int().min(1).default(40).describe("Cells are cut after this many characters."),
    print: z
      .custom<(text: string) => void>((value) => typeof value === "function", "a function of a text")
      .optional()
      .describe("Where the text goes; standard error unless told."),
    resources: selector,
  }),
  examples: [
    {
      title: "Rows go on as they are",
      input: { t: [{ a: 1 }] },
      config: { num_rows: 0 },
      output: { t: [{ a: 1 }] },
    },
  ],
  plan: (input, config, { at }) => {
    const chosen = selected(input, config.resources);
    const print = config.print ?? ((text: string) => process.stderr.write(text));
    const stage = (run: EngineRun) => printAll(chosen, run, { ...config, print });
    return {
      ...input,
      sinks: [...input.sinks, { at, input: chosen, summary: `the first ${config.num_rows} rows`, stage }],
    };
  },
});

interface Printing {
  readonly num_rows: number;
  readonly fields?: readonly string[] | undefined;
  readonly max_cell_size: number;
  readonly print: (text: string) => void;
}

async function printAll(
  resources: readonly PlannedResource[],
  run: EngineRun,
  config: Printing,
): Promise<StagedOutput> {
  const texts: string[] = [];
  const counts: Record<string, { rows: number }> = {};
  for (const { descriptor, relation } of resources) {
    const rows: Row[] = [];
    for await (const batch of run.rows(relation, { limit: config.num_rows })) rows.push(...batch);
    const count = await run.count(relation);
    const fields = relation.schema.fields.filter(({ name }) => config.fields?.includes(name) ?? true);
    texts.push(`${descriptor.name} (${count} rows)\n${tableText(fields, rows, config.max_cell_size)}\n`);
    counts[descriptor.name] = { rows: count };
  }
  return { resources: counts, commit: async () => texts.forEach(config.print), discard: async () => {} };
}
