import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { Relation } from "../plan/relation.ts";
import { type LoadOptions, type LoadResult, loadTable, type TableLoad } from "./load-table.ts";
import { startTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());
afterEach(() => database.query("drop schema public cascade; create schema public"));

/** An engine that gives these bytes, whatever the relation. */
function engineOf(...chunks: (string | Error)[]): EngineRun {
  const stream = Readable.from(
    (async function* () {
      for (const chunk of chunks) {
        if (typeof chunk !== "string") throw chunk;
        yield chunk;
      }
    })(),
  );
  const never = async () => {
    throw new Error("not used by a load");
  };
  return {
    signal: new AbortController().signal,
    temporaryFolder: "",
    copyToFile: never,
    rows: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
    count: never,
    fields: async ({ schema }) => schema.fields,
    copyToPostgres: () => ({ stream, done: Promise.resolve({ rows: 0 }) }),
  };
}

const people: readonly Field[] = [
  { name: "id", type: "integer" },
  { name: "Name", type: "string" },
];

type Wanted = Partial<Omit<TableLoad, "run">> & Partial<LoadOptions> & { readonly fields?: readonly Field[] };

async function stage(csv: string | EngineRun, { fields = people, ...wanted }: Wanted = {}) {
  const relation: Relation = {
    kind: "rows",
    open: () => [],
    schema: { fields },
    at: { step: "1", processor: "test" },
  };
  return loadTable({
    run: typeof csv === "string" ? engineOf(csv) : csv,
    relation,
    resource: { name: "people", schema: { fields } },
    database: database.url,
    table: "people",
    mode: "replace",
    lockTimeout: 5000,
    ...wanted,
  });
}

async function load(csv: string | EngineRun, wanted: Wanted = {}): Promise<LoadResult | undefined> {
  const staged = await stage(csv, wanted);
  await staged.commit();
  return staged.results[0];
}

const rows = (sql = 'select id, "Name" from people') => database.query(sql);
const failure = (promise: Promise<unknown>): Promise<AirCanError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof AirCanError ? error : Promise.reject(error)),
  );
const tables = async () =>
  (await database.query("select tablename from pg_tables where schemaname = 'public' order by 1")).map(
    ({ tablename }) => tablename,
  );

