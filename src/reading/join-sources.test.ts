import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Resource } from "../descriptor/types.ts";
import { failure } from "../storage/test-http.ts";
import { describeTables } from "./describe-tables.ts";
import type { LocalTable } from "./local-table.ts";
import type { ReadingContext } from "./options.ts";
import { partPlaces, partText } from "./parts.ts";

let context: ReadingContext;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "aircan-join-"));
  await mkdir(join(folder, "spool"));
  context = {
    folder,
    trusted: false,
    allowPrivate: false,
    allowLocal: true,
    temporaryFolder: join(folder, "spool"),
    signal: AbortSignal.timeout(20_000),
  };
});

afterEach(() => rm(context.folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Buffer>>;

async function write(files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(context.folder, name)), { recursive: true });
    await writeFile(join(context.folder, name), content);
  }
}

async function only(source: string | Resource): Promise<LocalTable> {
  const { tables } = await describeTables(source, {}, context);
  const [table] = tables;
  if (table === undefined || tables.length > 1) throw new Error(`${tables.length} tables`);
  return table;
}

/** The file of a table, and where each of the rows stands. */
async function told(table: LocalTable, rows: readonly number[]) {
  const places = await partPlaces(table, context.signal);
  return {
    text: await readFile(table.path, "utf8"),
    places: rows.map((row) => partText(places, row).trim()),
  };
}

test.each<[string, Files, { text: string; places: string[] }]>([
  [
    "with a header in the first alone are put together byte after byte",
    { "a.csv": "id,name\n1,Os", "b.csv": "lo\n2,Rome\n" },
    { text: "id,name\n1,Oslo\n2,Rome\n", places: ["(Row 2 of a.csv.)", "(Row 1 of b.csv.)"] },
  ],
  [
    "that repeat the header are read with one",
    { "a.csv": "id,name\n1,Oslo", "b.csv": "id,name\n2,Rome\n" },
    { text: "id,name\n1,Oslo\n2,Rome\n", places: ["(Row 2 of a.csv.)", "(Row 2 of b.csv.)"] },
  ],
  [
    "that are compressed and have byte order marks are read with one header",
    { "a.csv": "\ufeffid,name\n1,Oslo\n", "b.csv": gzipSync("\ufeffid,name\n2,Rome\n") },
    { text: "\ufeffid,name\n1,Oslo\n2,Rome\n", places: ["(Row 2 of a.csv.)", "(Row 2 of b.csv.)"] },
  ],
])("parts %s", async (_, files, expected) => {
  await write(files);
  const table = await only({ name: "t", path: ["a.csv", "b.csv"] });
  expect(await told(table, [2, 3])).toEqual(expected);
  expect(table.columns).toEqual(["id", "name"]);
  expect(table.resource.path).toEqual(["a.csv", "b.csv"]);
});

test("parts that repeat the header are said to", async () => {
  await write({ "a.csv": "id\n1\n", "b.csv": "id\n2\n", "c.csv": "3\n" });
  const { resource } = await only({ name: "t", path: ["a.csv", "b.csv", "c.csv"] });
  expect(resource.aircan?.notes).toContainEqual({
    about: "parts",
    text: "1 of 3 parts repeat the header of the first; it was read once",
  });
});

test("parts without a header keep a first row that they share", async () => {
  await write({ "a.csv": "1,x\n2,y\n", "b.csv": "1,x\n3,z\n" });
  const table = await only({ name: "t", path: ["a.csv", "b.csv"], dialect: { header: false } });
  expect(await readFile(table.path, "utf8")).toBe("1,x\n2,y\n1,x\n3,z\n");
});

test("a pattern is one table, whatever encoding and preamble its files have", async () => {
  await write({
    "in/2025.csv": "Cities of 2025,,\n,,\nid,name,area\n1,Oslo,4\n2,Rome,5\n",
    "in/2026.csv.gz": gzipSync(Buffer.from("id,name,area\n3,Troms\xf8,6\n4,Malm\xf6,7\n", "latin1")),
    "in/notes.txt": "not this one",
  });
  const table = await only("in/*.csv*");
  expect(table).toMatchObject({
    columns: ["id", "name", "area"],
    resource: { name: "in", path: ["in/2025.csv", "in/2026.csv.gz"], encoding: "utf-8" },
  });
  expect(table.resource.schema?.fields.map(({ type }) => type)).toEqual(["integer", "string", "integer"]);
  expect((await told(table, [4, 5, 6, 7])).places).toEqual([
    "(Row 4 of in/2025.csv.)",
    "(Row 5 of in/2025.csv.)",
    "(Row 2 of in/2026.csv.gz.)",
    "(Row 3 of in/2026.csv.gz.)",
  ]);
  expect((await readFile(table.path, "utf8")).endsWith("2,Rome,5\n3,Tromsø,6\n4,Malmö,7\n")).toBe(true);
});

test("a pattern of JSON lines is one table", async () => {
  await write({ "a.ndjson": '{"id": 1}\n{"id": 2}', "b.ndjson": '{"id": 3}\n' });
  const table = await only("*.ndjson");
  expect([table.format, await readFile(table.path, "utf8")]).toEqual([
    "ndjson",
    '{"id": 1}\n{"id": 2}\n{"id": 3}\n',
  ]);
});

test("a pattern that means one file is that file", async () => {
  await write({ "only.csv": "id\n1\n" });
  expect(await only("on*.csv")).toMatchObject({ path: join(context.folder, "only.csv") });
});

test("a file whose name looks like a pattern is itself", async () => {
  await write({ "a[1].csv": "id\n1\n", "a1.csv": "x\n2\n" });
  expect((await only("a[1].csv")).columns).toEqual(["id"]);
});

test.each<[string, string, string]>([
  ["columns", "id,title\n2,x\n", "columns id, title, but a.csv has id, name"],
  ["delimiter", "id;name\n2;x\n", 'delimiter ";", but a.csv has ","'],
])("files of a pattern with other %s are refused", async (_, other, reason) => {
  await write({ "a.csv": "id,name\n1,Oslo\n", "b.csv": other });
  expect(await failure(only("*.csv"))).toBe(
    `source-error: b.csv has the ${reason}; the files of a pattern are read as one table.`,
  );
});
