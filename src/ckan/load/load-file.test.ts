import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AirCanError } from "../../base/errors.ts";
import { createDuckDBEngine } from "../../duckdb/engine.ts";
import { startTestDatabase, type TestDatabase } from "../../sql/test-database.ts";
import { canMount } from "../test-context.ts";
import { type FileLoaded, type LoadReading, loadFile } from "./load-file.ts";
import type { TableTarget } from "./table-sink.ts";

const engine = createDuckDBEngine();
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  [database, folder] = await Promise.all([startTestDatabase(), mkdtemp(join(tmpdir(), "aircan-load-test-"))]);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});
afterEach(() => database.query("drop schema public cascade; create schema public"));

interface Wanted extends Partial<TableTarget> {
  readonly onError?: "fail" | "drop" | "clear" | "keep" | "report";
  readonly reading?: LoadReading;
  readonly signal?: AbortSignal;
  readonly file?: string;
}

async function load(content: string | Buffer, wanted: Wanted = {}): Promise<FileLoaded> {
  const { onError = "fail", reading, signal, file = "t.csv", ...target } = wanted;
  const path = join(folder, file);
  await writeFile(path, content);
  return loadFile({
    source: path,
    target: { database: database.url, kind: "table", mode: "replace", name: "t", ...target },
    onError,
    engine,
    options: { temporaryFolder: folder, ...(signal ? { signal } : {}) },
    ...(reading ? { reading } : {}),
  });
}

const rows = (sql = "select * from t") => database.query(sql);
const failure = (promise: Promise<unknown>): Promise<AirCanError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof AirCanError ? error : Promise.reject(error)),
  );

const goodAndBad = "id,n\n1,5\n2,x\n3,7\n4,y\n";
const schema = {
  fields: [
    { name: "id", type: "integer" },
    { name: "n", type: "integer" },
  ],
};

