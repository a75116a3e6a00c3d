import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fullDialect } from "../../src/descriptor/dialect.ts";
import type { Dialect } from "../../src/descriptor/types.ts";
import { createDuckDBEngine } from "../../src/duckdb/engine.ts";
import { castTable, collect, csvTable, planOf } from "../../src/duckdb/testing.ts";
import type { Row } from "../../src/plan/relation.ts";
import { readRecords } from "../../src/reading/records.ts";
import { budget, patience } from "./budget.ts";

const engine = createDuckDBEngine();
const signal = new AbortController().signal;
const names = ["a", "b"];
const fields = names.map((name) => ({ name, type: "string" as const }));

const none = { header: false, headerRows: [], lineTerminator: "\n" };
const dialects: readonly Partial<Dialect>[] = [
  none,
  { ...none, delimiter: ";", quoteChar: "'" },
  { ...none, commentChar: "#" },
  { ...none, quoteChar: null },
  { ...none, doubleQuote: false, escapeChar: "\\" },
];

/** Without spaces beside quotes and NUL, which DuckDB lets pass where nothing else is wrong; `validate` does not. */
const letters = ["a", "é", "中", "1", '"', '"', "'", ",", ",", ";", "\n", "\n", "\r\n", "#", "\\"];
const textOf = (all: readonly string[]) =>
  fc.array(fc.constantFrom(...all), { maxLength: 40 }).map((chosen) => chosen.join(""));
/** Of all letters, or of so few that marks and quotes meet often. */
const anyText = fc.oneof(textOf(letters), textOf(['"', "\\", ",", "\n", "a", 'x\n"']));

/** The rows that the exact reading finds, and how many records are none. */
async function exactly(text: string, dialect: Partial<Dialect>): Promise<{ rows: Row[]; bad: number }> {
  const rows: Row[] = [];
  let bad = 0;
  await readRecords(Readable.from([Buffer.from(text)]), {
    dialect: fullDialect(dialect),
    signal,
    onRecord: ({ cells, problem }) => {
      const isWide = cells.length >= names.length && cells.slice(names.length).every((cell) => cell === "");
      const isSound = (problem === null || problem === "inner-quote") && isWide;
      if (isSound) rows.push({ a: cells[0] || null, b: cells[1] || null });
      else if (cells.length > 0) bad++;
      return true;
    },
  });
  return { rows, bad };
}

test("the engine gives the rows of the exact reading, and reports the others", {
  timeout: patience,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.constantFrom(...dialects), async (text, dialect) => {
      fc.pre(!(dialect.escapeChar && text.endsWith(dialect.escapeChar))); // DuckDB closes such a last cell itself
      const { rows, bad } = await exactly(text, dialect);
      const relation = castTable(csvTable(text, names, dialect), fields, { onError: "drop" });
      let found: Row[] = [];
      const { errorCounts } = await engine.run(
        planOf({ data: relation }, async (run) => {
          found = await collect(run.rows(relation));
        }),
      );
      expect(found).toEqual(rows);
      expect(Object.values(errorCounts).reduce((sum, count) => sum + count, 0)).toBe(bad);
    }),
    budget(150),
  );
});
