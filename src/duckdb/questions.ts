import type { Relation, ScanRelation } from "../plan/relation.ts";
import type { ClassCounts } from "../reading/infer.ts";
import { compile } from "./compile.ts";
import { inferFields } from "./infer.ts";
import { scanAll } from "./output.ts";
import { prepare } from "./prepare.ts";
import { isPlain } from "./scan.ts";
import { DataRefused } from "./session.ts";
import { spoolFile } from "./spool.ts";
import { type RunState, relationsOf } from "./state.ts";

/** True if no cast and no check of single rows finds anything. It reads all, and does not look for what it was. */
export async function isClean(state: RunState, relation: Relation): Promise<boolean> {
  const all = relationsOf(relation);
  await prepare(
    state,
    all.filter(({ kind }) => kind === "scan"),
  );
  try {
    await scanAll(state, relation);
    return true;
  } catch (error) {
    if (error instanceof DataRefused) return false;
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
