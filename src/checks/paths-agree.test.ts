import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { cast, check, scan } from "../plan/build.ts";
import type { Engine } from "../plan/engine.ts";
import type { RowError } from "../plan/relation.ts";
import { describeFile } from "../reading/describe.ts";
import type { ClassCounts } from "../reading/infer.ts";
import { cellClass } from "../reading/infer-classes.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { contextIn } from "../reading/test-context.ts";
import { cellReader, cellTest } from "../reading/types/registry.ts";
import { createFindingList } from "./finding-list.ts";
import type { ReportError } from "./report.ts";
import { validateTable } from "./validate-table.ts";

/**
 * The engine tests all cells at once, and what it refuses is tested again here row by row. Both must say the
 * same of every cell, and every record must be either a row or an error.
 */
const engine = createDuckDBEngine();
/** Cannot tell which rows are bad, so that every row is tested here. */
const rowByRow: Engine = { ...engine, findBadRows: async () => undefined };
const at = { step: "1", processor: "load" };
const { signal } = new AbortController();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-agree-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function tableOf(content: string, columns: readonly string[]): Promise<LocalTable> {
  const path = join(folder, "data.csv");
  await writeFile(path, content);
  const context = contextIn(folder);
  const [found] = await describeFile(
    path,
    { delimiter: ",", quote: '"', headerRows: [1], name: "data", format: "csv" },
    context,
  );
  if (found === undefined) throw new Error("no table");
  return { ...found, columns, guessed: [] };
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** The errors that the engine finds in a table, by row. */
async function engineErrors(table: LocalTable, fields: readonly Field[]): Promise<readonly RowError[]> {
  const policy = { onError: "drop", resource: "data" } as const;
  const named = { ...table, resource: { ...table.resource, schema: { fields } } };
  const typed = cast(scan(named, at), { ...policy, fields, missingValues: [""] }, at);
  const relation = check(typed, policy, at);
  const descriptor = { name: "data", schema: relation.schema };
  const result = await engine.run({ properties: {}, resources: [{ descriptor, relation }], sinks: [] });
  return result.errors;
}

async function reportedErrors(
  table: LocalTable,
  fields: readonly Field[],
  by: Engine,
): Promise<readonly ReportError[]> {
  const findings = createFindingList({ limit: 10_000, isWanted: () => true });
  await validateTable({
    engine: by,
    table,
    schema: { fields },
    findings,
    limitRows: undefined,
    signal,
    temporaryFolder: folder,
  });
  return (await findings.finish(async () => new Map())).errors;
}

const fields: readonly Field[] = [
  { name: "c", type: "integer" },
  { name: "c", type: "integer", groupChar: ",", bareNumber: false },
  { name: "c", type: "number" },
  { name: "c", type: "number", decimalChar: ",", groupChar: "." },
  { name: "c", type: "boolean" },
  { name: "c", type: "date" },
  { name: "c", type: "date", format: "%d/%m/%Y" },
  { name: "c", type: "time" },
  { name: "c", type: "datetime", zoned: false },
  { name: "c", type: "datetime", zoned: true },
  { name: "c", type: "year" },
  { name: "c", type: "yearmonth" },
  { name: "c", type: "duration" },
  { name: "c", type: "object" },
  { name: "c", type: "array" },
  { name: "c", type: "geopoint" },
  { name: "c", type: "string", format: "email" },
  { name: "c", type: "string", format: "uuid" },
  { name: "c", type: "date", format: "any" },
  { name: "c", type: "datetime", format: "any" },
  { name: "c", type: "datetime", format: "%Y-%m-%d %H:%M" },
  { name: "c", type: "time", format: "%I:%M %p" },
  { name: "c", type: "number", decimalChar: ",", bareNumber: false },
  { name: "c", type: "integer", bareNumber: false, unit: "%" },
  { name: "c", type: "list", itemType: "integer", constraints: { maxLength: 2 } },
  { name: "c", type: "list", itemType: "date" },
  { name: "c", type: "geojson" },
  { name: "c", type: "geopoint", format: "object" },
  { name: "c", type: "string", categories: ["abc", { value: "a b", label: "AB" }, "0"] },
  { name: "c", type: "integer", categories: [0, 7, 100] },
  { name: "c", type: "year", constraints: { minimum: 1000, maximum: "2100" } },
  { name: "c", type: "yearmonth", constraints: { minimum: "2020-01" } },
  { name: "c", type: "integer", constraints: { minimum: 5, maximum: "100" } },
  { name: "c", type: "date", constraints: { minimum: "2000-01-01" } },
  { name: "c", type: "string", constraints: { minLength: 2, maxLength: 8, pattern: "[0-9a-z.-]+" } },
  { name: "c", type: "string", constraints: { pattern: "\\w+[\\d-]*|\\W" } },
  { name: "c", type: "number", constraints: { enum: [1, 1.5, "0.5"] } },
];

const known = [
  "0|-0|+0|007|-7|1e3|1E-5|1_000| 5|5 |.5|5.|-.5|1,5|1.5|1.50|1.234,5|1,234|NaN|INF|-INF|inf|0x1",
  "9223372036854775808|123456789012345678901234567890|0.1234567890123456789|1e400|kr 5|5%|5 %",
  "true|True|TRUE|1|false|False|FALSE|yes|2020-01-31|2020-02-29|2021-02-29|2020-02-30|2020-13-01|0000-01-01",
  "31/12/2020|1/1/2020|31/02/2020|12:00:00|12:00|23:59:60|24:00:00|12:00:00.5|2020-01-31T12:00:00",
  "2020-01-31T12:00:00Z|2020-01-31T12:00:00+01:00|2020-02-30T12:00:00|2020|-2020|20200|202|2020-01|2020-13",
  'P1Y|PT1S|P|P1Y2M3DT4H5M6S|-P1D|PT|P1W|PT1.5S|a@b.no|a@b|é@b.no|10.5,59.9|200,10|10,100|[1,2]|{}|{"a":1}|[|{',
  "123e4567-e89b-12d3-a456-426614174000|abc|ABC|a b|é|日本|NULL|null|-|--|+|.|,|e|1e|T|Z",
].flatMap((line) => line.split("|"));

const random = fc.sample(
  fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123456789-+:.,TZeEPYMDHSW/ "), minLength: 1, maxLength: 20 }),
    fc.integer().map(String),
    fc.double().map(String),
    fc
      .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }),
  ),
  { numRuns: 400, seed: 20261121 },
);
const cells = [...new Set([...known, ...random])].filter(
  (cell) => cell.trim() !== "" && !/[\r\n\0]/.test(cell),
);

