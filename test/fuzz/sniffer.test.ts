import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fullDialect } from "../../src/descriptor/dialect.ts";
import { readRecords } from "../../src/reading/records.ts";
import { sniff } from "../../src/reading/sniff.ts";
import { budget, patience } from "./budget.ts";

const signal = new AbortController().signal;

async function rowsRead(text: string, dialect: Parameters<typeof fullDialect>[0]): Promise<number[]> {
  const rows: number[] = [];
  const options = { dialect: fullDialect(dialect), signal };
  await readRecords(Readable.from([Buffer.from(text)]), {
    ...options,
    onRecord: ({ row }) => {
      rows.push(row);
      return true;
    },
  });
  return rows;
}

const letters = [
  "a",
  "b",
  "1",
  "2020",
  ".",
  '"',
  "'",
  ",",
  ",",
  ";",
  "\t",
  "|",
  ":",
  " ",
  "#",
  "-",
  "é",
  "\n",
  "\n",
  "\r\n",
  "\0",
];
const anyText = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 60 })
  .map((all) => all.join(""));

test("each record is a row, or named as header, comment or note", { timeout: patience }, async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { dialect } = sniff(text, true);
      const all = await rowsRead(text, {
        ...dialect,
        header: false,
        headerRows: [],
        commentRows: [],
        commentChar: null,
      });
      const rows = new Set(await rowsRead(text, dialect));
      const named = new Set([...dialect.headerRows, ...dialect.commentRows]);
      const lines = text.split(/\r\n|\r|\n/);
      const left = all.filter((row) => !rows.has(row) && !named.has(row));
      const isComment = (row: number) =>
        dialect.commentChar !== null && lines[row - 1]?.startsWith(dialect.commentChar);
      const isBlankAbove = (row: number) => row < Math.max(0, ...dialect.headerRows);
      expect(left.filter((row) => !isComment(row) && !isBlankAbove(row))).toEqual([]);
    }),
    budget(3000),
  );
});

const words = ["Oslo", "New York", "a.b", "x-y", "Zürich", "no 5", "it", "Smith", "tall", "green"];
const word = fc.constantFrom(...words);
const columns = [
  word,
  fc.integer({ min: 0, max: 99_999 }).map(String),
  fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value.toFixed(2)),
  fc.integer({ min: 10, max: 28 }).map((day) => `2021-03-${day}`),
  fc.constantFrom("yes", "no", ""),
  fc.tuple(word, word).map(([a, b]) => `${a}, ${b}`),
  word.map((each) => `the "${each}"`),
];
const table = fc
  .array(fc.constantFrom(...columns), { minLength: 3, maxLength: 6 })
  .chain((kinds) => fc.array(fc.tuple(...kinds), { minLength: 6, maxLength: 20 }));

const marks = fc.constantFrom(",", ";", "\t", "|", "^", "~", "\u001f", "\u0001");

function written(rows: readonly (readonly string[])[], delimiter: string, end: string): string {
  const quoted = (cell: string) =>
    /["'\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return rows.map((cells) => cells.map(quoted).join(delimiter) + end).join("");
}

test("tables are found as they were written", { timeout: patience }, () => {
  let [all, right] = [0, 0];
  fc.assert(
    fc.property(table, marks, fc.constantFrom("\n", "\r\n", "\r"), (rows, delimiter, end) => {
      const labels = rows[0]?.map((_, i) => `name${"abcdef"[i]}`) ?? [];
      const found = sniff(written([labels, ...rows], delimiter, end), true);
      all++;
      if (JSON.stringify([found.labels, ...found.records]) === JSON.stringify([labels, ...rows])) right++;
    }),
    budget(600),
  );
  expect(right / all).toBeGreaterThan(0.97);
});
