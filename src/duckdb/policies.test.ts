import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check, map } from "../plan/build.ts";
import { GuessWidened } from "../plan/engine.ts";
import type { CheckRelation, ErrorPolicy, Row } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, collect, loadCsv, planOf, temporaryFolder } from "./testing.ts";

const engine = createDuckDBEngine();

const fields = [
  { name: "id", type: "integer", constraints: { unique: true } },
  { name: "name", type: "string", constraints: { required: true } },
  { name: "n", type: "number", constraints: { minimum: 0 } },
] as const;
const body = "1,Oslo,1\n2,,2.5\n1,Bergen,9\n3,Alta,-4\n4,Voss,\n";
const all = [
  { id: 1, name: "Oslo", n: 1 },
  { id: 2, name: null, n: 2.5 },
  { id: 1, name: "Bergen", n: 9 },
  { id: 3, name: "Alta", n: -4 },
  { id: 4, name: "Voss", n: null },
];

const checked = (onError: ErrorPolicy): CheckRelation =>
  check(loadCsv(body, fields), { onError, resource: "data" }, at);

/** Rows, and how many findings there were. */
async function outcome(onError: ErrorPolicy): Promise<{ rows: Row[]; counts: object }> {
  const relation = checked(onError);
  let found: Row[] = [];
  const { errorCounts } = await engine.run(
    planOf({ data: relation }, async (run) => {
      found = await collect(run.rows(relation));
    }),
  );
  return { rows: found, counts: errorCounts };
}

const counts = { "constraint-error": 2, "unique-error": 1 };

test.each<[string, ErrorPolicy, readonly object[]]>([
  ["drop", "drop", [all[0], all[4]] as object[]],
  ["report", "report", [all[0], all[4]] as object[]],
  ["keep", "keep", all],
  [
    "clear",
    "clear",
    [
      all[0],
      all[1],
      { id: null, name: "Bergen", n: 9 },
      { id: 3, name: "Alta", n: null },
      all[4],
    ] as object[],
  ],
  ["a callback", ({ field }) => field === "name", [all[0], all[1], all[4]] as object[]],
])("under %s the rows that break a rule are treated so", async (_name, onError, expected) => {
  expect(await outcome(onError)).toEqual({ rows: expected, counts });
});

test("under fail the first findings are told, with all counts", async () => {
  await expect(outcome("fail")).rejects.toMatchObject({
    code: "data-error",
    details: {
      counts,
      first_errors: [
        { code: "constraint-error", row: 3, field: "name" },
        { code: "unique-error", row: 4, field: "id" },
        { code: "constraint-error", row: 5, field: "n" },
      ],
    },
  });
});

test("a type that changes after a million rows widens the guess, and nothing is lost", async () => {
  const rows = 1_000_000;
  const lines = Array.from({ length: rows }, (_, i) => `${i},a\n`).join("");
  const wanted = [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
  ] as const;
  const guessed = loadCsv(`${lines}12x,b\n`, wanted, { guessed: ["id", "name"] });
  const thrown = await engine.run(planOf({ data: guessed })).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(GuessWidened);
  expect((thrown as GuessWidened).fields).toMatchObject([
    {
      field: { name: "id", type: "string" },
      reason:
        '99.9 % of the cells read as integer, others do not; against integer speak "12x" in row 1000002',
      candidates: [{ field: { type: "integer" } }],
    },
    { field: { name: "name", type: "string" }, reason: "cells are text", candidates: [] },
  ]);
  const told = loadCsv(`${lines}12x,b\n`, wanted, { onError: "report" });
  const result = await engine.run(planOf({ data: told }));
  expect(result.resources.data?.rows).toBe(rows);
  expect(result.errors).toMatchObject([
    { code: "type-error", row: rows + 2, line: rows + 2, field: "id", value: "12x" },
  ]);
});

test("two sinks of one flow write the same rows, and a function that keeps state is called once for each", async () => {
  let calls = 0;
  const relation = map(
    loadCsv("1,Oslo,1\n2,Bergen,2\n", [
      { name: "id", type: "integer" },
      { name: "name", type: "string" },
      { name: "n", type: "number" },
    ]),
    { apply: () => ++calls, target: { name: "call", type: "integer" }, pure: false },
    at,
  );
  const folder = temporaryFolder();
  const plan = planOf({ data: relation }, async (run) => {
    await run.copyToFile(relation, join(folder, "out.csv"), "csv");
  });
  const second = planOf({ data: relation }, async (run) => {
    await run.copyToFile(relation, join(folder, "out.ndjson"), "ndjson");
  });
  await engine.run({ ...plan, sinks: [...plan.sinks, ...second.sinks] });
  expect(readFileSync(join(folder, "out.csv"), "utf8")).toBe("id,name,n,call\n1,Oslo,1,1\n2,Bergen,2,2\n");
  const objects = readFileSync(join(folder, "out.ndjson"), "utf8").trim().split("\n");
  expect(objects.map((line) => JSON.parse(line))).toEqual([
    { id: 1, name: "Oslo", n: 1, call: 1 },
    { id: 2, name: "Bergen", n: 2, call: 2 },
  ]);
  expect(calls).toBe(2);
});

test("when one sink fails, none is committed", async () => {
  const relation = loadCsv("1,Oslo,1\n", [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
    { name: "n", type: "number" },
  ]);
  const log: string[] = [];
  const sink = (name: string, stages: boolean) => ({
    ...planOf({ data: relation }, async () => {}).sinks[0],
    at,
    input: [],
    summary: name,
    stage: async () => {
      if (!stages) throw new Error(`${name} is full`);
      return {
        resources: {},
        commit: async () => void log.push(`${name} committed`),
        discard: async () => void log.push(`${name} discarded`),
      };
    },
  });
  const plan = { ...planOf({ data: relation }), sinks: [sink("first", true), sink("second", false)] };
  await expect(engine.run(plan)).rejects.toThrow("second is full");
  expect(log).toEqual(["first discarded"]);
});

test("cells that begin with a space and a quote are read as they stand", async () => {
  const rows = '1, "Esso" nord,1\n2,x,bad\n3,"a, ""b""",2\n4,c "d" e,3\n';
  const relation = loadCsv(rows, fields, { onError: "drop" });
  expect(await collect(engine.stream(relation))).toEqual([
    { id: 1, name: ' "Esso" nord', n: 1 },
    { id: 3, name: 'a, "b"', n: 2 },
    { id: 4, name: 'c "d" e', n: 3 },
  ]);
});
