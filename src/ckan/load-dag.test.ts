import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { reportSchema } from "../checks/report.ts";
import { startTestDatabase, type TestDatabase } from "../sql/test-database.ts";
import { loadDag } from "./load-dag.ts";
import { canMount, openTestRun, type TestRun } from "./test-context.ts";

let database: TestDatabase;
let folder: string;
let run: TestRun;
const servers: Server[] = [];

beforeAll(async () => {
  [database, folder] = await Promise.all([startTestDatabase(), mkdtemp(join(tmpdir(), "aircan-dag-test-"))]);
  await mkdir(join(folder, "uploads"));
  run = openTestRun({ folder, databaseUrl: database.url });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  run.logs.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function upload(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, "uploads", name), content);
  return `uploads/${name}`;
}

/** The address of a server that answers so. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const failure = (promise: Promise<unknown>): Promise<AirCanError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof AirCanError ? error : Promise.reject(error)),
  );

const cities =
  'id,name,since\n1,"Oslo, Norway",1048-01-01\n2,Bergen,1070-13-01\n3\n4,"Trond\nheim",997-01-01\n';
const schema = {
  fields: [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
    { name: "since", type: "date" },
  ],
};

test("a good file goes through every task into the table", async () => {
  const path = await upload("Good cities.csv", "id,name\n1,Oslo\n2,Bergen\n");
  const results = await run.all({ resource: { path }, name: "good" });
  expect(Object.values(results).map(({ summary }) => summary)).toEqual([
    "Fetched 24 bytes",
    "Checked 2 rows: all good",
    'Loaded 2 rows into "good"',
    'Loaded 2 rows into "good"',
  ]);
  expect(results.load.stats).toEqual({
    name: "good",
    table: "good",
    mode: "replace",
    rows: 2,
    inserted: 2,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    errors: {},
  });
  expect(await database.query("select _id, id, name from datastore.good")).toEqual([
    { _id: "1", id: "1", name: "Oslo" },
    { _id: "2", id: "2", name: "Bergen" },
  ]);
  expect(await run.json("load/r1/fetch/resource.json")).toEqual({
    name: "good",
    path: "Good_cities.csv",
    bytes: 24,
    hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    aircan: { source: { path: "Good cities.csv" } },
  });
  const loaded = await run.json("load/r1/load/resource.json");
  expect(loaded).toMatchObject({
    path: "datastore://good",
    schema: {
      fields: [
        { name: "id", type: "integer" },
        { name: "name", type: "string" },
      ],
    },
  });
  expect(JSON.stringify(loaded)).not.toContain(folder);
  expect(
    await database.query(
      "select descriptor->>'path' as path from aircan.datastore_table where name = 'good'",
    ),
  ).toEqual([{ path: "Good cities.csv" }]);
});

describe("bad cells", () => {
  test("end the run at the check, and stand in the report with their rows", async () => {
    const path = await upload("cities.csv", cities);
    await run.task("fetch", { resource: { path, schema }, name: "bad" });
    const error = await failure(run.task("check", { resource: { path, schema }, name: "bad" }));
    expect(error).toMatchObject({
      code: "data-error",
      details: { counts: { "missing-cell": 2, "type-error": 2 }, rows: 4 },
      where: { resource: "bad", row: 3, line: 3, field: "since", value: "1070-13-01" },
    });
    const report = reportSchema.parse(await run.json("load/r1/check/report.json"));
    expect(report).toMatchObject({ valid: false, stats: { tasks: 1, errors: 4 } });
    const [task] = report.tasks;
    expect(task).toMatchObject({
      name: "bad",
      place: "cities.csv",
      labels: ["id", "name", "since"],
      stats: { rows: 4, fields: 3, errors: 4, errorCounts: { "missing-cell": 2, "type-error": 2 } },
    });
    expect(
      task?.errors.map(({ type, rowNumber, line, fieldNumber, cell, cells }) => ({
        type,
        rowNumber,
        line,
        fieldNumber,
        cell,
        cells,
      })),
    ).toEqual([
      {
        type: "type-error",
        rowNumber: 3,
        line: 3,
        fieldNumber: 3,
        cell: "1070-13-01",
        cells: ["2", "Bergen", "1070-13-01"],
      },
      { type: "missing-cell", rowNumber: 4, line: 4, fieldNumber: 2, cell: "", cells: ["3"] },
      { type: "missing-cell", rowNumber: 4, line: 4, fieldNumber: 3, cell: "", cells: ["3"] },
      {
        type: "type-error",
        rowNumber: 5,
        line: 5,
        fieldNumber: 3,
        cell: "997-01-01",
        cells: ["4", "Trond\nheim", "997-01-01"],
      },
    ]);
    expect(run.logs).toContain(
      "warning: 3 rows with errors: 2 type-error, 2 missing-cell. Nothing is loaded.",
    );
  });

  test.each([
    ["as they are", (text: string) => Buffer.from(text), {}],
    ["compressed", (text: string) => gzipSync(text), {}],
    [
      "in another encoding",
      (text: string) => Buffer.from(text.replace("Oslo", "Osl\u00f8"), "latin1"),
      { encoding: "windows-1252" },
    ],
  ])("are found with their cells in files %s", async (_, encode, more) => {
    const path = await upload("cities.csv.any", encode(cities));
    const conf = { resource: { path, schema, format: "csv", ...more }, name: "any", on_error: "report" };
    await run.all(conf);
    const { tasks } = reportSchema.parse(await run.json("load/r1/check/report.json"));
    expect(tasks[0]?.errors.map(({ cells }) => cells)).toEqual([
      ["2", "Bergen", "1070-13-01"],
      ["3"],
      ["3"],
      ["4", "Trond\nheim", "997-01-01"],
    ]);
  });

  test("are left out and written to a file under report", async () => {
    const path = await upload("cities.csv", cities);
    const results = await run.all({ resource: { path, schema }, name: "reported", on_error: "report" });
    expect(results.load).toMatchObject({
      stats: { rows: 1, rejected: 3, errors: { "missing-cell": 1, "type-error": 2 } },
      outputs: [{ name: "resource.json" }, { name: "errors.csv", format: "csv", rows: 3 }],
      summary: 'Loaded 1 row into "reported"; 3 rows left out (1 missing-cell, 2 type-error)',
    });
    const lines = (await run.text("load/r1/load/errors.csv")).trim().split("\n");
    expect(lines.map((line) => line.split(",").slice(0, 4).join(","))).toEqual([
      "code,resource,row,line",
      "type-error,reported,3,3",
      "missing-cell,reported,4,4",
      "type-error,reported,5,5",
    ]);
    expect(await database.query("select id from datastore.reported")).toEqual([{ id: "1" }]);
  });

  test("are counted past the thousand that are listed", async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `${i},x`);
    const path = await upload("many.csv", `id,n\n${rows.join("\n")}\n`);
    const fields = [
      { name: "id", type: "integer" },
      { name: "n", type: "integer" },
    ];
    await run.all({ resource: { path, schema: { fields } }, name: "many", on_error: "drop" });
    const { tasks } = reportSchema.parse(await run.json("load/r1/check/report.json"));
    expect(tasks[0]).toMatchObject({
      stats: { errors: 1000, rows: 2500, errorCounts: { "type-error": 2500 } },
      warnings: ["reached error limit: 1000"],
    });
    expect(tasks[0]?.errors.length).toBe(1000);
  });
});

test("a file that is no table ends the run with a report that says so", async () => {
  const path = await upload("photo.csv", Buffer.from("\u0089PNG\r\n\u001a\n0000", "latin1"));
  await run.task("fetch", { resource: { path }, name: "photo" });
  const error = await failure(run.task("check", { resource: { path }, name: "photo" }));
  expect(error).toMatchObject({
    code: "format-error",
    message: "photo.csv is not text: it looks like a PNG picture.",
  });
  expect(await run.json("load/r1/check/report.json")).toMatchObject({
    valid: false,
    stats: { errors: 1 },
    tasks: [{ place: "photo.csv", errors: [{ type: "format-error", message: error.message }] }],
  });
});

describe("a second try", () => {
  test.each(["replace", "upsert", "append"])("of %s leaves the table as the first did", async (mode) => {
    const path = await upload("again.csv", "id,n\n1,a\n2,b\n");
    const conf = { resource: { path }, name: `again_${mode}`, mode, key: ["id"] };
    const first = await run.all(conf);
    const second = await run.task("load", conf);
    expect(await database.query(`select id, n from datastore.again_${mode} order by id`)).toEqual([
      { id: "1", n: "a" },
      { id: "2", n: "b" },
    ]);
    expect(second.stats.rows).toBe(first.load.stats.rows);
  });

  test("of an append by another run adds its rows", async () => {
    const path = await upload("added.csv", "n\na\n");
    const conf = { resource: { path }, name: "added", mode: "append" };
    await openTestRun({ folder, databaseUrl: database.url, run: "first" }).all(conf);
    await openTestRun({ folder, databaseUrl: database.url, run: "second" }).all(conf);
    expect(await database.query("select _id, n from datastore.added order by _id")).toEqual([
      { _id: "1", n: "a" },
      { _id: "2", n: "a" },
    ]);
  });
});

describe("fetch", () => {
  const fetchFrom = (path: string, parts: Partial<Parameters<typeof openTestRun>[0]> = {}) =>
    openTestRun({ folder, databaseUrl: database.url, ...parts }).task("fetch", {
      resource: { path },
      name: "t",
    });

  test("keeps what the server tells of this state of the file, and hides passwords and queries", async () => {
    const url = await serve((_, response) => {
      response.setHeader("etag", '"abc"').setHeader("last-modified", "Sat, 21 Nov 2026 07:00:00 GMT");
      response.setHeader("content-type", "text/csv").end("a\n1\n");
    });
    await fetchFrom(`${url}/data/t.csv?token=secret`);
    expect(await run.json("load/r1/fetch/resource.json")).toMatchObject({
      path: "t.csv",
      bytes: 4,
      aircan: {
        source: {
          path: `${url}/data/t.csv?…`,
          etag: '"abc"',
          last_modified: "Sat, 21 Nov 2026 07:00:00 GMT",
          content_type: "text/csv",
        },
      },
    });
    expect(await run.text("load/r1/fetch/resource.json")).not.toContain("secret");
  });

  test("says what the server answered", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    expect(await failure(fetchFrom(`${url}/gone.csv`))).toMatchObject({
      code: "scheme-error",
      message: `${url}/gone.csv answers 404 Not Found.`,
    });
  });

  test.each(["http://127.0.0.1:1/x.csv", "http://169.254.169.254/latest", "http://[::1]/x.csv"])(
    "refuses the private address %s",
    async (url) => {
      expect(await failure(fetchFrom(url, { allowPrivate: false }))).toMatchObject({ code: "unsafe-path" });
    },
  );

  test("refuses a redirect to a private address", async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: "http://10.0.0.1/x.csv" }).end(),
    );
    expect(await failure(fetchFrom(url, { allowPrivate: ["127.0.0.1"] }))).toMatchObject({
      code: "unsafe-path",
    });
  });

  test("leaves nothing of a file that is cut off in the middle", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("a\n1\n", () => response.destroy());
    });
    const error = await failure(fetchFrom(`${url}/cut.csv`));
    expect(error).toMatchObject({ code: "scheme-error", kind: "io" });
    await expect(run.text("load/r1/fetch/cut.csv")).rejects.toMatchObject({ code: "not-found" });
  });

  test("ends at once when it is cancelled", async () => {
    const url = await serve((_, response) => response.write("a\n1\n"));
    const controller = new AbortController();
    const fetching = failure(fetchFrom(`${url}/endless.csv`, { signal: controller.signal }));
    await once(servers[0] as Server, "request");
    controller.abort();
    expect(await fetching).toMatchObject({ code: "interrupted" });
  });

  test.each([
    ["a path on the server", "/etc/passwd", "unsafe-path"],
    ["a file: URL", "file:///etc/passwd", "unsafe-path"],
    ["an address outside the storage", "../etc/passwd", "unsafe-path"],
    ["an upload that is not there", "uploads/none.csv", "scheme-error"],
    ["a scheme that is not known", "gopher://x/y.csv", "scheme-error"],
  ])("refuses %s", async (_, path, code) => {
    expect(await failure(fetchFrom(path))).toMatchObject({ code });
  });

  test("takes a path on the server from a folder that is allowed, and from no other", async () => {
    const allowed = await mkdtemp(join(folder, "allowed-"));
    await writeFile(join(allowed, "t.csv"), "a\n1\n");
    expect(await fetchFrom(join(allowed, "t.csv"), { allowLocal: [allowed] })).toMatchObject({
      stats: { bytes: 4 },
    });
    expect(
      await failure(fetchFrom(join(folder, "uploads", "cities.csv"), { allowLocal: [allowed] })),
    ).toMatchObject({ code: "unsafe-path" });
  });

  test.runIf(canMount())("says that the disk is full", async () => {
    const small = await mkdtemp(join(folder, "small-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
    try {
      const url = await serve((_, response) => response.end(Buffer.alloc(1 << 20, "a")));
      const error = await failure(fetchFrom(`${url}/large.csv`, { folder: small }));
      expect(error).toMatchObject({
        code: "storage-error",
        message: expect.stringContaining("the disk is full"),
      });
    } finally {
      execFileSync("umount", [small]);
    }
  });
});

describe("conf", () => {
  test.each([
    ["no name", { resource: { path: "x.csv" } }, "name"],
    ["no path", { resource: {}, name: "t" }, "resource.path"],
    ["an unknown mode", { resource: { path: "x.csv" }, name: "t", mode: "merge" }, "mode"],
    [
      "a schema that is a path",
      { resource: { path: "x.csv", schema: "../s.json" }, name: "t" },
      "resource.schema",
    ],
  ])("with %s is refused", async (_, conf, param) => {
    expect(await failure(run.task("fetch", conf))).toMatchObject({ code: "params-error", where: { param } });
  });

  test("with a schema that is none is refused", async () => {
    const schema = { fields: [{ name: "a", type: "text" }] };
    const error = await failure(run.task("fetch", { resource: { path: "x.csv" }, name: "t", schema }));
    expect(error).toMatchObject({ code: "field-error", message: expect.stringContaining('"text"') });
  });

  test("may be as portals write it: formats in capitals or unknown, empty properties", async () => {
    const path = await upload("portal", "a;b\n1;x\n");
    for (const format of ["CSV", ".csv", "text/comma", "", null]) {
      const resource = { path, name: "", format, schema: null, hash: null, description: null };
      await run.all({ resource, name: "portal" });
      expect(await database.query("select a, b from datastore.portal")).toEqual([{ a: "1", b: "x" }]);
    }
  });

  test("has a schema for each parameter", () => {
    expect(Object.keys(loadDag.params)).toEqual(["resource", "name", "mode", "key", "on_error", "schema"]);
  });
});
