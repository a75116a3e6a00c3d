import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeJson } from "../../src/duckdb/json-text.ts";
import { flow, load } from "../../src/index.ts";
import { startTestDatabase, type TestDatabase } from "../../src/sql/test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await database.query(`
    create schema other;
    create table other.cities (a int);
    create table "All types" (id bigint primary key, n numeric, m numeric(10,0), f double precision,
      r real, b boolean, t text, d date, ti time, ts timestamp, tz timestamptz, i interval, j jsonb, u uuid,
      by bytea, arr int[]);
    insert into "All types" values
      (9007199254740993, 123456789012345678901234567890.1234567890, 5, 'Infinity', 0.1, true, '',
       '2020-01-02', '10:11:12.5', '2020-01-02 03:04:05.678', '2020-01-02 03:04:05+01', '1 day 2 hours',
       '{"a": 1.5}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\x00ff', '{1,null}'),
      (2, null, null, null, null, null, e'a\\n"b\\\\', null, null, null, null, null, null, null, null, null);
    create table empty (a int, b text)`);
}, 60_000);
afterAll(() => database.close());

async function read(config: Readonly<Record<string, unknown>> = {}, address = database.url) {
  const { package: found, rows } = await flow(load(address, config)).results();
  const [resource] = found.resources;
  const name = resource?.name ?? "";
  return {
    fields: resource?.schema?.fields.map((field) => `${field.name} ${field.type}`),
    rows: writeJson(rows[name]),
    resource,
  };
}

describe("a table of PostgreSQL", () => {
  test("keeps types, digits, nulls and empty texts", async () => {
    const { fields, rows, resource } = await read({ table: "All types" });
    expect(fields?.join(", ")).toBe(
      "id integer, n number, m integer, f number, r number, b boolean, t string, d date, ti time, ts datetime, tz datetime, i duration, j any, u string, by string, arr array",
    );
    expect(rows).toMatchInlineSnapshot(
      `"[{"id":9007199254740993,"n":"123456789012345678901234567890.1234567890","m":5,"f":null,"r":0.1,"b":true,"t":"","d":"2020-01-02","ti":"10:11:12.5","ts":"2020-01-02T03:04:05.678","tz":"2020-01-02T02:04:05Z","i":"P1DT2H","j":{"a":1.5},"u":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","by":"AP8=","arr":[1,null]},{"id":2,"n":null,"m":null,"f":null,"r":null,"b":null,"t":"a\\n\\"b\\\\","d":null,"ti":null,"ts":null,"tz":null,"i":null,"j":null,"u":null,"by":null,"arr":null}]"`,
    );
    expect(resource).toMatchObject({
      name: "all-types",
      format: "postgresql",
      dialect: { table: "All types" },
    });
  });

  test("without rows has its fields", async () => {
    expect(await read({ table: "empty" })).toMatchObject({ fields: ["a integer", "b string"], rows: "[]" });
  });

  test("can be named in the address, with its schema", async () => {
    expect(await read({}, `${database.url}?table=other.cities`)).toMatchObject({ fields: ["a integer"] });
  });

  test("can be a query, whose names are made unique", async () => {
    const { fields, rows } = await read({ query: 'select id, id % 10 as id from "All types" order by 1;' });
    expect([fields, rows]).toEqual([
      ["id integer", "id2 integer"],
      '[{"id":2,"id2":2},{"id":9007199254740993,"id2":3}]',
    ]);
  });
});

describe("what cannot be read is said, without the password", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
    [
      "no such table",
      { table: "nope" },
      "format-error",
      /has no table "nope"; its tables are All types, empty, other.cities/,
    ],
    ["no query", { query: "selec" }, "usage-error", /The query cannot be run: syntax error/],
    ["a query that writes", { query: "delete from empty returning a" }, "usage-error", /cannot be run/],
  ])("%s", async (_, config, code, message) => {
    const error = await read(config).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  test("on a server, where local files may not be read, no database is", async () => {
    const run = flow(load(database.url)).results({ trusted: false });
    await expect(run).rejects.toMatchObject({ code: "unsafe-path" });
  });
});
