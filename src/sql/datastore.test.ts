import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { EngineRun } from "../plan/engine.ts";
import { loadIntoDatastore, openPool, prepareDatastore } from "./datastore.ts";
import { dumpDatastore, readDatastore } from "./datastore-dump.ts";
import { datastoreInfo } from "./datastore-info.ts";
import { datastoreSearch, type SearchQuery } from "./datastore-search.ts";
import type { LoadMode } from "./load-table.ts";
import { startTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await load("cities", cityRows, { fields: cityFields });
});
afterAll(() => database.close());

const cityFields: readonly Field[] = [
  { name: "Name", type: "string", title: "City" },
  { name: "population", type: "integer" },
  { name: "area, km²", type: "number" },
  { name: "coastal", type: "boolean" },
  { name: "seen", type: "datetime" },
  { name: "place", type: "geopoint" },
  { name: "tags", type: "array" },
];
const cityRows = [
  'Oslo,709037,454.1,true,2020-02-29T12:00:00,"10.75,59.91","[""fjord"",""capital""]"',
  'Bergen,291940,464.7,true,,"5.32,60.39",[]',
  "Tromsø,9007199254740993,,false,2021-01-01T00:00:00.5,,",
  '"",,0.1,,,,',
].join("\n");

interface Wanted {
  readonly fields: readonly Field[];
  readonly mode?: LoadMode;
  readonly key?: readonly string[];
}

async function load(name: string, csv: string, { fields, mode = "replace", key }: Wanted): Promise<void> {
  const never = async () => Promise.reject(new Error("not used"));
  const run: EngineRun = {
    signal: new AbortController().signal,
    temporaryFolder: "",
    copyToFile: never,
    count: never,
    rows: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
    fields: async ({ schema }) => schema.fields,
    copyToPostgres: () => ({ stream: Readable.from([`${csv}\n`]), done: Promise.resolve({ rows: 0 }) }),
  };
  const staged = await loadIntoDatastore(
    {
      name,
      run,
      relation: { kind: "rows", open: () => [], schema: { fields }, at: { step: "1", processor: "test" } },
      resource: { name, title: "A title" },
      mode,
      ...(key ? { key } : {}),
    },
    { database: database.url },
  );
  await staged.commit();
}

const failure = (promise: Promise<unknown>): Promise<AirCanError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof AirCanError ? error : Promise.reject(error)),
  );
const search = (query: Partial<SearchQuery> = {}) =>
  datastoreSearch(database.url, { resource_id: "cities", ...query });
const names = async (query: Partial<SearchQuery>) =>
  (await search({ ...query, records_format: "lists", fields: "Name" })).records.map((row) =>
    Array.isArray(row) ? row[0] : row,
  );

