import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "../../sql/embedded.ts";

const program = fileURLToPath(new URL("../../../bin/aircan.js", import.meta.url));
let folder: string;
/** Keeps PostgreSQL running from test to test, as a factory does. */
let database: OpenDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-cli-load-"));
  await Promise.all([
    writeFile(join(folder, "cities.csv"), "id,name\n1,Oslo\n2,Bergen\n"),
    writeFile(join(folder, "changed.csv"), "id,name\n2,BERGEN\n3,Bodø\n"),
    writeFile(join(folder, "bad.csv"), "id,name\n1,Oslo\nx,Bergen\n3\n"),
    writeFile(
      join(folder, "schema.json"),
      JSON.stringify({
        fields: [
          { name: "id", type: "integer" },
          { name: "name", type: "string" },
        ],
      }),
    ),
  ]);
  database = await openDatabase({ dataFolder: join(folder, ".aircan"), log: () => {} });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk) => {
      texts[name] += chunk;
    });
  const ended = once(child, "close").then(([code]): Ended => ({ code, ...texts }));
  return { child, ended };
}

const aircan = (...args: string[]): Promise<Ended> => start(args).ended;
const json = async (...args: string[]) => {
  const { code, stdout } = await aircan(...args, "--json");
  return { code, document: JSON.parse(stdout) };
};
const names = async () => (await json("show", "datastore://cities")).document.rows;

test("load puts a file into the DataStore, and prints one document", async () => {
  const { code, document } = await json("load", "cities.csv");
  expect(code).toBe(0);
  expect(document).toEqual({
    name: "cities",
    schema: "datastore",
    table: "cities",
    mode: "replace",
    rows: 2,
    inserted: 2,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    bytes: 24,
    seconds: expect.any(Number),
    fields: [
      { name: "id", column: "id", type: "integer", sql_type: "bigint" },
      { name: "name", column: "name", type: "string", sql_type: "text" },
    ],
    errors: {},
    first_errors: [],
    errors_file: null,
  });
  expect(await names()).toEqual([
    { id: 1, name: "Oslo" },
    { id: 2, name: "Bergen" },
  ]);
});

test("load upserts by key, and says what changed", async () => {
  const { code, stdout } = await aircan(
    "load",
    "changed.csv",
    "--name",
    "cities",
    "--mode",
    "upsert",
    "--key",
    "id",
  );
  expect(code).toBe(0);
  expect(stdout).toContain('2 rows into "cities" of the DataStore (upsert)');
  expect(stdout).toContain("1 new, 1 changed, 0 unchanged");
  expect(stdout).toContain("next: aircan show datastore://cities");
});

test("load of bad cells loads nothing, and tells the first ones", async () => {
  const before = await names();
  const { code, document } = await json("load", "bad.csv", "--name", "cities", "--schema", "schema.json");
  expect(code).toBe(1);
  expect(document).toMatchObject({
    error: { code: "data-error", docs: "docs/errors.md#data-error" },
    name: "cities",
    mode: "replace",
    rows: 0,
    inserted: 0,
    errors: { "missing-cell": 1, "type-error": 1 },
    first_errors: [
      { code: "type-error", row: 3, line: 3, field: "id", value: "x" },
      { code: "missing-cell", row: 4, line: 4, field: null, value: "3" },
    ],
  });
  expect(await names()).toEqual(before);
  const { stderr } = await aircan("load", "bad.csv", "--schema", "schema.json");
  expect(stderr).toContain('row 3, line 3, field id: "x" in the field "id" is not a whole number');
  expect(stderr).toContain("in all: 1 missing-cell, 1 type-error");
});

test("load under report loads the good rows and writes the errors to a file", async () => {
  const { code, stdout } = await aircan("load", "bad.csv", "--schema", "schema.json", "--on-error", "report");
  expect(code).toBe(0);
  expect(stdout).toContain("2 rows left out: 1 missing-cell, 1 type-error");
  const lines = (await readFile(join(folder, "bad.errors.csv"), "utf8")).trim().split("\n");
  expect(lines.map((line) => line.split(",").slice(0, 4).join(","))).toEqual([
    "code,resource,row,line",
    "type-error,bad,3,3",
    "missing-cell,bad,4,4",
  ]);
});

test("what was loaded can be converted, validated and loaded again", async () => {
  expect((await aircan("convert", "datastore://cities", "copy.csv")).code).toBe(0);
  expect(await readFile(join(folder, "copy.csv"), "utf8")).toContain("BERGEN");
  expect((await json("validate", "datastore://cities")).document).toMatchObject({ valid: true });
  expect((await json("load", "datastore://cities", "--name", "copy")).document).toMatchObject({
    name: "copy",
  });
});

test.each([
  ["a file that is not there", ["load", "none.csv"], 1, "scheme-error"],
  ["a table that is not there", ["show", "datastore://none"], 1, "scheme-error"],
  ["a target of another kind", ["load", "cities.csv", "--to", "mysql://x/y"], 2, "usage-error"],
  [
    "an upsert without a key",
    ["load", "cities.csv", "--name", "keyless", "--mode", "upsert"],
    2,
    "config-error",
  ],
  ["a key that is no field", ["load", "cities.csv", "--key", "nix"], 2, "unknown-field"],
  ["one name for two sources", ["load", "cities.csv", "bad.csv", "--name", "x"], 2, "usage-error"],
  [
    "a database that is down",
    ["load", "cities.csv", "--to", "postgresql://me:pw@127.0.0.1:1/x"],
    1,
    "database-error",
  ],
] as const)("%s ends with its exit code and one document", async (_, args, code, error) => {
  const ended = await json(...args);
  expect(ended).toMatchObject({ code, document: { error: { code: error } } });
});

test("of several files, those before one that fails are loaded, and named", async () => {
  const { code, document } = await json("load", "changed.csv", "none.csv");
  expect(code).toBe(1);
  expect(document).toMatchObject({ error: { code: "scheme-error" }, loaded: [{ name: "changed", rows: 2 }] });
});

test("an interrupted load leaves the old rows and exits with 130", async () => {
  const path = join(folder, "big.csv");
  const file = createWriteStream(path);
  for (let block = 0; block < 40; block++) {
    const lines = Array.from({ length: 50_000 }, (_, i) => `${block * 50_000 + i},a long name of a place`);
    if (!file.write(`${block === 0 ? "id,name\n" : ""}${lines.join("\n")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  const before = await names();
  const { child, ended } = start(["load", path, "--name", "cities"]);
  const { default: pg } = await import("pg");
  const client = new pg.Client(database.url);
  await client.connect();
  for (;;) {
    const { rows } = await client.query("select from pg_stat_progress_copy where tuples_processed > 0");
    if (rows.length > 0) break;
  }
  await client.end();
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, stdout: "" });
  expect(await names()).toEqual(before);
});
