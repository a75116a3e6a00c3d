import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { fullDialect } from "../descriptor/dialect.ts";
import type { Dialect } from "../descriptor/types.ts";
import {
  type Checked,
  checkRecords,
  type Normalised,
  normaliseRecords,
  type RecordFinding,
} from "./tokenizer.ts";

const folder = mkdtempSync(join(tmpdir(), "aircan-tokenizer-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Setting {
  readonly width?: number;
  readonly dialect?: Partial<Dialect>;
  readonly chunk?: number;
  readonly fits?: boolean;
}

interface Outcome {
  readonly spool: string;
  readonly counts: Normalised;
  readonly findings: readonly RecordFinding[];
}

function chunked(content: string | Buffer, size: number): Readable {
  const bytes = Buffer.from(content);
  const count = Math.ceil(bytes.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
    { objectMode: true },
  );
}

const signal = new AbortController().signal;

async function normalise(content: string | Buffer, setting: Setting = {}): Promise<Outcome> {
  const output = join(folder, "spool.csv");
  const findings: RecordFinding[] = [];
  const counts = await normaliseRecords(chunked(content, setting.chunk ?? 1 << 16), {
    dialect: fullDialect(setting.dialect),
    width: setting.width ?? 2,
    fits: setting.fits ?? false,
    output,
    signal,
    onFinding: (finding) => findings.push(finding),
  });
  return { spool: readFileSync(output, "utf8"), counts, findings };
}

async function check(content: string | Buffer, setting: Setting = {}) {
  const findings: RecordFinding[] = [];
  const checked: Checked = await checkRecords(chunked(content, setting.chunk ?? 1 << 16), {
    dialect: fullDialect(setting.dialect),
    width: setting.width ?? 2,
    signal,
    onFinding: (finding) => findings.push(finding),
  });
  return { checked, findings };
}

const brief = ({ code, row, line, byteOffset }: RecordFinding) => `${code} ${row} ${line} ${byteOffset}`;

test("sound records are written with record number, line and byte in front", async () => {
  expect(await normalise('a,b\n1,"x\ny"\n\n2,"say ""no"""\n')).toEqual({
    spool: '2,2,4,1,"x\ny"\n4,5,13,2,"say ""no"""\n',
    counts: { records: 2, written: 2, reported: 0 },
    findings: [],
  });
});

const broken: readonly (readonly [string, string | Buffer, string, readonly string[], Setting?])[] = [
  ["an extra cell", "a,b\n1,2,3\n4,5\n", "3,3,10,4,5\n", ["extra-cell 2 2 4"]],
  ["a missing cell", "a,b\n1\n4,5\n", "3,3,6,4,5\n", ["missing-cell 2 2 4"]],
  ["a quote never closed", 'a,b\n1,"2\n3,4\n5,6\n', "3,3,9,3,4\n4,4,13,5,6\n", ["unclosed-quote 2 2 4"]],
  [
    "a quote that the next line's quote seems to close",
    'a,b\n1,"2\n3,"4"\n5,6\n',
    '3,3,9,3,"4"\n4,4,15,5,6\n',
    ["unclosed-quote 2 2 4"],
  ],
  ["text after a closing quote", 'a,b\n1,"2"x\n3,4\n', "3,3,11,3,4\n", ["stray-quote 2 2 4"]],
  ["a NUL byte", "a,b\n1,\0\n3,4\n", "3,3,8,3,4\n", ["null-byte 2 2 4"]],
  ["a NUL byte in quotes", 'a,b\n1,"\0"\n3,4\n', "3,3,10,3,4\n", ["null-byte 2 2 4"]],
  [
    "bytes that are not UTF-8",
    Buffer.from("a,b\n1,\xe9\n3,\xc3\xa9\n", "latin1"),
    "3,3,8,3,é\n",
    ["encoding-error 2 2 4"],
  ],
  [
    "an unclosed quote on the last line without a line end",
    'a,b\n1,2\n3,"4',
    "2,2,4,1,2\n",
    ["unclosed-quote 3 3 8"],
  ],
  ["only an open quote", '"', "", ["unclosed-quote 1 1 0"], { dialect: { header: false } }],
];

for (const [name, content, spool, findings, setting] of broken) {
  test(`${name} is reported at its record, and the rest is kept`, async () => {
    for (const chunk of [1, 2, 3, 7, 1000]) {
      const outcome = await normalise(content, { ...setting, chunk });
      expect({ spool: outcome.spool, findings: outcome.findings.map(brief) }).toEqual({ spool, findings });
    }
  });
}

const dialects: readonly (readonly [string, string, string, Setting])[] = [
  ["line ends of three kinds", "a,b\r\n1,2\r3,4\n5,6", "2,2,5,1,2\n3,3,9,3,4\n4,4,13,5,6\n", {}],
  ["a byte order mark", "\ufeffa,b\n1,2\n", "2,2,7,1,2\n", {}],
  ["comments in the middle", 'a,b\n#x"\n1,2\n', "3,3,8,1,2\n", { dialect: { commentChar: "#" } }],
  ["comment marks of two characters", "a,b\n//x\n/1,2\n", "3,3,8,/1,2\n", { dialect: { commentChar: "//" } }],
  [
    "rows told to be comments",
    "a,b\n1,2\nx\n3,4\n",
    "2,2,4,1,2\n4,4,10,3,4\n",
    { dialect: { commentRows: [3] } },
  ],
  ["a header on two rows", "a,b\nx,y\n1,2\n", "3,3,8,1,2\n", { dialect: { headerRows: [1, 2] } }],
  ["no header", "1,2\n", "1,1,0,1,2\n", { dialect: { header: false } }],
  [
    "spaces after the delimiter",
    'a, b\n1, "2, 3"\n',
    '2,2,5,1,"2, 3"\n',
    { dialect: { skipInitialSpace: true } },
  ],
  [
    "an escape character",
    'a,b\n1,"2\\",3"\n',
    '2,2,4,1,"2\\",3"\n',
    { dialect: { escapeChar: "\\", doubleQuote: false } },
  ],
  [
    "an escaped escape character",
    'a,b\n1,"2\\\\"\n',
    '2,2,4,1,"2\\\\"\n',
    { dialect: { escapeChar: "\\", doubleQuote: false } },
  ],
  ["no quoting", 'a;b\n1;"2\n', '2;2;4;1;"2\n', { dialect: { delimiter: ";", quoteChar: null } }],
  ["a delimiter beyond ASCII", 'a§b\n1§"x§y"\n', '2§2§5§1§"x§y"\n', { dialect: { delimiter: "§" } }],
  ["a quote inside a cell", 'a,b\n1,5" pipe\n', '2,2,4,1,5" pipe\n', {}],
];

const escaped = { escapeChar: "\\", doubleQuote: false };
const fitted: readonly (readonly [string, string, string, Setting])[] = [
  ["cells too many are cut off", "a,b\n1,2,3\n4,5,,\n", '2,2,4,"1","2"\n3,3,10,"4","5"\n', {}],
  ["cells too few are filled up", "a,b\n1\n2,3\n", '2,2,4,"1",\n3,3,6,2,3\n', {}],
  ["a blank line is a row of empty cells", "a,b\n\n1,2\n", "2,2,4,,\n3,3,5,1,2\n", {}],
  ["one that is skipped is none", "a,b\n\n1,2\n", "3,3,5,1,2\n", { dialect: { skipBlankRows: true } }],
  [
    "quotes, delimiters and line ends stay in their cell",
    'a,b\n"x "",""\ny",2,3\n',
    '2,2,4,"x "",""\ny","2"\n',
    {},
  ],
  ["marks are escaped again", 'a,b\n"x\\"y\\\\"\n', '2,2,4,"x\\"y\\\\",\n', { dialect: escaped }],
  ["marks before a letter are let go", 'a,b\n"x\\y"\n', '2,2,4,"xy",\n', { dialect: escaped }],
  ["no quoting", "a;b\n1;2;3\n", "2;2;4;1;2\n", { dialect: { delimiter: ";", quoteChar: null } }],
];

test.each(fitted)("rows are fitted: %s", async (_, content, spool, setting) => {
  const { counts, ...outcome } = await normalise(content, { ...setting, fits: true, chunk: 3 });
  expect(outcome).toEqual({ spool, findings: [] });
  expect(counts.reported).toBe(0);
});

test("broken quotes and characters are no rows to be fitted", async () => {
  const content = Buffer.from('a,b\n"1"x\n\xff\n"2\n', "latin1");
  const { spool, findings } = await normalise(content, { fits: true });
  expect(spool).toBe("");
  expect(findings.map(brief)).toEqual(["stray-quote 2 2 4", "encoding-error 3 3 9", "unclosed-quote 4 4 11"]);
});

for (const [name, content, spool, setting] of dialects) {
  test(`${name}: read by the dialect`, async () => {
    for (const chunk of [1, 2, 5, 1000]) {
      const outcome = await normalise(content, { ...setting, chunk });
      expect({ spool: outcome.spool, findings: outcome.findings }).toEqual({ spool, findings: [] });
    }
  });
}

test("a check reports blank rows and quotes inside cells too, and counts line ends", async () => {
  const { checked, findings } = await check('a,b\n\n1,5" pipe\r\n3,4\n');
  expect(findings.map(brief)).toEqual(["blank-row 2 2 4", "stray-quote 3 3 5"]);
  expect(checked).toEqual({
    records: 2,
    written: 1,
    reported: 1,
    blank: 1,
    lineEnds: { lf: 3, crlf: 1, cr: 0 },
    firstEnds: { lf: 1, crlf: 3, cr: 0 },
    doubtful: { rows: 0, first: 0, lines: 0 },
  });
});

test.each([
  ["that a quote too many put together", 'a,b\n1,"x\n2,y\n3,z"\n4,w\n', { rows: 1, first: 2, lines: 3 }],
  ["of an address over two lines", 'a,b\n1,"Main Street 5\nOslo"\n', { rows: 0, first: 0, lines: 0 }],
  ["of a letter with commas", 'a,b\n1,"Dear, all\nbest, x"\n', { rows: 0, first: 0, lines: 0 }],
])("a check doubts rows %s", async (_, content, doubtful) => {
  expect((await check(content)).checked.doubtful).toEqual(doubtful);
});

test("a cell of 10 MB over many lines is one cell, and the row after it is found", async () => {
  const lines = 'some "" text, over lines\n'.repeat(400_000);
  const { checked, findings } = await check(`a,b\n1,"${lines}"\n2\n`);
  expect(checked).toMatchObject({ records: 2, written: 1, reported: 1 });
  expect(findings.map(brief)).toEqual([`missing-cell 3 400003 ${4 + 3 + lines.length + 2}`]);
});

test("rows of 100,000 cells are counted cell by cell", async () => {
  const row = `${"x,".repeat(99_999)}x\n`;
  const { checked, findings } = await check(`${row}${row}x,${row}`, { width: 100_000 });
  expect(checked).toMatchObject({ records: 2, written: 1, reported: 1 });
  expect(findings.map(({ code, row, cells, cell }) => [code, row, cells, cell])).toEqual([
    ["extra-cell", 3, 100_001, 100_001],
  ]);
});

test("a delimiter of two characters is refused by name", async () => {
  await expect(normalise("a||b\n", { dialect: { delimiter: "||" } })).rejects.toMatchObject({
    code: "dialect-error",
    message: 'The delimiter "||" is not one character.',
  });
});

test("an aborted signal ends the reading", async () => {
  const options = {
    dialect: fullDialect({}),
    width: 2,
    output: join(folder, "aborted.csv"),
    onFinding: () => {},
  };
  await expect(
    normaliseRecords(chunked("a,b\n1,2\n", 4), { ...options, signal: AbortSignal.abort() }),
  ).rejects.toThrow(/abort/);
});

test("a spool that cannot be written is a storage error", async () => {
  const output = join(folder, "missing", "spool.csv");
  const options = { dialect: fullDialect({}), width: 2, output, onFinding: () => {}, signal };
  await expect(normaliseRecords(chunked("a,b\n1,2\n", 4), options)).rejects.toMatchObject({
    code: "storage-error",
  });
});

const cell = fc.string({
  unit: fc.constantFrom("a", "é", "1", " ", '"', ",", "\n", "\r", "\r\n", "'", "#"),
  maxLength: 6,
});
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const lineEnd = fc.constantFrom("\n", "\r\n");

test("whatever cells hold, all rows come through in order with their bytes", async () => {
  const rows = fc.array(fc.tuple(cell, cell), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, lineEnd, fc.integer({ min: 1, max: 40 }), async (table, end, chunk) => {
      const records = table.map((cells) => cells.map(quoted).join(",") + end);
      const content = `h,i${end}${records.join("")}`;
      const { spool, counts, findings } = await normalise(content, { chunk });
      expect(findings).toEqual([]);
      expect(counts.written).toBe(table.length);
      let byte = 3 + end.length;
      let line = 2;
      let expected = "";
      for (const [i, record] of records.entries()) {
        expected += `${i + 2},${line},${byte},${record.slice(0, -end.length)}\n`;
        byte += Buffer.byteLength(record);
        line += record.split(/\r\n|\r|\n/).length - 1;
      }
      expect(spool).toBe(expected);
    }),
    { numRuns: 200, seed: 11 },
  );
});

const anything = fc.string({
  unit: fc.constantFrom("a", '"', '"', ",", "\n", "\r", "\0", "\\", "#", " ", "é"),
  maxLength: 60,
});

test("any bytes: each record is written or reported, however the bytes arrive", async () => {
  await fc.assert(
    fc.asyncProperty(anything, fc.integer({ min: 1, max: 9 }), async (content, chunk) => {
      const whole = await normalise(content, { chunk: 1000 });
      const pieces = await normalise(content, { chunk });
      expect(pieces).toEqual(whole);
      expect(whole.counts.written + whole.counts.reported).toBe(whole.counts.records);
      expect(whole.findings.length).toBe(whole.counts.reported);
    }),
    { numRuns: 500, seed: 12 },
  );
});

test("any bytes: the records and findings together hold every byte that is no line end and no quote", async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (content) => {
      const { spool, findings } = await normalise(content, { dialect: { header: false } });
      const kept = spool.replace(/^\d+,\d+,\d+,/gm, "") + findings.map(({ text }) => text).join("");
      const letters = (text: string) => [...text].filter((each) => !/[\r\n"]/.test(each)).sort();
      expect(letters(kept)).toEqual(letters(content));
    }),
    { numRuns: 500, seed: 13 },
  );
});
