import { expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { filter, map } from "../plan/build.ts";
import { call, field, literal } from "../plan/expression.ts";
import type { Relation, Row } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, collect, loadCsv, planOf } from "./testing.ts";

const engine = createDuckDBEngine();
const fields = [
  { name: "text", type: "string" },
  { name: "n", type: "integer" },
  { name: "x", type: "number" },
  { name: "yes", type: "boolean" },
  { name: "other", type: "date" },
] as const;

/** Texts of all lengths around those that DuckDB keeps apart, in several scripts, and missing ones. */
const texts = [
  "",
  "a",
  "twelve bytes",
  "thirteen byte",
  "Tromsø og Ålesund",
  "東京都",
  "😀 is two units",
  "x".repeat(5000),
];

const rowOf = (i: number) => ({
  text: texts[i % texts.length] || null,
  n: i % 7 === 0 ? null : i % 11 === 0 ? 9_007_199_254_740_993n : i - 5000,
  x: i % 5 === 0 ? null : i / 8,
  yes: i % 3 === 0 ? null : i % 2 === 0,
});
const count = 12_000;
const expected = Array.from({ length: count }, (_, i) => rowOf(i));
const body = expected
  .map(({ text, n, x, yes }) => [text ?? "", n ?? "", x ?? "", yes ?? "", "2026-01-31"].join(","))
  .join("\n");

/** Adds a field computed by a function that may run in any order. */
function adding(input: Relation, target: Field, apply: (row: Row) => unknown, pure = true): Relation {
  return map(input, { apply, target, pure }, at);
}

/** The rows of a relation as a sink sees them; a run repeats what a stream cannot. */
async function rowsIn(relation: Relation): Promise<Row[]> {
  let found: Row[] = [];
  await engine.run(
    planOf({ data: relation }, async (run) => {
      found = await collect(run.rows(relation));
    }),
  );
  return found;
}

test.each([true, false])("values cross both ways as they are (pure: %s)", async (pure) => {
  const source = loadCsv(`${body}\n`, fields);
  const copies = (["text", "n", "x", "yes"] as const).reduce<Relation>(
    (input, name) =>
      adding(
        input,
        { name: `${name}2`, type: fields.find((each) => each.name === name)?.type ?? "any" },
        (row) => row[name],
        pure,
      ),
    source,
  );
  const rows = await rowsIn(copies);
  expect(rows.map(({ text2, n2, x2, yes2 }) => ({ text: text2, n: n2, x: x2, yes: yes2 }))).toEqual(expected);
});

test("an error names the first row that throws, also where the order is free", async () => {
  const failing = adding(loadCsv(`${body}\n`, fields), { name: "y", type: "integer" }, (row) => {
    if (Number(row.n) > 2000 && typeof row.n === "number") throw new Error(`too large: ${row.n}`);
    return 1;
  });
  await expect(engine.run(planOf({ data: failing }))).rejects.toMatchObject({
    code: "row-function-error",
    message: "The function of step 1 (load) threw at row 7002: too large: 2001",
    where: { row: 7002 },
  });
});

test("a value that does not fit its field names field, type and row", async () => {
  const wrong = adding(loadCsv("a,1,,,\n", fields), { name: "y", type: "integer" }, () => 1.5);
  await expect(engine.run(planOf({ data: wrong }))).rejects.toThrow(
    'threw at row 1: 1.5 does not fit the field "y" of type integer',
  );
  const wide = adding(loadCsv("a,1,,,\n", fields), { name: "y", type: "integer" }, () => 2n ** 70n);
  await expect(engine.run(planOf({ data: wide }))).rejects.toThrow("does not fit the field");
});

test("a function without arguments gives each row a value of its own", async () => {
  let next = 0;
  const numbered = adding(loadCsv(`${body}\n`, fields), { name: "y", type: "integer" }, () => next++);
  const rows = await rowsIn(numbered);
  expect(new Set(rows.map(({ y }) => y)).size).toBe(count);
});

test("in a large file only the fields that a function reads are made values, and a late one is not missed", async () => {
  const rows = 60_000;
  const wide = "w".repeat(150);
  const lines = Array.from({ length: rows }, (_, i) => `${wide},${i},${i}.50,true,2026-01-31\n`).join("");
  const source = loadCsv(lines, fields);
  const late = adding(source, { name: "y", type: "string" }, (row) =>
    Number(row.n) < 50_000 ? "early" : `late ${row.x} ${row.other}`,
  );
  const last = filter(late, call(">=", field("n"), literal(rows - 2)), at);
  expect(await rowsIn(last)).toMatchObject([
    { n: rows - 2, y: `late ${rows - 2}.5 2026-01-31` },
    { n: rows - 1, y: `late ${rows - 1}.5 2026-01-31` },
  ]);
});

test("rows that an error policy leaves out are never seen, even when the run is repeated", async () => {
  const seen: unknown[] = [];
  const dirty = loadCsv("a,1,,,\nb,many,,,\nc,3,,,\n", fields, { onError: "drop" });
  const noted = adding(dirty, { name: "y", type: "string" }, (row) => {
    seen.push(row.n);
    return `${row.n}`;
  });
  expect((await rowsIn(noted)).map(({ text, y }) => [text, y])).toEqual([
    ["a", "1"],
    ["c", "3"],
  ]);
  expect(new Set(seen)).toEqual(new Set([1, 3]));
});