describe("datastoreSearch", () => {
  test("gives rows in the order of the file, in CKAN's shape, with all digits", async () => {
    const found = await search();
    expect(JSON.parse(JSON.stringify({ ...found, records: [] }))).toEqual({
      resource_id: "cities",
      fields: [
        { id: "_id", type: "int" },
        { id: "Name", type: "text" },
        { id: "population", type: "int8" },
        { id: "area, km²", type: "float8" },
        { id: "coastal", type: "bool" },
        { id: "seen", type: "timestamp" },
        { id: "place", type: "point" },
        { id: "tags", type: "jsonb" },
      ],
      records: [],
      records_format: "objects",
      limit: 100,
      offset: 0,
      include_total: true,
      total: 4,
      total_was_estimated: false,
      _links: {
        start: "/api/3/action/datastore_search?resource_id=cities&limit=100",
        next: "/api/3/action/datastore_search?resource_id=cities&offset=100&limit=100",
      },
    });
    expect(found.records[0]).toEqual({
      _id: 1,
      Name: "Oslo",
      population: 709037,
      "area, km²": 454.1,
      coastal: true,
      seen: "2020-02-29T12:00:00",
      place: "10.75,59.91",
      tags: ["fjord", "capital"],
    });
    expect(JSON.stringify(found.records[2])).toBe(
      '{"_id":3,"Name":"Tromsø","population":9007199254740993,"area, km²":null,"coastal":false,"seen":"2021-01-01T00:00:00.5","place":null,"tags":null}',
    );
    expect(found.records[3]).toMatchObject({ Name: "", population: null });
  });

  test.each<[string, Partial<SearchQuery>, unknown[]]>([
    ["limit and offset", { limit: 2, offset: 1 }, ["Bergen", "Tromsø"]],
    ["no rows", { limit: 0 }, []],
    ["sort", { sort: "Name desc" }, ["Tromsø", "Oslo", "Bergen", ""]],
    [
      "sort by a quoted name with a comma",
      { sort: '"area, km²" desc, Name' },
      ["Bergen", "Oslo", "", "Tromsø"],
    ],
    ["a filter", { filters: { coastal: true } }, ["Oslo", "Bergen"]],
    ["a filter of several values", { filters: { population: [709037, "291940"] } }, ["Oslo", "Bergen"]],
    ["a filter for nothing", { filters: { seen: [null, "2020-02-29T12:00:00"] } }, ["Oslo", "Bergen", ""]],
    ["a filter of a point", { filters: { place: "(5.32,60.39)" } }, ["Bergen"]],
    ["words in any column", { q: "FJORD oslo" }, ["Oslo"]],
    ["words with the characters of a pattern", { q: "%" }, []],
    ["words in one column", { q: { Name: "o" } }, ["Oslo", "Tromsø"]],
    ["text that would be SQL", { filters: { Name: "x' or true --" } }, []],
  ])("understands %s", async (_, query, expected) => {
    expect(await names(query)).toEqual(expected.map((name) => name));
  });

  test("gives distinct values, counted", async () => {
    const found = await search({
      fields: "coastal",
      distinct: true,
      sort: "coastal",
      filters: { coastal: [true, false] },
    });
    expect([found.records, found.total]).toEqual([[{ coastal: false }, { coastal: true }], 2]);
  });

  test("counts only if it shall", async () => {
    expect(await search({ include_total: false })).not.toHaveProperty("total");
  });

  test.each<[string, Partial<SearchQuery>, string, RegExp]>([
    ["a table", { resource_id: "none" }, "not-found", /There is no table "none"/],
    [
      "a field of sort",
      { sort: "x; drop table y" },
      "unknown-field",
      /sort names the field "x; drop table y", but the fields are: _id, Name/,
    ],
    ["a field of filters", { filters: { x: 1 } }, "unknown-field", /filters names/],
    ["a field of fields", { fields: ["x"] }, "unknown-field", /fields names/],
    [
      "a filter's value",
      { filters: { population: "many" } },
      "params-error",
      /invalid input syntax for type bigint/,
    ],
    ["a limit", { limit: -1 }, "params-error", /limit is no whole number/],
  ])("refuses %s that is not there", async (_, query, code, message) => {
    const error = await failure(search(query));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test("reads as a role that can read nothing else and write nothing", async () => {
    const [role] = await database.query(
      "select rolcanlogin, rolsuper from pg_roles where rolname = 'aircan_reader'",
    );
    expect(role).toEqual({ rolcanlogin: false, rolsuper: false });
    const [may] = await database.query(
      "select has_table_privilege('aircan_reader', 'datastore.cities', 'select') as read, has_table_privilege('aircan_reader', 'datastore.cities', 'insert, update, delete, truncate') as write, has_schema_privilege('aircan_reader', 'aircan', 'usage') as other",
    );
    expect(may).toEqual({ read: true, write: false, other: false });
  });

  test("ends a read that takes too long", async () => {
    const error = await failure(
      datastoreSearch(database.url, { resource_id: "cities", q: "x ".repeat(3000) }, { timeout: 1 }),
    );
    expect(error.code).toBe("timeout");
  });

  test("works over a pool, and again after an error", async () => {
    const pool = openPool(database.url);
    await failure(datastoreSearch(pool, { resource_id: "none" }));
    expect((await datastoreSearch(pool, { resource_id: "cities" })).total).toBe(4);
    await pool.end();
  });
});

test("the DataStore is prepared once, also by two at a time", async () => {
  await Promise.all([prepareDatastore(database.url), prepareDatastore(database.url)]);
  expect((await search()).total).toBe(4);
});

test("datastoreInfo gives labels, types, counts and the descriptor", async () => {
  await load("keyed", "1,a\n2,b", {
    fields: [
      { name: "_id", type: "integer" },
      { name: "x", type: "string" },
    ],
    key: ["_id"],
  });
  const info = await datastoreInfo(database.url, "keyed");
  expect(info).toEqual({
    meta: {
      id: "keyed",
      count: 2,
      table_type: "BASE TABLE",
      size: 8192,
      db_size: expect.any(Number),
      idx_size: expect.any(Number),
      aliases: [],
      updated: expect.stringMatching(/^20\d\d-.*Z$/),
    },
    fields: [
      {
        id: "id",
        type: "int8",
        info: { label: "_id" },
        schema: {
          native_type: "bigint",
          notnull: false,
          index_name: expect.stringMatching(/^_aircan_/),
          is_index: true,
          uniquekey: true,
        },
      },
      {
        id: "x",
        type: "text",
        info: { label: "x" },
        schema: { native_type: "text", notnull: false, index_name: null, is_index: false, uniquekey: false },
      },
    ],
    descriptor: {
      name: "keyed",
      title: "A title",
      schema: {
        fields: [
          { name: "_id", type: "integer" },
          { name: "x", type: "string" },
        ],
      },
    },
  });
});

describe("dumpDatastore", () => {
  const dump = async (format: "csv" | "json") =>
    text((await dumpDatastore(database.url, "cities", format)).stream);

  test("writes CSV in the text forms of Table Schema", async () => {
    expect(await dump("csv")).toBe(
      [
        'Name,population,"area, km²",coastal,seen,place,tags',
        'Oslo,709037,454.1,true,2020-02-29T12:00:00,"10.75,59.91","[""fjord"", ""capital""]"',
        'Bergen,291940,464.7,true,,"5.32,60.39",[]',
        "Tromsø,9007199254740993,,false,2021-01-01T00:00:00.5,,",
        '"",,0.1,,,,',
        "",
      ].join("\n"),
    );
  });

  test("writes JSON as a list of objects", async () => {
    const json = await dump("json");
    expect(json).toContain('"population":9007199254740993');
    expect(JSON.parse(json)[0]).toEqual({
      Name: "Oslo",
      population: 709037,
      "area, km²": 454.1,
      coastal: true,
      seen: "2020-02-29T12:00:00",
      place: "10.75,59.91",
      tags: ["fjord", "capital"],
    });
    expect(JSON.parse(json)).toHaveLength(4);
  });

  test("writes an empty list for an empty table", async () => {
    await load("empty", "1", { fields: [{ name: "a", type: "integer" }] });
    await database.query("delete from datastore.empty");
    expect(await text((await dumpDatastore(database.url, "empty", "json")).stream)).toBe("[]\n");
  });

  test("says that there is no such table", async () => {
    expect((await failure(dumpDatastore(database.url, "none", "csv"))).code).toBe("not-found");
  });

  test("ends its transaction when its reader goes away", async () => {
    const pool = openPool(database.url);
    const { stream } = await dumpDatastore(pool, "cities", "csv");
    stream.destroy();
    await pool.end();
    expect(
      await database.query(
        "select count(*)::int as n from pg_stat_activity where application_name = 'aircan reader'",
      ),
    ).toEqual([{ n: 0 }]);
  });
});

test("readDatastore gives a file with the labels, the schema and the difference of null and empty text", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aircan-read-"));
  const table = await readDatastore(database.url, "cities", folder);
  expect(table.resource.schema).toEqual({ fields: cityFields, missingValues: [] });
  expect(table.columns).toEqual(cityFields.map(({ name }) => name));
  const lines = readFileSync(table.path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[2]).toEqual({
    Name: "Tromsø",
    population: "9007199254740993",
    "area, km²": null,
    coastal: "false",
    seen: "2021-01-01T00:00:00.5",
    place: null,
    tags: null,
  });
  expect(lines[3]).toMatchObject({ Name: "", population: null });
  rmSync(folder, { recursive: true });
});