describe("replace", () => {
  test("makes the table with typed columns, comments and the result that the command prints", async () => {
    const result = await load('1,Ann\n2,""\n3,\n');
    expect(await rows()).toEqual([
      { id: "1", Name: "Ann" },
      { id: "2", Name: "" },
      { id: "3", Name: null },
    ]);
    expect(result).toEqual({
      name: "people",
      schema: "public",
      table: "people",
      mode: "replace",
      rows: 3,
      inserted: 3,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      bytes: 0,
      seconds: expect.any(Number),
      fields: [
        { name: "id", column: "id", type: "integer", sql_type: "bigint" },
        { name: "Name", column: "Name", type: "string", sql_type: "text" },
      ],
      errors: {},
      first_errors: [],
    });
  });

  test("keeps each type's values exactly", async () => {
    const fields: Field[] = [
      { name: "integer", type: "integer" },
      { name: "wide", type: "integer", digits: { integer: 30, fraction: 0 } },
      { name: "number", type: "number" },
      { name: "decimal", type: "number", digits: { integer: 20, fraction: 10 } },
      { name: "boolean", type: "boolean" },
      { name: "date", type: "date" },
      { name: "time", type: "time" },
      { name: "local", type: "datetime" },
      { name: "instant", type: "datetime", zoned: true },
      { name: "year", type: "year" },
      { name: "yearmonth", type: "yearmonth" },
      { name: "duration", type: "duration" },
      { name: "object", type: "object" },
      { name: "geopoint", type: "geopoint" },
      { name: "any", type: "any" },
    ];
    const cells = [
      "9007199254740993",
      "123456789012345678901234567890",
      "0.1",
      "12345678901234567890.0123456789",
      "true",
      "2020-02-29",
      "13:45:00.123456",
      "2020-02-29T13:45:00",
      "2020-02-29T13:45:00Z",
      "2026",
      "2026-01",
      "P1Y2M3DT4H5M6S",
      '"{""a"": 1}"',
      '"10.5,59.9"',
      "x",
    ];
    await load(`${cells.join(",")}\n`, { fields });
    const [row] = await database.query("select * from people");
    expect(Object.keys(row ?? {})).toEqual(fields.map(({ name }) => name));
    const [types] = await database.query(
      "select json_object_agg(attname, format_type(atttypid, atttypmod) order by attnum) as t from pg_attribute where attrelid = 'people'::regclass and attnum > 0",
    );
    expect(types?.t).toEqual({
      integer: "bigint",
      wide: "numeric",
      number: "double precision",
      decimal: "numeric",
      boolean: "boolean",
      date: "date",
      time: "time without time zone",
      local: "timestamp without time zone",
      instant: "timestamp with time zone",
      year: "integer",
      yearmonth: "text",
      duration: "interval",
      object: "jsonb",
      geopoint: "point",
      any: "text",
    });
    const [text] = await database.query(
      "select wide::text, number::text, decimal::text, date::text, instant at time zone 'utc' = '2020-02-29 13:45' as instant, geopoint::text from people",
    );
    expect(text).toEqual({
      wide: cells[1],
      number: "0.1",
      decimal: cells[3],
      date: "2020-02-29",
      instant: true,
      geopoint: "(10.5,59.9)",
    });
  });

  test("gives any labels valid columns and keeps the labels as comments", async () => {
    const labels = ["", "_id", 'a "b"', "é".repeat(100), "a", "A", "x; drop table people"];
    const fields = labels.map((name): Field => ({ name, type: "integer" }));
    const result = await load("1,2,3,4,5,6,7\n", { fields });
    const comments = await database.query(
      "select attname as column, col_description(attrelid, attnum) as label from pg_attribute where attrelid = 'people'::regclass and attnum > 0 order by attnum",
    );
    expect(comments).toEqual(
      labels.map((label, i) => ({ column: result?.fields[i]?.column, label: label || null })),
    );
    expect(result?.fields.map(({ column }) => column)).toEqual([
      "field1",
      "id",
      "a 'b'",
      expect.stringMatching(/^é{27}_[0-9a-f]{8}$/),
      "a",
      "A_2",
      "x; drop table people",
    ]);
  });

  test("shows readers the old rows until the commit", async () => {
    await load("1,old\n");
    const staged = await stage("2,new\n3,new\n");
    expect(await rows()).toEqual([{ id: "1", Name: "old" }]);
    await staged.commit();
    expect(await rows()).toEqual([
      { id: "2", Name: "new" },
      { id: "3", Name: "new" },
    ]);
    expect(await tables()).toEqual(["people"]);
  });

  test("changes nothing when it is discarded, or when the source fails half-way", async () => {
    await load("1,old\n");
    await (await stage("2,new\n")).discard();
    const bad = new AirCanError("data-error", "a bad cell");
    expect(await failure(stage(engineOf("2,new\n", bad)))).toBe(bad);
    expect(await rows()).toEqual([{ id: "1", Name: "old" }]);
    expect(await tables()).toEqual(["people"]);
  });

  test("may change the columns, and keeps the rights", async () => {
    await load("1,old\n");
    await database.query("drop role if exists reader; create role reader; grant select on people to reader");
    await load("2020-01-01\n", { fields: [{ name: "day", type: "date" }] });
    const granted = await database.query(
      "select grantee, privilege_type from information_schema.role_table_grants where table_name = 'people' and grantee = 'reader'",
    );
    expect(granted).toEqual([{ grantee: "reader", privilege_type: "SELECT" }]);
    await database.query("drop table people; drop role reader");
  });

  test("exchanges the rows of a table that a view reads, and refuses other columns by naming the view", async () => {
    await load("1,old\n");
    await database.query('create view names as select "Name" from people');
    await load("2,new\n");
    expect(await rows("select * from names")).toEqual([{ Name: "new" }]);
    const error = await failure(load("3\n", { fields: [{ name: "id", type: "integer" }] }));
    expect(error.code).toBe("table-error");
    expect(error.message).toBe(
      'The file does not fit the table people: the file has no column "Name"; the view names would be lost if the table were made anew.',
    );
    expect(await rows()).toEqual([{ id: "2", Name: "new" }]);
  });

  test("refuses keys that repeat or are empty, with their rows", async () => {
    const error = await failure(load("1,a\n2,b\n1,c\n,d\n", { key: ["id"] }));
    expect(error.code).toBe("primary-key");
    expect(error.message).toBe(
      "2 rows have no key of its own. Row 3: the key id = 1 stands already in row 1.",
    );
    expect(error.details).toMatchObject({
      counts: { "primary-key": 2 },
      first_errors: [
        { row: 3, field: "id", value: "1" },
        { row: 4, field: "id", value: "null", message: "Row 4: the key id is empty." },
      ],
    });
    expect(await tables()).toEqual([]);
  });

  test("numbers the rows for the DataStore", async () => {
    await load("7,a\n8,b\n", { numbered: true });
    await load("9,c\n", { numbered: true, mode: "append" });
    expect(await rows("select _id, id from people order by _id")).toEqual([
      { _id: "1", id: "7" },
      { _id: "2", id: "8" },
      { _id: "3", id: "9" },
    ]);
  });

  test("waits for a reader at the swap, and gives up in time with the old rows in place", async () => {
    await load("1,old\n");
    const reader = new pg.Client(database.url);
    await reader.connect();
    await reader.query("begin; select * from people");
    const error = await failure(load("2,new\n", { lockTimeout: 300 }));
    expect([error.code, error.message]).toEqual([
      "timeout",
      "people was in use for 0.3 s, so the new rows could not take their place.",
    ]);
    const waiting = load("2,new\n");
    await reader.query("commit");
    await waiting;
    await reader.end();
    expect(await rows()).toEqual([{ id: "2", Name: "new" }]);
  });
});

