import { AirCanError } from "../base/errors.ts";
import type { ProcessorDefinition, ProcessorExample } from "../flow/define.ts";
import { createFlow } from "../flow/flow.ts";
import { makeStep } from "../flow/step.ts";
import { engine } from "../index.ts";
import type { Row } from "../plan/relation.ts";
import { rowFunction } from "../processors/row-function.ts";
import { sources } from "../processors/sources.ts";

/** What came of an example: its tables as JSON has them, or the code of the error. */
export type ExampleOutcome = Readonly<Record<string, readonly Row[]>> | { readonly error: string };

/**
 * Runs a processor on the tables of one of its examples; for tests of processors, own ones too:
 * `expect(await runExample(mine, example)).toEqual(example.output)`.
 */
export async function runExample(
  definition: ProcessorDefinition,
  example: ProcessorExample,
): Promise<ExampleOutcome> {
  const tables = Object.entries(example.input).map(([name, rows]) =>
    makeStep(sources, { sources: [rows], name }),
  );
  try {
    const items = [...tables, makeStep(definition, example.config)];
    const { rows } = await createFlow(items, { engine, implicit: { sources, rowFunction } }).results();
    return JSON.parse(JSON.stringify(rows)) as Record<string, Row[]>; // plain data, as JSON writes it
  } catch (error) {
    if (error instanceof AirCanError) return { error: error.code };
    throw error;
  }
}
