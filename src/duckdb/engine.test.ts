import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { Temporal } from "../base/temporal.ts";
import { check, distinct, filter, limit, map, project, rows, sort, transform } from "../plan/build.ts";
import { GuessWidened } from "../plan/engine.ts";
import { call, field, literal } from "../plan/expression.ts";
import type { ErrorsRelation, Row, RowError } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, castTable, collect, csvTable, loadCsv, planOf, temporaryFolder } from "./testing.ts";

const engine = createDuckDBEngine();
const cityFields = [
  { name: "name", type: "string" },
  { name: "population", type: "integer" },
] as const;
const cities = () => loadCsv("Oslo,709037\nBergen,291940\nHamar,\n", cityFields);

test("rows of a file come typed", async () => {
  expect(await collect(engine.stream(cities()))).toEqual([
    { name: "Oslo", population: 709037 },
    { name: "Bergen", population: 291940 },
    { name: "Hamar", population: null },
  ]);
});

test("every type is seen in JavaScript as the contract says", async () => {
  const fields = [
    { name: "i", type: "integer" },
    { name: "n", type: "number" },
    { name: "b", type: "boolean" },
    { name: "d", type: "date" },
    { name: "t", type: "time" },
    { name: "l", type: "datetime", zoned: false },
    { name: "z", type: "datetime", zoned: true },
    { name: "y", type: "year" },
    { name: "m", type: "yearmonth" },
    { name: "p", type: "duration" },
    { name: "s", type: "list", delimiter: ";" },
    { name: "o", type: "object" },
    { name: "a", type: "array" },
    { name: "g", type: "geopoint" },
  ] as const;
  const line =
    '9007199254740993,0.1,true,2026-01-31,13:45:00,2026-01-31T13:45:00.5,2026-01-31T13:45:00+01:00,2026,2026-01,P1Y2M3DT4H5M6.5S,x;y,"{""k"": [1]}","[1, 2]","10.75,59.91"\n';
  expect(await collect(engine.stream(loadCsv(line, fields)))).toEqual([
    {
      i: 9007199254740993n,
      n: 0.1,
      b: true,
      d: Temporal.PlainDate.from("2026-01-31"),
      t: Temporal.PlainTime.from("13:45"),
      l: Temporal.PlainDateTime.from("2026-01-31T13:45:00.5"),
      z: Temporal.Instant.from("2026-01-31T12:45:00Z"),
      y: 2026,
      m: Temporal.PlainYearMonth.from("2026-01"),
      p: Temporal.Duration.from("P1Y2M3DT4H5M6.5S"),
      s: ["x", "y"],
      o: { k: [1] },
      a: [1, 2],
      g: [10.75, 59.91],
    },
  ]);
});

test("relations do what they say", async () => {
  const { schema } = cities();
  const big = filter(cities(), call(">", field("population"), literal(1000)), at);
  const named = project(
    big,
    [
      { field: { name: "city", type: "string" }, value: call("upper", field("name")) },
      { field: { name: "thousands", type: "number" }, value: call("/", field("population"), literal(1000)) },
    ],
    at,
  );
  expect(await collect(engine.stream(named))).toEqual([
    { city: "OSLO", thousands: 709.037 },
    { city: "BERGEN", thousands: 291.94 },
  ]);
  const sorted = sort(cities(), [{ value: field("population"), descending: false }], at);
  expect((await collect(engine.stream(sorted))).map(({ name }) => name)).toEqual(["Hamar", "Bergen", "Oslo"]);
  expect(await collect(engine.stream(limit(cities(), 1, at)))).toEqual([
    { name: "Oslo", population: 709037 },
  ]);
  const twice = rows(
    () => [
      { name: "a", population: 1 },
      { name: "b", population: 2 },
      { name: "a", population: 3 },
    ],
    schema,
    at,
  );
  expect(await collect(engine.stream(distinct(twice, ["name"], at)))).toEqual([
    { name: "a", population: 1 },
    { name: "b", population: 2 },
  ]);
});

test("row functions run once per row, in row order, whatever stands above them", async () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => i);
  const source = loadCsv(numbers.map((i) => `n${i},${i}\n`).join(""), cityFields);
  let calls = 0;
  const counted = map(
    source,
    {
      apply: (row) => (row.population === calls++ ? "in order" : "out of order"),
      target: { name: "order", type: "string" },
      pure: false,
    },
    at,
  );
  const some = filter(counted, call("<", field("population"), literal(3)), at);
  const pruned = project(some, [{ field: { name: "name", type: "string" } }], at);
  expect(await collect(engine.stream(pruned))).toEqual([{ name: "n0" }, { name: "n1" }, { name: "n2" }]);
  expect(calls).toBe(numbers.length);
  calls = 0;
  const orders = await collect(engine.stream(counted));
  expect(new Set(orders.map(({ order }) => order))).toEqual(new Set(["in order"]));
  expect(calls).toBe(numbers.length);
});

