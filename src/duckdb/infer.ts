import { DuckDBMapValue, type DuckDBValue } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import { type ClassCounts, cellClasses, chooseField, firstCharacter } from "../reading/infer.ts";
import { validity } from "./cast.ts";
import { query, type Session } from "./session.ts";
import { identifier, text, texts } from "./sql.ts";

export interface InferredField {
  readonly field: Field;
  readonly reason: string;
  readonly counts: ClassCounts;
}

/** Columns that one query looks at; it holds several patterns for each. */
const mostAtOnce = 200;

interface Inferring {
  readonly names: readonly string[];
  readonly missingValues: readonly string[];
}

/**
 * The type of every named column over all rows of a query of texts, in one scan (of a wide table: in
 * several): each cell is put into its class (see `cellClasses`) and the classes are counted.
 */
export async function inferFields(
  session: Session,
  source: string,
  { names, missingValues }: Inferring,
): Promise<InferredField[]> {
  const found: InferredField[] = [];
  for (let from = 0; from < names.length; from += mostAtOnce) {
    const some = names.slice(from, from + mostAtOnce);
    found.push(...(await inferSome(session, source, { names: some, missingValues })));
  }
  return found;
}

async function inferSome(
  session: Session,
  source: string,
  { names, missingValues }: Inferring,
): Promise<InferredField[]> {
  const classes = names.map((name, i) => `${classOf(identifier(name), missingValues)} AS c${i}`);
  const counts = names.map((_, i) => `histogram(c${i})`);
  const [row = []] = await query(
    session,
    `SELECT ${counts.join(", ")} FROM (SELECT ${classes.join(", ")} FROM (${source}))`,
  );
  return names.map((name, i) => {
    const counted = countsOf(row[i] ?? null);
    const { field, reason } = chooseField(counted);
    return { field: { ...field, name } as Field, reason, counts: counted }; // the choice is a field without its name
  });
}

function countsOf(histogram: DuckDBValue): ClassCounts {
  if (!(histogram instanceof DuckDBMapValue)) return {};
  return Object.fromEntries(histogram.entries.map(({ key, value }) => [String(key), Number(value)]));
}

function classOf(cell: string, missingValues: readonly string[]): string {
  const cases = cellClasses.map(({ name, field, pattern }) => {
    const real = ["date", "datetime", "time"].includes(field.type)
      ? ` AND coalesce(${validity(cell, field)}, false)`
      : "";
    return `WHEN regexp_full_match(${cell}, ${text(pattern)})${real} THEN ${text(name)}`;
  });
  const missing = [...new Set(["", ...missingValues])];
  const isWord = `NOT regexp_matches(${cell}, ${text(firstCharacter)})`;
  return `CASE WHEN ${cell} IS NULL OR ${cell} IN (${texts(missing)}) THEN NULL WHEN ${isWord} THEN 'text' ${cases.join(" ")} ELSE 'text' END`;
}
