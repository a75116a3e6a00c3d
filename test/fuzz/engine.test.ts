import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fullDialect } from "../../src/descriptor/dialect.ts";
import type { Dialect } from "../../src/descriptor/types.ts";
import { createDuckDBEngine } from "../../src/duckdb/engine.ts";
import { castTable, collect, csvTable, planOf, temporaryFolder } from "../../src/duckdb/testing.ts";
import type { Row } from "../../src/plan/relation.ts";
import { describeFile } from "../../src/reading/describe.ts";
import type { LocalTable } from "../../src/reading/local-table.ts";
import { readRecords } from "../../src/reading/records.ts";
import { budget, patience } from "./budget.ts";

const engine = createDuckDBEngine();
const signal = new AbortController().signal;
const names = ["a", "b"];

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

/** Titles, headers and rows with line ends of all kinds, and marks that break them. */
const lines = [
  "Title",
  "\r",
  "\n",
  "\n",
  "\r\n",
  "id,name",
  "id,name\n",
  "1,a\n",
  "2,b\r\n",
  "3;c\n",
  "4,d,\n",
];
const anyFile = fc.oneof(
  anyText,
  textOf([...lines, '"', '"x"', "'", ",", "# c\n", "sep=;\n", "Source: x\n"]),
);

/** The rows of columns that the exact reading finds, and how many records are none. */
async function exactly(
  text: string,
  dialect: Partial<Dialect>,
  names: readonly string[],
): Promise<{ rows: Row[]; bad: number }> {
  const rows: Row[] = [];
  let bad = 0;
  await readRecords(Readable.from([Buffer.from(text)]), {
    dialect: fullDialect(dialect),
    signal,
    onRecord: ({ cells, problem }) => {
      const isWide = cells.length >= names.length && cells.slice(names.length).every((cell) => cell === "");
      const isSound = (problem === null || problem === "inner-quote") && isWide;
      if (isSound) rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i] || null])));
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
      expect(await read(csvTable(text, names, dialect))).toEqual(await exactly(text, dialect, names));
    }),
    budget(150),
  );
});

/** The rows that the engine gives as texts, and how many records it reports. */
async function read(table: LocalTable): Promise<{ rows: Row[]; bad: number }> {
  const fields = table.columns.map((name) => ({ name, type: "string" as const }));
  const relation = castTable(table, fields, { onError: "drop" });
  let rows: Row[] = [];
  const { errorCounts } = await engine.run(
    planOf({ data: relation }, async (run) => {
      rows = await collect(run.rows(relation));
    }),
  );
  return { rows, bad: Object.values(errorCounts).reduce((sum, count) => sum + count, 0) };
}

/** What is found out about a file; nothing for one of blank lines. */
async function described(text: string): Promise<LocalTable | undefined> {
  const folder = temporaryFolder();
  const source = join(folder, "data.csv");
  writeFileSync(source, text);
  const may = { trusted: true, allowPrivate: false, allowLocal: true };
  try {
    const [table] = await describeFile(source, {}, { folder, temporaryFolder: folder, signal, ...may });
    return table;
  } catch {
    return undefined;
  }
}

test("no row is lost of a file that is read as it is described", { timeout: patience }, async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async (text) => {
      const table = await described(text);
      const dialect = table?.resource.dialect ?? {};
      fc.pre(table !== undefined && !(dialect.escapeChar && text.endsWith(dialect.escapeChar)));
      expect(await read(table)).toEqual(await exactly(text, dialect, table.columns));
    }),
    budget(150),
  );
});
