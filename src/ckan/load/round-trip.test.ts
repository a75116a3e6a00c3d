import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDuckDBEngine } from "../../duckdb/engine.ts";
import { dumpDatastore, readDatastore } from "../../sql/datastore-dump.ts";
import { startTestDatabase, type TestDatabase } from "../../sql/test-database.ts";
import { type LoadReading, loadFile } from "./load-file.ts";

const engine = createDuckDBEngine();
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  [database, folder] = await Promise.all([startTestDatabase(), mkdtemp(join(tmpdir(), "aircan-round-"))]);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Random numbers from a seed, 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const two = (number: number): string => String(number).padStart(2, "0");
const words = [
  "Oslo",
  'say "hi"',
  "a, b",
  "line\nbreak",
  " spaces ",
  "é̈🚲",
  "\\N",
  "NULL",
  "0042",
  "a\tb",
  "{x}",
];

/** A cell of each type in its usual form, or an empty one. */
function cellsOf(random: () => number): Record<string, string> {
  const whole = (below: number) => Math.floor(random() * below);
  const digits = (count: number) => Array.from({ length: count }, () => whole(10)).join("");
  const day = `${1000 + whole(8999)}-${two(1 + whole(12))}-${two(1 + whole(28))}`;
  const time = `${two(whole(24))}:${two(whole(60))}:${two(whole(60))}`;
  const sign = random() < 0.3 ? "-" : "";
  const cells = {
    integer: `${sign}${1 + whole(2 ** 31)}`,
    wide: `${sign}1${digits(29)}`,
    number: `${sign}${whole(1e6)}.${1 + whole(9)}`,
    decimal: `${sign}1${digits(20)}.${digits(12)}1`,
    boolean: random() < 0.5 ? "true" : "false",
    date: day,
    time,
    datetime: `${day}T${time}`,
    fraction: `${day}T${time}.${1 + whole(9)}`,
    instant: `${day}T${time}Z`,
    year: String(1000 + whole(8999)),
    yearmonth: day.slice(0, 7),
    duration: `P${1 + whole(20)}DT${1 + whole(20)}H`,
    geopoint: `${whole(180)}.5,${whole(90)}.25`,
    object: JSON.stringify({ a: whole(10) }),
    list: `${whole(10)},${whole(10)}`,
    string: words[whole(words.length)] ?? "",
  };
  const emptied = Object.entries(cells).map(([name, cell]) => [name, random() < 0.1 ? "" : cell]);
  return Object.fromEntries(emptied);
}

const fields = [
  { name: "integer", type: "integer" },
  { name: "wide", type: "integer" },
  { name: "number", type: "number" },
  { name: "decimal", type: "number" },
  { name: "boolean", type: "boolean" },
  { name: "date", type: "date" },
  { name: "time", type: "time" },
  { name: "datetime", type: "datetime" },
  { name: "fraction", type: "datetime" },
  { name: "instant", type: "datetime" },
  { name: "year", type: "year" },
  { name: "yearmonth", type: "yearmonth" },
  { name: "duration", type: "duration" },
  { name: "geopoint", type: "geopoint" },
  { name: "object", type: "object" },
  { name: "list", type: "list" },
  { name: "string", type: "string" },
];

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const csvOf = (rows: readonly Record<string, string>[]): string =>
  [fields.map(({ name }) => name), ...rows.map((row) => fields.map(({ name }) => quoted(row[name] ?? "")))]
    .map((cells) => `${cells.join(",")}\n`)
    .join("");

/** Records of cells, so that it does not matter which of them are quoted. */
function recordsOf(csv: string): string[][] {
  const cells = [...csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)];
  const records: string[][] = [[]];
  for (const [, inQuotes, plain = "", end] of cells) {
    records.at(-1)?.push(inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"'));
    if (end === "\n") records.push([]);
  }
  return records.slice(0, -1);
}

/** JSON of PostgreSQL has a blank after each colon. */
const plainJson = (records: string[][]): string[][] =>
  records.map((cells) => cells.map((cell) => (cell.startsWith("{") ? cell.replace(/(:|,) /g, "$1") : cell)));

const dumped = async (name: string): Promise<string[][]> =>
  plainJson(recordsOf(await text((await dumpDatastore(database.url, name, "csv")).stream)));

const load = (source: string, name: string, reading: LoadReading = {}) =>
  loadFile({
    source,
    reading,
    target: { kind: "datastore", database: database.url, name, mode: "replace" },
    onError: "fail",
    engine,
    options: {
      temporaryFolder: folder,
      datastore: (stored, temporary) => readDatastore(database.url, stored, temporary),
    },
  });

test.each([1, 2, 3])("a table of every type stays the same from store to store (seed %i)", async (seed) => {
  const random = randomOf(seed);
  const csv = csvOf(Array.from({ length: 300 }, () => cellsOf(random)));
  const path = join(folder, "types.csv");
  await writeFile(path, csv);
  const records = recordsOf(csv);
  expect(records.length).toBe(301);
  await load(path, "types", { schema: { fields } });
  expect(await dumped("types")).toEqual(records);
  await load("datastore://types", "copy");
  expect(await dumped("copy")).toEqual(records);
});
