import { AirCanError } from "../base/errors.ts";
import type { CellQuestion, Cleanness } from "../plan/engine.ts";
import type { ScanRelation } from "../plan/relation.ts";
import type { ClassCounts } from "../reading/infer.ts";
import { cleanSql } from "./clean.ts";
import { compile } from "./compile.ts";
import { inferFields } from "./infer.ts";
import { prepare } from "./prepare.ts";
import { isPlain } from "./scan.ts";
import { DataRefused, query } from "./session.ts";
import { spoolFile } from "./spool.ts";
import type { RunState } from "./state.ts";

/**
 * Whether a cast or a check of single rows finds anything, and whether keys repeat. It reads no further than
 * to the first finding, and does not look for what it was.
 */
export async function lookForErrors(state: RunState, question: CellQuestion): Promise<Cleanness> {
  try {
    await prepare(state, [question.scan]);
    const sql = cleanSql(question, compile(question.scan, state));
    if (sql === null) return "doubtful";
    const [counts = []] = await query(state.session, sql);
    const repeats = question.keys.some((_, i) => counts[2 * i] !== counts[2 * i + 1]);
    return repeats ? "keys repeat" : "clean";
  } catch (error) {
    const isRefused =
      error instanceof DataRefused || (error instanceof AirCanError && error.code === "data-error");
    if (isRefused) return "doubtful";
    throw error;
  }
}

/**
 * How many cells of each class the columns of a text file have. A file that DuckDB cannot read as it is
 * goes through the tokenizer, which leaves broken records out.
 */
export async function countClasses(
  state: RunState,
  scan: ScanRelation,
  missingValues: readonly string[],
): Promise<readonly ClassCounts[]> {
  const names = scan.schema.fields.map(({ name }) => name);
  const guesses = scan.table.resource.schema?.fields ?? [];
  const count = () => inferFields(state.session, compile(scan, state).sql, { names, missingValues, guesses });
  if (!isPlain(scan.table)) await spoolFile(state, scan.table);
  const fields = await count().catch(async (error: unknown) => {
    if (!(error instanceof DataRefused)) throw error;
    await spoolFile(state, scan.table);
    return count();
  });
  return fields.map(({ counts }) => counts);
}