describe("append", () => {
  test("adds rows, also when its columns stand in another order", async () => {
    await load("1,a\n");
    const result = await load("b,2\n", { mode: "append", fields: people.toReversed() });
    expect(result).toMatchObject({ rows: 1, inserted: 1, updated: 0, unchanged: 0 });
    expect(await rows()).toEqual([
      { id: "1", Name: "a" },
      { id: "2", Name: "b" },
    ]);
  });

  test.each<[string, Field[], string, string]>([
    [
      "unknown columns",
      [...people, { name: "age", type: "integer" }],
      "2,b,3\n",
      'the table has no column "age"',
    ],
    ["missing columns", [{ name: "id", type: "integer" }], "2\n", 'the file has no column "Name"'],
    [
      "other types",
      [
        { name: "id", type: "date" },
        { name: "Name", type: "integer" },
      ],
      "2020-01-01,5\n",
      "other types: id (date in the file, bigint in the table)",
    ],
  ])("refuses %s by name", async (_, fields, csv, finding) => {
    await load("1,a\n");
    const error = await failure(load(csv, { mode: "append", fields }));
    expect(error.code).toBe("table-error");
    expect(error.message).toBe(
      `The file does not fit the table people: ${finding}; an append does not change a table.`,
    );
    expect(await rows()).toEqual([{ id: "1", Name: "a" }]);
  });

  test("refuses a key that the table has", async () => {
    await load("1,a\n", { key: ["id"] });
    const error = await failure(load("1,b\n", { mode: "append" }));
    expect([error.code, error.message]).toEqual([
      "primary-key",
      "A row cannot be added to people: Key (id)=(1) already exists.",
    ]);
  });
});