describe("bad cells", () => {
  const findings = [
    { code: "type-error", row: 3, line: 3, field: "n", value: "x" },
    { code: "type-error", row: 5, line: 5, field: "n", value: "y" },
  ];

  test("end the load, with the first ones and how many of each kind", async () => {
    await load("id,n\n0,0\n");
    const error = await failure(load(goodAndBad, { reading: { schema } }));
    expect(error).toMatchObject({
      code: "data-error",
      details: { first_errors: findings, counts: { "type-error": 2 }, rows: 4 },
    });
    expect(await rows()).toEqual([{ id: "0", n: "0" }]);
  });

  test.each([
    [
      "drop",
      { rejected: 2 },
      [
        { id: "1", n: "5" },
        { id: "3", n: "7" },
      ],
    ],
    [
      "report",
      { rejected: 2 },
      [
        { id: "1", n: "5" },
        { id: "3", n: "7" },
      ],
    ],
    [
      "clear",
      { rejected: 0 },
      [
        { id: "1", n: "5" },
        { id: "2", n: null },
        { id: "3", n: "7" },
        { id: "4", n: null },
      ],
    ],
    [
      "keep",
      { rejected: 0 },
      [
        { id: "1", n: "5" },
        { id: "2", n: "x" },
        { id: "3", n: "7" },
        { id: "4", n: "y" },
      ],
    ],
  ] as const)("under %s", async (onError, counts, wanted) => {
    const loaded = await load(goodAndBad, { reading: { schema }, onError });
    expect(loaded).toMatchObject({
      ...counts,
      rows: wanted.length,
      inserted: wanted.length,
      errors: { "type-error": 2 },
      first_errors: findings,
    });
    expect(await rows()).toEqual(wanted);
  });

  test("under report stand in a file, one row for each error", async () => {
    const errorsPath = join(folder, "errors.csv");
    const { errorsFile } = await load(goodAndBad, { reading: { schema }, onError: "report", errorsPath });
    const text = await readFile(errorsPath, "utf8");
    expect(text).toBe(
      [
        "code,resource,row,line,byteOffset,field,fieldNumber,value,message",
        'type-error,t,3,3,9,n,2,x,"""x"" in the field ""n"" is not a whole number such as 42."',
        'type-error,t,5,5,17,n,2,y,"""y"" in the field ""n"" is not a whole number such as 42."',
        "",
      ].join("\n"),
    );
    expect(errorsFile).toEqual({ path: errorsPath, rows: 2, bytes: Buffer.byteLength(text) });
  });

  test("leave no file of errors where there are none", async () => {
    const errorsPath = join(folder, "none.csv");
    expect(await load("id\n1\n", { onError: "report", errorsPath })).toMatchObject({
      errorsFile: null,
      rejected: 0,
    });
    expect(await readdir(folder)).not.toContain("none.csv");
  });

  test("are those of constraints too", async () => {
    const fields = [
      { name: "id", type: "integer", constraints: { unique: true } },
      { name: "n", type: "integer", constraints: { required: true, maximum: 9 } },
    ];
    const loaded = await load("id,n\n1,5\n1,6\n2,\n3,10\n", {
      reading: { schema: { fields } },
      onError: "drop",
    });
    expect(loaded).toMatchObject({
      rows: 1,
      rejected: 3,
      errors: { "constraint-error": 2, "unique-error": 1 },
    });
    expect(await rows()).toEqual([{ id: "1", n: "5" }]);
  });

  test("of a type that changes late widen a guess, and are no errors", async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i},${i}`);
    const loaded = await load(`id,n\n${lines.join("\n")}\n200000,A1\n`);
    expect(loaded.fields.map(({ sql_type }) => sql_type)).toEqual(["bigint", "text"]);
    expect(await rows("select count(*)::int as n, max(id)::int as last from t")).toEqual([
      { n: 200_001, last: 200_000 },
    ]);
  });
});

test("cells reach the table as the values that they are, however they are written", async () => {
  const fields = [
    { name: "integer", type: "integer" },
    { name: "number", type: "number" },
    { name: "boolean", type: "boolean" },
    { name: "no", type: "boolean", trueValues: ["0"], falseValues: ["1"] },
    { name: "date", type: "date" },
    { name: "us", type: "date", format: "%m/%d/%Y" },
    { name: "local", type: "datetime" },
    { name: "instant", type: "datetime", zoned: true },
    { name: "comma", type: "number", decimalChar: ",", groupChar: "." },
    { name: "list", type: "list", delimiter: "|" },
    { name: "text", type: "string" },
  ];
  const names = fields.map(({ name }) => name).join(";");
  await load(
    [
      names,
      '+007;1e3;True;0;2020-02-29;01/31/2020;2020-02-29T00:00:00;2020-02-29T12:00:00+02:00;1.234,5;"x|y, ""z"""; a ',
      '-9223372036854775808;1e-400;0;1;0001-01-01;12/01/1999;9999-12-31T23:59:59.999999;2020-01-01T00:00:00Z;,5;x;"a""b;c\nd"',
      '0;-INF;;;;;;;;;""',
      "",
    ].join("\n"),
    { reading: { schema: { fields }, delimiter: ";" } },
  );
  const found = await rows(
    `select integer, number::text, "boolean", no, date::text, us::text, local::text, instant at time zone 'UTC' = '2020-02-29T10:00' as noon, comma, list, "text" from t`,
  );
  expect(found).toEqual([
    {
      integer: "7",
      number: "1000",
      boolean: true,
      no: true,
      date: "2020-02-29",
      us: "2020-01-31",
      local: "2020-02-29 00:00:00",
      noon: true,
      comma: 1234.5,
      list: ["x", 'y, "z"'],
      text: " a ",
    },
    {
      integer: "-9223372036854775808",
      number: "0",
      boolean: false,
      no: false,
      date: "0001-01-01",
      us: "1999-12-01",
      local: "9999-12-31 23:59:59.999999",
      noon: false,
      comma: 0.5,
      list: ["x"],
      text: 'a"b;c\nd',
    },
    {
      integer: "0",
      number: "-Infinity",
      boolean: null,
      no: null,
      date: null,
      us: null,
      local: null,
      noon: null,
      comma: null,
      list: null,
      text: null,
    },
  ]);
});

test.each([
  ["a day that is not", "d", "date", "2021-02-29"],
  ["a time of such a day", "d", "datetime", "2021-04-31T00:00:00"],
  ["a word", "d", "boolean", "maybe"],
  ["an integer with a point", "d", "integer", "1.0"],
] as const)("%s is found before the database sees it", async (_, name, type, cell) => {
  const error = await failure(
    load(`x,${name}\n1,${cell}\n`, {
      reading: {
        schema: {
          fields: [
            { name: "x", type: "integer" },
            { name, type },
          ],
        },
      },
    }),
  );
  expect(error).toMatchObject({
    code: "data-error",
    details: { first_errors: [{ row: 2, field: name, value: cell }] },
  });
});

test("whole numbers beyond 64 bits and long decimals keep their digits", async () => {
  await load("a,b\n123456789012345678901234567890,0.12345678901234567891\n1,2.5\n");
  expect(await rows()).toEqual([
    { a: "123456789012345678901234567890", b: "0.12345678901234567891" },
    { a: "1", b: "2.5" },
  ]);
});

test("columns are named for labels of any kind, and tell the label", async () => {
  const labels = ["Größe (m²)", 'say ""hi""', "a", "a", "", "drop table t; --", "🚲", "x".repeat(200)];
  const loaded = await load(`${labels.map((label) => `"${label}"`).join(",")}\n1,2,3,4,5,6,7,8\n`);
  const comments = await rows(
    "select attname as column, col_description(attrelid, attnum) as label from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum",
  );
  expect(comments).toEqual(loaded.fields.map(({ name, column }) => ({ column, label: name })));
  expect(loaded.fields.map(({ column }) => column)).toEqual([
    "Größe (m²)",
    "say 'hi'",
    "a",
    "a2",
    "field5",
    "drop table t; --",
    "🚲",
    expect.stringMatching(/^x{54}_[0-9a-f]{8}$/),
  ]);
});

describe("a key", () => {
  test("tells which rows are new, changed and unchanged", async () => {
    await load("id,n\n1,a\n2,b\n3,c\n", { key: ["id"] });
    const loaded = await load("id,n\n2,b\n3,C\n4,d\n", { mode: "upsert", key: ["id"] });
    expect(loaded).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 1 });
    expect(await rows("select * from t order by id")).toEqual([
      { id: "1", n: "a" },
      { id: "2", n: "b" },
      { id: "3", n: "C" },
      { id: "4", n: "d" },
    ]);
  });

  test("that stands twice in the file is named with its rows, and nothing is loaded", async () => {
    await load("id,n\n1,a\n", { key: ["id"] });
    const error = await failure(load("id,n\n5,a\n6,b\n5,c\n", { mode: "upsert", key: ["id"] }));
    expect(error).toMatchObject({ code: "primary-key", details: { counts: { "primary-key": 1 } } });
    expect(error.message).toContain("Row 4: the key id = 5 stands already in row 2.");
    expect(await rows()).toEqual([{ id: "1", n: "a" }]);
  });

  test("is needed for an upsert", async () => {
    expect(await failure(load("id\n1\n", { mode: "upsert" }))).toMatchObject({ code: "config-error" });
  });
});

describe("what is no table", () => {
  test.each([
    ["an empty file", "", "source-error"],
    ["a picture", "\u0089PNG\r\n\u001a\n0000", "format-error"],
  ])("%s is refused", async (_, content, code) => {
    expect(await failure(load(Buffer.from(content, "latin1")))).toMatchObject({ code });
  });

  test("a header alone gives an empty table", async () => {
    expect(await load("a,b\n")).toMatchObject({ rows: 0, fields: [{ column: "a" }, { column: "b" }] });
    expect(await rows()).toEqual([]);
  });

  test("ragged rows and an unclosed quote are errors with their rows", async () => {
    const error = await failure(load('a,b\n1,2\n1\n1,2,3\n4,"x\n5,6\n'));
    expect(error.details).toMatchObject({
      first_errors: [
        { code: "missing-cell", row: 3 },
        { code: "extra-cell", row: 4 },
        { code: "unclosed-quote", row: 5, line: 5 },
      ],
      counts: { "extra-cell": 1, "missing-cell": 1, "unclosed-quote": 1 },
    });
  });
});

describe("formats", () => {
  test.each([
    ["t.tsv", "a\tb\n1\tx\n"],
    ["t.ndjson", '{"a": 1, "b": "x"}\n'],
    ["t.json", '[{"a": 1, "b": "x"}]'],
  ])("%s", async (file, content) => {
    await load(content, { file });
    expect(await rows()).toEqual([{ a: "1", b: "x" }]);
  });
});

describe("a database that", () => {
  const elsewhere = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  test("refuses the password says so, without telling it", async () => {
    const error = await failure(
      load("a\n1\n", {
        database: elsewhere((url) => {
          url.password = "wrong-one";
        }),
      }),
    );
    expect(error).toMatchObject({ code: "database-error", kind: "io" });
    expect(JSON.stringify(error)).toContain("refused the user or the password");
    expect(JSON.stringify(error)).not.toContain("wrong-one");
  });

  test("is down is named", async () => {
    const url = elsewhere((address) => {
      address.port = "1";
    });
    const error = await failure(load("a\n1\n", { database: url }));
    expect(error).toMatchObject({ code: "database-error", message: expect.stringContaining("127.0.0.1:1") });
  });

  test("lets a role only read refuses the load", async () => {
    await database.query("drop role if exists looker; create role looker login password 'secret'");
    await database.query(
      "create table t (a bigint); grant select on t to looker; revoke create on schema public from public",
    );
    const url = elsewhere((address) => {
      address.username = "looker";
    });
    for (const mode of ["replace", "append"] as const)
      expect(await failure(load("a\n1\n", { database: url, mode }))).toMatchObject({
        code: "database-error",
      });
    expect(await rows()).toEqual([]);
  });

  test.runIf(canMount())("has a full disk says so, and keeps the old table", async () => {
    await load("id,n\n1,old\n");
    const small = await mkdtemp(join(tmpdir(), "aircan-small-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,uid=65534,gid=65534", "tmpfs", small]);
    try {
      await database.query(`create tablespace small location '${small}'`);
      await database.query("alter role postgres set default_tablespace = small");
      const lines = Array.from({ length: 200_000 }, (_, i) => `${i},new`);
      const error = await failure(load(`id,n\n${lines.join("\n")}\n`));
      expect(error).toMatchObject({
        code: "database-error",
        message: expect.stringContaining("its disk is full"),
      });
      await database.query("alter role postgres reset default_tablespace");
      await database.query("drop tablespace small");
    } finally {
      execFileSync("umount", ["--lazy", small]);
      await rm(small, { recursive: true, force: true });
    }
    expect(await rows()).toEqual([{ id: "1", n: "old" }]);
  });

  test("goes away in the middle leaves the old table", async () => {
    await load("id,n\n1,old\n");
    const path = await bigFile();
    const loading = failure(
      loadFile({
        source: path,
        target: { database: database.url, kind: "table", mode: "replace", name: "t" },
        onError: "fail",
        engine,
        options: { temporaryFolder: folder },
      }),
    );
    await untilCopying();
    await database.kill();
    const error = await loading;
    await database.start();
    expect(error).toMatchObject({ code: "database-error", kind: "io" });
    expect(await rows()).toEqual([{ id: "1", n: "old" }]);
  });
});

/** So large that its load is surely met in the middle. */
async function bigFile(): Promise<string> {
  const path = join(folder, "big.csv");
  const file = createWriteStream(path);
  file.write("id,n\n");
  for (let block = 0; block < 40; block++) {
    const lines = Array.from(
      { length: 50_000 },
      (_, i) => `${block * 50_000 + i},some text that makes it long`,
    );
    if (!file.write(`${lines.join("\n")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return path;
}

async function untilCopying(): Promise<void> {
  for (;;) {
    const found = await database.query("select tuples_processed::int as n from pg_stat_progress_copy");
    if (Number(found[0]?.n) > 0) return;
  }
}

const loader = fileURLToPath(new URL("test-loader.ts", import.meta.url));

test("a load that is killed leaves the old table, and the next one goes on", async () => {
  await load("id,n\n1,old\n");
  const child = spawn(process.execPath, [loader, await bigFile(), database.url], { stdio: "inherit" });
  const exit = once(child, "exit");
  await Promise.race([
    untilCopying(),
    exit.then(([code]) => Promise.reject(new Error(`it ended with ${code}`))),
  ]);
  child.kill("SIGKILL");
  await exit.catch(() => {});
  expect(await rows()).toEqual([{ id: "1", n: "old" }]);
  await load("id,n\n2,new\n");
  expect(await rows()).toEqual([{ id: "2", n: "new" }]);
  expect(await rows("select relname from pg_class where relname like '\\_aircan%'")).toEqual([]);
});

test("a load that is cancelled leaves the old table", async () => {
  await load("id,n\n1,old\n");
  const path = await bigFile();
  const controller = new AbortController();
  const loading = failure(
    loadFile({
      source: path,
      target: { database: database.url, kind: "table", mode: "replace", name: "t" },
      onError: "fail",
      engine,
      options: { temporaryFolder: folder, signal: controller.signal },
    }),
  );
  await untilCopying();
  controller.abort();
  expect(await loading).toMatchObject({ code: "interrupted" });
  expect(await rows()).toEqual([{ id: "1", n: "old" }]);
});

test("two loads of one table at once queue, and the rows are those of the last", async () => {
  const loads = await Promise.all(
    ["a", "b"].map((value) => load(`n\n${value}\n${value}\n`, { file: `${value}.csv` })),
  );
  expect(loads.map(({ rows }) => rows)).toEqual([2, 2]);
  expect([
    [{ n: "a" }, { n: "a" }],
    [{ n: "b" }, { n: "b" }],
  ]).toContainEqual(await rows());
});