test("a row behaves like a plain object, and says so when it is kept", async () => {
  const kept: Row[] = [];
  const seen: unknown[] = [];
  const changed = map(
    cities(),
    {
      apply: (row) => {
        kept.push(row);
        seen.push({ ...row }, JSON.stringify(row), Object.keys(row), "name" in row, "none" in row);
        row.name = `${row.name}!`;
      },
      target: null,
      pure: false,
    },
    at,
  );
  expect(await collect(engine.stream(limit(changed, 1, at)))).toEqual([
    { name: "Oslo!", population: 709037 },
  ]);
  expect(seen.slice(0, 5)).toEqual([
    { name: "Oslo", population: 709037 },
    '{"name":"Oslo","population":709037}',
    ["name", "population"],
    true,
    false,
  ]);
  expect(() => kept[1]?.population).toThrow("A row was read after its row function had returned.");
});

test("an error in a row function names step, row and message", async () => {
  const failing = map(
    cities(),
    {
      apply: (row) => {
        if (row.name === "Bergen") throw new Error("no rain");
        return 1;
      },
      target: { name: "x", type: "integer" },
      pure: false,
    },
    { step: "3", processor: "add_field" },
  );
  await expect(engine.run(planOf({ cities: failing }))).rejects.toMatchObject({
    code: "row-function-error",
    message: "The function of step 3 (add_field) threw at row 2: no rain",
    where: { step: "3", processor: "add_field", row: 2 },
  });
});

test("all rows go through a function that gives rows", async () => {
  const doubled = transform(
    cities(),
    {
      resource: { name: "cities" },
      schema: cities().schema,
      apply: async function* (input) {
        for await (const row of input) yield* [row, { ...row, population: 2n ** 70n }];
      },
    },
    at,
  );
  expect(await collect(engine.stream(doubled))).toMatchObject([
    { name: "Oslo", population: 709037 },
    { name: "Oslo", population: 1180591620717411303424n },
    { name: "Bergen", population: 291940 },
    { name: "Bergen", population: 1180591620717411303424n },
    { name: "Hamar", population: null },
    { name: "Hamar", population: 1180591620717411303424n },
  ]);
});

const dirty = 'Oslo,709037\nBergen,many\n"Ha\nmar",12,3\nTromsø,-\nAlta,5\n';

test("under fail a run ends with the first findings, their places and counts", async () => {
  const error = await engine
    .run(planOf({ data: loadCsv(dirty, cityFields) }))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AirCanError);
  expect(error).toMatchObject({
    code: "data-error",
    where: { row: 3, line: 3, field: "population", value: "many" },
  });
  const { details } = error as { details: { first_errors: RowError[]; counts: object } };
  expect(details.counts).toEqual({ "extra-cell": 1, "type-error": 2 });
  expect(
    details.first_errors.map(({ code, row, line, byteOffset, field: name, value }) => [
      code,
      row,
      line,
      byteOffset,
      name,
      value,
    ]),
  ).toEqual([
    ["type-error", 3, 3, 28, "population", "many"],
    ["extra-cell", 4, 4, 40, null, '"Ha\nmar",12,3'],
    ["type-error", 5, 6, 54, "population", "-"],
  ]);
});

test.each([
  [
    "drop",
    [
      { name: "Oslo", population: 709037 },
      { name: "Alta", population: 5 },
    ],
  ],
  [
    "report",
    [
      { name: "Oslo", population: 709037 },
      { name: "Alta", population: 5 },
    ],
  ],
  [
    "clear",
    [
      { name: "Oslo", population: 709037 },
      { name: "Bergen", population: null },
      { name: "Tromsø", population: null },
      { name: "Alta", population: 5 },
    ],
  ],
  [
    "keep",
    [
      { name: "Oslo", population: "709037" },
      { name: "Bergen", population: "many" },
      { name: "Tromsø", population: "-" },
      { name: "Alta", population: "5" },
    ],
  ],
] as const)("under %s the bad cells are treated so", async (onError, expected) => {
  const found: Row[] = [];
  const relation = loadCsv(dirty, cityFields, { onError });
  const result = await engine.run(
    planOf({ data: relation }, async (run) => {
      found.push(...(await collect(run.rows(relation))));
    }),
  );
  expect(found).toEqual(expected);
  expect(result.errorCounts).toEqual({ "extra-cell": 1, "type-error": 2 });
  expect(result.resources.data?.errors).toBe(3);
  expect(result.resources.data?.fields[1]?.type).toBe(onError === "keep" ? "string" : "integer");
});