test.each(fields)("engine and rows agree about every cell of %j", async (field) => {
  const table = await tableOf(`n,c\n${cells.map((cell, i) => `${i},${quoted(cell)}\n`).join("")}`, [
    "n",
    "c",
  ]);
  const schema = [{ name: "n", type: "integer" } as const, field];
  const rowsOf = (errors: readonly (number | undefined)[]) =>
    [...new Set(errors)].map((row) => cells[(row ?? 0) - 2]);
  const byEngine = rowsOf((await engineErrors(table, schema)).map(({ row }) => row));
  const all = await reportedErrors(table, schema, rowByRow);
  expect(rowsOf(all.map(({ rowNumber }) => rowNumber))).toEqual(byEngine);
  expect(await reportedErrors(table, schema, engine)).toEqual(all);
});

test.each(fields)("a value is there exactly for cells that pass the test of %j", (field) => {
  const test = cellTest(field);
  const read = cellReader(field);
  expect(cells.filter((cell) => test(cell) !== (read(cell) !== undefined))).toEqual([]);
});

test("engine and rows put every cell in the same class", async () => {
  const table = await tableOf(`n,c\n${cells.map((cell) => `x,${quoted(cell)}\n`).join("")}`, ["n", "c"]);
  const counts: ClassCounts = {};
  for (const cell of cells) counts[cellClass(cell)] = (counts[cellClass(cell)] ?? 0) + 1;
  expect((await engine.classes(scan(table, at), [""]))[1]).toEqual(counts);
});

const texts = fc.array(
  fc.array(fc.constantFrom("1", "22", "x", "", '"q"', '"a,b"', '"a\nb"', '"', 'a"b', '"a"b', "é"), {
    minLength: 0,
    maxLength: 4,
  }),
  { minLength: 1, maxLength: 30 },
);

test("every record is a row or has an error", async () => {
  const lineEnds = ["\n", "\r\n", "\r"];
  for (const [i, records] of fc.sample(texts, { numRuns: 60, seed: 20261121 }).entries()) {
    const lineEnd = lineEnds[i % 3] ?? "\n";
    const body = records.map((record) => record.join(",") + lineEnd).join("");
    const table = await tableOf(`a,b${lineEnd}${body}`, ["a", "b"]);
    const fields = [
      { name: "a", type: "string" },
      { name: "b", type: "integer" },
    ] as const;
    const findings = createFindingList({ limit: 10_000, isWanted: () => true });
    const tested = await validateTable({
      engine,
      table,
      schema: { fields },
      findings,
      limitRows: undefined,
      signal,
      temporaryFolder: folder,
    });
    const { errors: found } = await findings.finish(async () => new Map());
    const policy = { onError: "drop", resource: "data" } as const;
    const named = { ...table, resource: { ...table.resource, schema: { fields } } };
    const relation = cast(scan(named, at), { ...policy, fields, missingValues: [""] }, at);
    const plan = { properties: {}, resources: [{ descriptor: { name: "data" }, relation }], sinks: [] };
    const { resources, errors } = await engine.run(plan);
    const dropped = new Set(errors.map(({ row }) => row)).size;
    const wrong = new Set(found.map(({ rowNumber }) => rowNumber));
    const blank = found.filter(({ type, cells }) => type === "blank-row" && cells?.length === 0).length;
    expect({ body, rows: (resources.data?.rows ?? 0) + dropped + blank }).toEqual({
      body,
      rows: tested.rows,
    });
    expect({ body, sound: wrong.size === 0 }).toEqual({
      body,
      sound: dropped + blank === 0 && wrong.size === 0,
    });
  }
});
