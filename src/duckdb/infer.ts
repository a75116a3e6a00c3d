import { DuckDBMapValue, type DuckDBValue } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import type { ClassFamily } from "../reading/cell-class.ts";
import { type ClassCounts, chooseField } from "../reading/infer.ts";
import {
  families,
  firstLook,
  numberFamily,
  unitLed,
  unitTrailed,
  wordsForNothing,
} from "../reading/infer-classes.ts";
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
 * several): each cell is put into its class (see `cellClass`) and the classes are counted.
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

/** The class of a cell, as `cellClass` says. */
function classOf(cell: string, missingValues: readonly string[]): string {
  const missing = [...new Set(["", ...missingValues])];
  const kinds = families.map(
    (family) => `WHEN ${fullMatch(cell, family.guard)} THEN ${inFamily(cell, family)}`,
  );
  return `CASE WHEN ${cell} IS NULL OR ${cell} IN (${texts(missing)}) THEN NULL
    WHEN NOT regexp_matches(${cell}, ${text(firstLook)}) THEN 'text'
    WHEN ${fullMatch(cell, usualInteger)} THEN 'integer'
    ELSE coalesce(CASE ${kinds.join(" ")} END, ${outsideFamilies(cell)}) END`;
}

const fullMatch = (cell: string, pattern: string) => `regexp_full_match(${cell}, ${text(pattern)})`;

/** Most whole numbers, which need no closer look. */
const usualInteger = "-?(?:[2-9]|[1-9][0-9]{1,2}|[1-9][0-9]{4,6})";

/** Null for a cell of no class. */
function inFamily(cell: string, { classes }: ClassFamily): string {
  const cases = classes.map(({ name, pattern, field }) => {
    const isReal = field === undefined ? "true" : `coalesce(${validity(cell, field)}, false)`;
    const found = isReal === "true" ? text(name) : `CASE WHEN ${isReal} THEN ${text(name)} ELSE 'text' END`;
    return `WHEN ${fullMatch(cell, pattern)} THEN ${found}`;
  });
  return `CASE ${cases.join(" ")} END`;
}

/** A word for nothing, or a number with its unit. */
function outsideFamilies(cell: string): string {
  const part = (pattern: string, group: number) => `regexp_extract(${cell}, ${text(pattern)}, ${group})`;
  const withUnit = (unit: string, digits: string) =>
    `coalesce(${unit} || ' ' || ${inFamily(digits, numberFamily)}, 'text')`;
  const led = withUnit(part(unitLed, 2), `(${part(unitLed, 1)} || ${part(unitLed, 3)})`);
  const trailed = withUnit(part(unitTrailed, 2), part(unitTrailed, 1));
  return `CASE WHEN ${fullMatch(cell, wordsForNothing)} THEN 'nothing ' || ${cell}
    WHEN regexp_matches(${cell}, ${text(unitLed)}) THEN ${led}
    WHEN regexp_matches(${cell}, ${text(unitTrailed)}) THEN ${trailed} ELSE 'text' END`;
}