describe("upsert", () => {
  const mode = { mode: "upsert", key: ["id"] } as const;

  test("says how many rows were new, changed and unchanged", async () => {
    await load("1,a\n2,b\n3,\n", mode);
    const result = await load("2,B\n3,\n4,d\n", mode);
    expect(result).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 1 });
    expect(await rows('select id, "Name" from people order by id')).toEqual([
      { id: "1", Name: "a" },
      { id: "2", Name: "B" },
      { id: "3", Name: null },
      { id: "4", Name: "d" },
    ]);
    expect(await tables()).toEqual(["people"]);
  });

  test("compares values that have no equality by their text", async () => {
    const fields: Field[] = [
      { name: "id", type: "integer" },
      { name: "place", type: "geopoint" },
    ];
    await load('1,"1,2"\n2,"3,4"\n', { ...mode, fields });
    expect(await load('1,"1.0,2"\n2,"3,5"\n', { ...mode, fields })).toMatchObject({
      updated: 1,
      unchanged: 1,
    });
  });

  test("takes a table whose columns are all in the key", async () => {
    const fields: Field[] = [{ name: "id", type: "integer" }];
    await load("1\n", { ...mode, fields });
    expect(await load("1\n2\n", { ...mode, fields })).toMatchObject({
      inserted: 1,
      updated: 0,
      unchanged: 1,
    });
  });

  test("indexes a table that was loaded without a key, and refuses one whose rows repeat it", async () => {
    await load("1,a\n2,b\n");
    expect(await load("2,c\n", mode)).toMatchObject({ inserted: 0, updated: 1 });
    await load("1,a\n1,b\n");
    const error = await failure(load("2,c\n", mode));
    expect([error.code, error.message]).toEqual([
      "table-error",
      "The rows that stand in people repeat the key: Key (id)=(1) is duplicated.",
    ]);
  });

  test("refuses keys that repeat in the file, with their rows", async () => {
    await load("1,a\n", mode);
    const error = await failure(load("2,b\n3,c\n2,d\n", mode));
    expect(error.details).toMatchObject({ first_errors: [{ code: "primary-key", row: 3, value: "2" }] });
    expect(await rows()).toEqual([{ id: "1", Name: "a" }]);
  });

  test("needs a key that the file has", async () => {
    expect((await failure(load("1,a\n", { mode: "upsert" }))).code).toBe("config-error");
    const error = await failure(load("1,a\n", { mode: "upsert", key: ["nr"] }));
    expect([error.code, error.message]).toEqual([
      "unknown-field",
      'The key names the field "nr", but the fields are: id, Name.',
    ]);
  });
});

describe("two loads of one table", () => {
  test("queue", async () => {
    const first = await stage("1,first\n");
    const second = load("2,second\n", { mode: "append" });
    await first.commit();
    await second;
    expect(await rows()).toEqual([
      { id: "1", Name: "first" },
      { id: "2", Name: "second" },
    ]);
  });

  test("say clearly that they waited too long", async () => {
    const first = await stage("1,first\n");
    const error = await failure(stage("2,second\n", { lockTimeout: 200 }));
    expect([error.code, error.message]).toEqual([
      "timeout",
      "Another load into public.people has not ended within 0.2 s.",
    ]);
    await first.commit();
  });
});

