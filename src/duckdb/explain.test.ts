import { expect, test } from "vitest";
import { check, distinct, filter, limit, map, project, sort } from "../plan/build.ts";
import { call, field, literal } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { sqlOf } from "./explain.ts";
import { openSession, query } from "./session.ts";
import { at, loadCsv, planOf } from "./testing.ts";

const fields = [
  { name: "name", type: "string" },
  { name: "n", type: "integer" },
  { name: "day", type: "date" },
] as const;
const cities = loadCsv("Oslo,1,2026-01-31\n", fields);

const relations: Readonly<Record<string, Relation>> = {
  cast: cities,
  filter: filter(cities, call(">", field("n"), literal(1)), at),
  project: project(
    cities,
    [{ field: { name: "N", type: "string" }, value: call("upper", field("name")) }],
    at,
  ),
  sort: sort(cities, [{ value: field("n"), descending: true }], at),
  distinct: distinct(cities, ["name"], at),
  limit: limit(cities, 5, at),
  check: check(
    {
      ...cities,
      schema: {
        fields: [{ name: "name", type: "string", constraints: { required: true } }, fields[1], fields[2]],
      },
    },
    { onError: "fail", resource: "data" },
    at,
  ),
};

/** The SQL of a plan without the path of its file, which differs from run to run. */
const withoutPath = (sql: string) => sql.replaceAll(/read_csv\('[^']*'/g, "read_csv('data.csv'");

test.each(Object.keys(relations))("the SQL of %s is known, and DuckDB plans it", async (kind) => {
  const relation = relations[kind];
  if (!relation) throw new Error(kind);
  const sql = sqlOf(relation);
  expect(withoutPath(sql)).toMatchSnapshot();
  const session = await openSession();
  try {
    const plan = await query(session, `EXPLAIN ${sql}`);
    expect(String(plan[0]?.[1])).toContain("READ_CSV");
  } finally {
    await session.close();
  }
});

test("a plan is told step by step: what DuckDB does, and each break to JavaScript", () => {
  const double = map(
    cities,
    { apply: (row) => Number(row.n) * 2, target: { name: "m", type: "integer" }, pure: true },
    { step: "2", processor: "add_field" },
  );
  const counted = map(
    double,
    { apply: () => undefined, target: null, pure: false },
    { step: "3", processor: "row" },
  );
  const lines = createDuckDBEngine()
    .explain(planOf({ cities: counted }, async () => {}))
    .split("\n");
  expect(lines.filter((line) => !line.startsWith("  sql"))).toEqual([
    "cities",
    "  step 1  load           scan      DuckDB",
    "  step 1  load           cast      DuckDB: name as string, n as integer, day as date",
    "  step 2  add_field      map       break to JavaScript, called by DuckDB, in any order; reads what it touches of: name, n, day",
    "  step 3  row            map       break to JavaScript, called by DuckDB, once per row, in row order; reads what it touches of: name, n, day, m",
    "  gives   name string, n integer, day date, m integer",
    "",
    "writes",
    "  step 9  test: test",
  ]);
  const sql = lines.find((line) => line.startsWith("  sql")) ?? "";
  expect(sql).toContain('row_function_of_step_2("name", "n", "day")');
  expect(sql).toContain('row_function_of_step_3("name", "n", "day", "m")');
});
