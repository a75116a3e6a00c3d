import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fullDialect } from "../../src/descriptor/dialect.ts";
import type { Dialect } from "../../src/descriptor/types.ts";
import { readRecords, type SourceRecord } from "../../src/reading/records.ts";
import { checkRecords } from "../../src/reading/tokenizer.ts";
import { budget, patience } from "./budget.ts";
import { referenceRecords } from "./reference-records.ts";

const signal = new AbortController().signal;

function chunked(text: string, size: number): Readable {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Readable.from(Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)));
}

async function read(text: string, dialect: Dialect, size: number): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  await readRecords(chunked(text, size), {
    dialect,
    signal,
    onRecord: (record) => {
      records.push(record);
      return true;
    },
  });
  return records;
}

const none = { header: false, headerRows: [] };
const dialects: readonly Dialect[] = [
  fullDialect(none),
  fullDialect({ ...none, delimiter: ";", quoteChar: "'" }),
  fullDialect({ ...none, skipInitialSpace: true }),
  fullDialect({ ...none, commentChar: "#" }),
  fullDialect({ ...none, quoteChar: null }),
  fullDialect({ ...none, delimiter: "é" }),
  fullDialect({ ...none, doubleQuote: false, escapeChar: "\\" }),
];

const letters = ["a", "é", "中", "1", '"', '"', '"', "'", ",", ";", "\n", "\r", "\r\n", " ", "#", "\\", "\0"];
const anyText = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map((all) => all.join(""));

test("records are those of the plainest reader, however the bytes arrive", {
  timeout: patience,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText,
      fc.constantFrom(...dialects),
      fc.integer({ min: 1, max: 12 }),
      async (text, dialect, size) => {
        const found = (await read(text, dialect, size)).map(({ line, byteOffset, problem, cells }) => ({
          line,
          start: byteOffset,
          problem,
          cells: problem === null ? cells : null,
        }));
        const expected = referenceRecords(text, dialect).filter(({ problem }) => problem !== "comment");
        expect(found).toEqual(
          expected.map(({ line, start, problem, cells }) => ({
            line,
            start: Buffer.byteLength(text.slice(0, start)),
            problem,
            cells,
          })),
        );
      },
    ),
    budget(4000),
  );
});

test("each record is a row, blank or reported", { timeout: patience }, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText,
      fc.constantFrom(...dialects),
      fc.integer({ min: 1, max: 4 }),
      async (text, dialect, width) => {
        let findings = 0;
        const counts = await checkRecords(chunked(text, 7), {
          dialect,
          width,
          signal,
          onFinding: () => findings++,
        });
        const records = await read(text, dialect, 100);
        expect(counts.written + counts.reported + counts.blank).toBe(records.length);
        expect(findings).toBe(counts.reported + counts.blank);
      },
    ),
    budget(1500),
  );
});

const cell = fc
  .array(fc.constantFrom("a", "é", "1", '"', ",", "\n", " ", ".", "中"), { maxLength: 5 })
  .map((all) => all.join(""));
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
  );

test("a table that was written is read as it was", { timeout: patience }, async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.integer({ min: 1, max: 9 }),
      async (rows, end, size) => {
        const text = rows
          .map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(",") + end)
          .join("");
        expect((await read(text, fullDialect(none), size)).map(({ cells }) => cells)).toEqual(rows);
      },
    ),
    budget(1000),
  );
});

test("a row that is broken takes no sound row with it", { timeout: patience }, async () => {
  const broken = fc.constantFrom('x,"open', 'x,"a"b', "x,\0", "x", "x,y,z", 'x,y"z');
  const lines = fc.array(fc.oneof(fc.constant("1,2"), fc.constant('"a b","c"'), broken), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(lines, async (all) => {
      const written: number[] = [];
      const bad = new Set<number>();
      const text = all.map((line) => `${line}\n`).join("");
      await checkRecords(chunked(text, 5), {
        dialect: fullDialect(none),
        width: 2,
        signal,
        onFinding: ({ line }) => bad.add(line),
      });
      for (const [i, line] of all.entries()) if (!line.startsWith("x")) written.push(i + 1);
      expect(written.filter((line) => bad.has(line))).toEqual([]);
      expect(bad.size).toBe(all.length - written.length);
    }),
    budget(1000),
  );
});
