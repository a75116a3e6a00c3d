import { fullDialect } from "../descriptor/dialect.ts";
import type { Schema } from "../descriptor/types.ts";
import { scan } from "../plan/build.ts";
import { type ClassCounts, chooseField, habitsOf } from "../reading/infer.ts";
import { cellClass } from "../reading/infer-classes.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { readRecords } from "../reading/records.ts";
import { isDoubted, prevailingField } from "./infer-schema.ts";
import { at, openText, type TableTest } from "./table-test.ts";
import { textColumnNotes } from "./text-columns.ts";

export interface SchemaFound {
  readonly schema: Schema;
  /** True if the sound rows of the whole file were looked at, and no cell speaks against it. */
  readonly isSure: boolean;
  /** What people should know of types that were found out. */
  readonly notes: readonly string[];
}

/** The schema to test a table by: the one told, else what nine in ten cells of each column are. */
export async function schemaFor(test: TableTest): Promise<SchemaFound> {
  const { engine, table, signal } = test;
  const guessed = table.resource.schema ?? { fields: [] };
  if (test.schema) return { schema: test.schema, isSure: false, notes: [] };
  if (table.format !== "csv" || table.guessed.length === 0)
    return {
      schema: guessed,
      isSure: table.format === "csv" && (guessed.missingValues ?? [""]).every(isEmpty),
      notes: [],
    };
  const missingValues = guessed.missingValues ?? [""];
  const counts = isPlannedLonger(table)
    ? await countClasses(test, missingValues)
    : await engine.classes(scan(table, at), missingValues, { signal });
  const habits = habitsOf(counts.map((each) => chooseField(each)));
  const fields = table.columns.map((name, i) => prevailingField(name, counts[i] ?? {}, habits));
  const texts = fields.flatMap(({ name, type }, i) =>
    type === "string" ? [{ name, counts: counts[i] ?? {} }] : [],
  );
  return {
    schema: { ...guessed, fields },
    isSure: missingValues.every(isEmpty) && !fields.some((field, i) => isDoubted(field, counts[i] ?? {})),
    notes: await textColumnNotes(table, texts, signal),
  };
}

/** Rows of other texts for no value are blank, which nobody has looked for yet. */
const isEmpty = (missing: string) => missing === "";

/** The engine takes long to plan a query of thousands of columns; such files have few rows. */
export const isWide = ({ columns }: LocalTable) => columns.length > 500;

/** Bytes of a file that is read before the engine has planned its query. */
const fewBytes = 1 << 20;

const isPlannedLonger = (table: LocalTable) =>
  isWide(table) || (table.compression === null && table.bytes < fewBytes);

/** How many cells of each class the columns have, counted row by row. */
async function countClasses(
  { table, signal }: TableTest,
  missingValues: readonly string[],
): Promise<readonly ClassCounts[]> {
  const counts = table.columns.map((): ClassCounts => ({}));
  const missing = new Set(["", ...missingValues]);
  await readRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    signal,
    onRecord: ({ cells, problem }) => {
      if (problem !== null || cells.length !== counts.length) return true;
      for (const [i, cell] of cells.entries()) {
        const count = counts[i];
        if (count === undefined || missing.has(cell)) continue;
        const name = cellClass(cell);
        count[name] = (count[name] ?? 0) + 1;
      }
      return true;
    },
  });
  return counts;
}