test("a callback decides on each finding", async () => {
  const asked: string[] = [];
  const relation = loadCsv(dirty, cityFields, {
    onError: (error) => {
      asked.push(`${error.row} ${error.code}`);
      return error.value === "-";
    },
  });
  expect(await collect(engine.stream(relation))).toEqual([
    { name: "Oslo", population: "709037" },
    { name: "Tromsø", population: "-" },
    { name: "Alta", population: "5" },
  ]);
  expect(asked).toEqual(["3 type-error", "4 extra-cell", "5 type-error"]);
});

test("reported findings are rows of a side resource", async () => {
  const relation = loadCsv(dirty, cityFields, { onError: "report" });
  const errors: ErrorsRelation = { kind: "errors", of: [relation], schema: { fields: [] }, at };
  const found = await collect(engine.stream(errors));
  expect(found.map(({ code, row, value }) => [code, row, value])).toEqual([
    ["type-error", 3, "many"],
    ["extra-cell", 4, '"Ha\nmar",12,3'],
    ["type-error", 5, "-"],
  ]);
});

test("a cell against a guess widens the guess over the whole file", async () => {
  const relation = loadCsv("a,1\nb,2.5\n", cityFields, { guessed: ["name", "population"] });
  const thrown = await engine.run(planOf({ data: relation })).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(GuessWidened);
  expect((thrown as GuessWidened).fields).toEqual([
    {
      field: { name: "name", type: "string" },
      reason: "cells are text",
      confidence: 0.67,
      candidates: [],
    },
    {
      field: { name: "population", type: "number" },
      confidence: 0.67,
      candidates: [],
      reason: 'every cell reads as number; against integer speak "2.5" in row 3',
    },
  ]);
});

test("a cast of a guess reads what stands in the file", async () => {
  const guessed = castTable(
    csvTable("zip,n\n0150,1.50\n", ["zip", "n"]),
    [
      { name: "zip", type: "integer" },
      { name: "n", type: "number" },
    ],
    { guessed: ["zip", "n"] },
  );
  const told = {
    ...guessed,
    kind: "cast",
    input: guessed,
    fields: [
      { name: "zip", type: "string" },
      { name: "n", type: "string" },
    ],
    guessed: [],
    schema: {
      fields: [
        { name: "zip", type: "string" },
        { name: "n", type: "string" },
      ],
    },
  } as const;
  expect(await collect(engine.stream(told))).toEqual([{ zip: "0150", n: "1.50" }]);
});

test("digits survive to CSV, JSON and Parquet and back", async () => {
  const fields = [
    { name: "big", type: "integer" },
    { name: "decimal", type: "number" },
    { name: "huge", type: "integer" },
  ] as const;
  const body = [
    "9007199254740993,0.1,123456789012345678901234567890",
    "-1,123456789012345.678901234567891,5",
    ",-3,1",
  ].join("\n");
  const folder = temporaryFolder();
  const relation = loadCsv(`${body}\n`, fields);
  await engine.run(
    planOf({ data: relation }, async (run) => {
      await run.copyToFile(relation, join(folder, "a.csv"), "csv");
      await run.copyToFile(relation, join(folder, "a.ndjson"), "ndjson");
      await run.copyToFile(relation, join(folder, "a.parquet"), "parquet");
    }),
  );
  expect(readFileSync(join(folder, "a.csv"), "utf8")).toBe(`big,decimal,huge\n${body}\n`);
  expect(readFileSync(join(folder, "a.ndjson"), "utf8").split("\n")[0]).toBe(
    '{"big":9007199254740993,"decimal":"0.1","huge":123456789012345678901234567890}',
  );
});

test("constraints and keys are checked with rows and lines", async () => {
  const fields = [
    { name: "id", type: "integer", constraints: { unique: true } },
    { name: "name", type: "string", constraints: { required: true, minLength: 2, pattern: "[A-Z].*" } },
    { name: "n", type: "number", constraints: { minimum: 0, exclusiveMaximum: 10, enum: [1, 2.5, 9, 11] } },
  ] as const;
  const relation = loadCsv("1,Oslo,1\n2,x,2.5\n1,Bergen,9\n3,,11\n", fields, { onError: "report" });
  const checked = check(relation, { onError: "report", resource: "data" }, at);
  const errors: ErrorsRelation = { kind: "errors", of: [checked], schema: { fields: [] }, at };
  const found = await collect(engine.stream(errors));
  expect(found.map(({ code, row, field: name, message }) => [code, row, name, message])).toEqual([
    ["constraint-error", 3, "name", '"x" in the field "name" must be at least 2 long.'],
    ["constraint-error", 3, "name", '"x" in the field "name" must be a text like [A-Z].*.'],
    ["unique-error", 4, "id", '"1" in the field "id" stands in row 2 already.'],
    ["constraint-error", 5, "name", 'The empty cell in the field "name" must have a value.'],
    ["constraint-error", 5, "n", '"11" in the field "n" must be less than 10.'],
  ]);
  expect(await collect(engine.stream(checked))).toEqual([{ id: 1, name: "Oslo", n: 1 }]);
});
