import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { Temporal } from "../base/temporal.ts";
import type { Field } from "../descriptor/types.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { Relation, Row } from "../plan/relation.ts";
import { loadSqlite, type SqliteTable } from "./sqlite.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aircan-sqlite-"));
  path = join(folder, "out.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const people: readonly Field[] = [
  { name: "id", type: "integer" },
  { name: "name", type: "string" },
];

function relationOf(fields: readonly Field[]): Relation {
  return { kind: "rows", open: () => [], schema: { fields }, at: { step: "1", processor: "test" } };
}

/** An engine that gives these rows, and then fails if it shall. */
function engineOf(rows: readonly Row[], failure?: Error): EngineRun {
  const never = async () => Promise.reject(new Error("not used"));
  return {
    signal: new AbortController().signal,
    temporaryFolder: "",
    copyToFile: never,
    count: never,
    copyToPostgres: () => {
      throw new Error("not used");
    },
    fields: async ({ schema }) => schema.fields,
    rows: async function* () {
      yield rows;
      if (failure) throw failure;
    },
  };
}

async function stage(rows: readonly Row[], wanted: Partial<SqliteTable> = {}) {
  return loadSqlite(engineOf(rows), path, [
    { resource: "people", relation: relationOf(people), table: "people", mode: "replace", ...wanted },
  ]);
}

async function load(rows: readonly Row[], wanted: Partial<SqliteTable> = {}): Promise<void> {
  await (await stage(rows, wanted)).commit();
}

function rows(sql = "select * from people"): Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error,
  );

describe("loadSqlite", () => {
  test("replaces a table, also with other columns", async () => {
    await load([{ id: 1, name: "Ann" }]);
    await load([{ day: Temporal.PlainDate.from("2020-02-29") }], {
      relation: relationOf([{ name: "day", type: "date" }]),
    });
    expect(rows()).toEqual([{ day: "2020-02-29" }]);
  });

  test("keeps values, those without a type of SQLite as text", async () => {
    const fields: Field[] = [
      { name: "big", type: "integer" },
      { name: "wide", type: "integer", digits: { integer: 30, fraction: 0 } },
      { name: "number", type: "number" },
      { name: "yes", type: "boolean" },
      { name: "tags", type: "array" },
      { name: "none", type: "string" },
    ];
    await load(
      [
        {
          big: 9007199254740993n,
          wide: 123456789012345678901234567890n,
          number: 0.1,
          yes: true,
          tags: ["a", 1],
          none: null,
        },
      ],
      { relation: relationOf(fields) },
    );
    expect(rows("select cast(big as text) as big, wide, number, yes, tags, none from people")).toEqual([
      {
        big: "9007199254740993",
        wide: "123456789012345678901234567890",
        number: 0.1,
        yes: 1,
        tags: '["a",1]',
        none: null,
      },
    ]);
  });

  test("appends", async () => {
    await load([{ id: 1, name: "Ann" }]);
    await load([{ id: 2, name: null }], { mode: "append" });
    expect(rows()).toEqual([
      { id: 1, name: "Ann" },
      { id: 2, name: null },
    ]);
  });

  test("upserts by its key", async () => {
    const wanted = { mode: "upsert", key: ["id"] } as const;
    await load(
      [
        { id: 1, name: "Ann" },
        { id: 2, name: "Bo" },
      ],
      wanted,
    );
    await load(
      [
        { id: 2, name: "Bob" },
        { id: 3, name: "Cy" },
      ],
      wanted,
    );
    expect(rows()).toEqual([
      { id: 1, name: "Ann" },
      { id: 2, name: "Bob" },
      { id: 3, name: "Cy" },
    ]);
  });

  test("changes nothing before the commit, when it is discarded, and when the rows fail", async () => {
    await load([{ id: 1, name: "old" }]);
    const staged = await stage([{ id: 2, name: "new" }]);
    expect(rows()).toEqual([{ id: 1, name: "old" }]);
    await staged.discard();
    const bad = new AirCanError("data-error", "a bad cell");
    const table: SqliteTable = {
      resource: "people",
      relation: relationOf(people),
      table: "people",
      mode: "replace",
    };
    expect(await failure(loadSqlite(engineOf([{ id: 3, name: "x" }], bad), path, [table]))).toBe(bad);
    expect(rows()).toEqual([{ id: 1, name: "old" }]);
  });

  test.each<[string, Partial<SqliteTable>, string, string]>([
    [
      "other columns",
      {
        mode: "append",
        relation: relationOf([
          { name: "id", type: "integer" },
          { name: "age", type: "integer" },
        ]),
      },
      "table-error",
      "The data does not fit the table people: the table has no column age; the data has no column name.",
    ],
    [
      "an upsert without a key",
      { mode: "upsert" },
      "config-error",
      "To upsert into people, a key is needed.",
    ],
    [
      "a key that is no field",
      { key: ["nr"] },
      "unknown-field",
      'The key names the field "nr", but the fields are: id, name.',
    ],
  ])("refuses %s", async (_, wanted, code, message) => {
    await load([{ id: 1, name: "Ann" }]);
    expect(await failure(load([{ id: 1, name: "x" }], wanted))).toMatchObject({ code, message });
    expect(rows()).toEqual([{ id: 1, name: "Ann" }]);
  });

  test("refuses a row that repeats a key, with its number", async () => {
    const error = await failure(
      load(
        [
          { id: 1, name: "a" },
          { id: 1, name: "b" },
        ],
        { key: ["id"] },
      ),
    );
    expect(error).toMatchObject({ code: "primary-key", where: { table: "people", row: 2 } });
  });

  test("says what is wrong with the file", async () => {
    writeFileSync(path, "this is no database, whatever its name says, and it is long enough to be looked at");
    expect(await failure(load([]))).toMatchObject({
      code: "database-error",
      message: `The SQLite file ${path} cannot be written: it is no SQLite database.`,
    });
    path = join(folder, "none", "out.db");
    expect(await failure(load([]))).toMatchObject({
      code: "database-error",
      message: `The SQLite file ${path} cannot be written: it cannot be opened or made.`,
    });
  });
});
