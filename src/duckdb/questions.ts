import { AirCanError } from "../base/errors.ts";
import type { BadRows, CellQuestion, Cleanness } from "../plan/engine.ts";
import type { ScanRelation } from "../plan/relation.ts";
import type { ClassCounts } from "../reading/infer.ts";
import { cleanSql, verdictsSql } from "./clean.ts";
import { compile } from "./compile.ts";
import { inferFields } from "./infer.ts";
import { prepare } from "./prepare.ts";
import { isPlain } from "./scan.ts";
import { chunks, DataRefused, query } from "./session.ts";
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
    if (isRefused(error)) return "doubtful";
    throw error;
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof DataRefused || (error instanceof AirCanError && error.code === "data-error");

/** With more bad rows than these, it is as good to look at every row. */
const mostBadRows = 1_000_000;

/** The rows that a cast or a check of single rows finds bad; undefined: look at every row. */
export async function findBadRows(state: RunState, question: CellQuestion): Promise<BadRows | undefined> {
  if (!isPlain(question.scan.table)) return undefined;
  const sql = verdictsSql(question, compile(question.scan, state));
  if (sql === null) return undefined;
  const places: number[] = [];
  let rows = 0;
  try {
    for await (const chunk of chunks(state.session, sql)) {
      const passed = chunk.getColumnVector(0);
      for (let i = 0; i < chunk.rowCount; i++, rows++) if (passed.getItem(i) !== true) places.push(rows);
      if (places.length > mostBadRows) return undefined;
    }
    return { places, rows };
  } catch (error) {
    if (isRefused(error)) return undefined;
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