describe("a database that refuses", () => {
  const at = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  test.each<[string, (url: URL) => void, RegExp]>([
    [
      "a wrong password",
      (url) => {
        url.password = "wrong";
      },
      /refused the user or the password/,
    ],
    [
      "no such database",
      (url) => {
        url.pathname = "/none";
      },
      /no such database/,
    ],
    [
      "a server that is down",
      (url) => {
        url.port = "1";
      },
      /cannot be reached.*ECONNREFUSED/,
    ],
  ])("%s", async (_, change, message) => {
    const error = await failure(load("1,a\n", { database: at(change) }));
    expect(error.code).toBe("database-error");
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error)).not.toMatch(/secret|wrong/);
  });

  test("a user without rights", async () => {
    await load("1,a\n");
    await database.query("create role guest login password 'guest'; grant usage on schema public to guest");
    const guest = at((url) => {
      url.username = "guest";
      url.password = "guest";
    });
    const errors = [
      await failure(load("1,a\n", { database: guest })),
      await failure(load("1,a\n", { database: guest, table: "other" })),
      await failure(load("1,a\n", { database: guest, mode: "append" })),
    ];
    expect(errors.map(({ code }) => code)).toEqual(["database-error", "database-error", "database-error"]);
    expect(errors[0]?.message).toBe("The table people belongs to postgres, so it cannot be replaced.");
    expect(errors[1]?.message).toMatch(/the user may not do this \(permission denied for schema public\)/);
    await database.query("drop owned by guest; drop role guest");
  });

  test("a name that is a view's", async () => {
    await database.query("create view people as select 1 as id");
    const error = await failure(load("1,a\n"));
    expect([error.code, error.message]).toEqual([
      "table-error",
      "people is a view, so nothing can be loaded into it.",
    ]);
  });

  test("a value that does not fit the column", async () => {
    await database.query('create table people (id bigint, "Name" varchar(3))');
    const error = await failure(load("1,long\n", { mode: "append" }));
    expect(error.code).toBe("table-error");
    expect(error.message).toMatch(/value too long for type character varying\(3\)/);
  });

  test("goes away in the middle of the rows, and has the old rows when it is back", async () => {
    await load("1,old\n");
    const killed = engineOf("2,new\n");
    const stream = Readable.from(
      (async function* () {
        yield "2,new\n".repeat(20_000);
        await database.kill();
        yield "3,new\n";
      })(),
    );
    const error = await failure(
      load({ ...killed, copyToPostgres: () => ({ stream, done: Promise.resolve({ rows: 0 }) }) }),
    );
    await database.start();
    expect(error.code).toBe("database-error");
    expect(error.message).toMatch(/went away|shut down/);
    expect(await rows()).toEqual([{ id: "1", Name: "old" }]);
    expect(await tables()).toEqual(["people"]);
  });
});

test("a cancelled load changes nothing and says that it was cancelled", async () => {
  await load("1,old\n");
  const stop = new AbortController();
  const stream = Readable.from(
    (async function* () {
      yield "2,new\n";
      stop.abort();
      yield "3,new\n";
    })(),
  );
  const run = {
    ...engineOf(),
    signal: stop.signal,
    copyToPostgres: () => ({ stream, done: Promise.resolve({ rows: 0 }) }),
  };
  expect((await failure(load(run))).code).toBe("interrupted");
  expect(await rows()).toEqual([{ id: "1", Name: "old" }]);
});

test("a load whose process is killed among its rows leaves nothing, and the next one need not wait", async () => {
  await load("1,old\n");
  const program = `
    import { Readable } from "node:stream";
    import { loadTable } from "${new URL("./load-table.ts", import.meta.url).href}";
    const stream = Readable.from((async function* () {
      yield "2,new\\n".repeat(100000);
      process.stdout.write("half");
      await new Promise((resolve) => setTimeout(resolve, 60000));
    })());
    const fields = ${JSON.stringify(people)};
    await loadTable({
      run: { signal: new AbortController().signal, fields: async () => fields, copyToPostgres: () => ({ stream, done: Promise.resolve({ rows: 0 }) }) },
      relation: { kind: "rows", schema: { fields } }, resource: { name: "people" },
      database: ${JSON.stringify(database.url)}, table: "people", mode: "replace",
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  await load("3,next\n");
  expect(await rows()).toEqual([{ id: "3", Name: "next" }]);
  expect(await tables()).toEqual(["people"]);
});
