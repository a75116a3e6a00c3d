import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { loadDag } from "../ckan/load-dag.ts";
import { untilEnded } from "../factory/test-factory.ts";
import { runAccepted } from "./contract.ts";
import { listen } from "./listen.ts";
import { flowDag, validateDag } from "./one-shot-dags.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

// processes are started, which takes its time on a machine that has much else to do
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    builtIn: [loadDag, validateDag, flowDag],
    // localhost may be fetched from, its address not
    environment: { AIRCAN_ALLOW_PRIVATE_URLS: "localhost" },
    taskProcess: fileURLToPath(new URL("../cli/task-process.ts", import.meta.url)),
  });
});
afterAll(() => server.close());

const csv = "id,city,founded\n1,Oslo,1048-05-17\n2,Bergen,1070-01-01\n3,Tromsø,1794-06-20\n";

function form(fields: Record<string, string | readonly string[]>, file: string | null = csv): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) data.append(name, one);
  if (file !== null) data.set("file", new File([file], "Cities 2020.csv", { type: "text/csv" }));
  return data;
}

/** Starts something and waits for its end; gives the run. */
async function done(path: string, body: unknown) {
  const { status, json } = await server.call("POST", path, body);
  expect([status, json.run_id]).toEqual([202, expect.any(String)]);
  await untilEnded(server.factory, json.run_id);
  return server.factory.showRun(json.run_id);
}

/** Files in the storage, but those of runs that are known. */
async function strays(): Promise<string[]> {
  const { items } = await server.factory.listRuns({ limit: 500 });
  const files = await readdir(join(server.folder, "storage"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !items.some(({ id }) => path.includes(id)));
}

test("an uploaded file becomes a table that can be searched, described and dumped", async () => {
  const run = await done("/api/load", form({ name: "cities", dataset: "org/cities", user: "ada" }));
  expect(run).toMatchObject({
    status: "DONE",
    dag: "load",
    job_type: "LOAD",
    dataset: "org/cities",
    resource: "cities",
  });

  const { json: found } = await server.call(
    "GET",
    "/api/3/action/datastore_search?resource_id=cities&sort=id%20desc&limit=2",
  );
  expect(found).toMatchObject({
    help: "http://localhost/api/3/action/datastore_search",
    success: true,
    result: {
      total: 3,
      fields: [
        { id: "_id", type: "int" },
        { id: "id", type: "int8" },
        { id: "city", type: "text" },
        { id: "founded", type: "date" },
      ],
      records: [
        { _id: 3, id: 3, city: "Tromsø", founded: "1794-06-20" },
        { _id: 2, id: 2, city: "Bergen", founded: "1070-01-01" },
      ],
    },
  });
  const query = {
    resource_id: "cities",
    filters: { city: ["Oslo", "Bergen"] },
    fields: ["city"],
    records_format: "lists",
  };
  const { json: posted } = await server.call("POST", "/api/3/action/datastore_search", query);
  expect(posted.result.records).toEqual([["Oslo"], ["Bergen"]]);
  const filtered = `/api/3/action/datastore_search?id=cities&filters=${encodeURIComponent('{"id": 3}')}&include_total=false`;
  const { json: one } = await server.call("GET", filtered);
  expect([one.result.records.length, "total" in one.result]).toEqual([1, false]);
  expect(
    (await server.call("GET", "/api/3/action/datastore_search?resource_id=cities&q=ber")).json.result.total,
  ).toBe(1);

  const { json: info } = await server.call("GET", "/api/3/action/datastore_info?id=cities");
  expect(info.result).toMatchObject({ meta: { id: "cities", count: 3 }, descriptor: { name: "cities" } });

  const dumped = await server.call("GET", "/datastore/dump/cities");
  expect([dumped.headers.get("content-type"), dumped.json]).toEqual(["text/csv; charset=utf-8", csv]);
  const { json: rows } = await server.call("GET", "/datastore/dump/cities?format=json");
  expect(rows).toEqual([
    { id: 1, city: "Oslo", founded: "1048-05-17" },
    { id: 2, city: "Bergen", founded: "1070-01-01" },
    { id: 3, city: "Tromsø", founded: "1794-06-20" },
  ]);
  const parquet = await server.app.request("/datastore/dump/cities?format=parquet");
  expect(String(Buffer.from(await parquet.arrayBuffer()).subarray(0, 4))).toBe("PAR1");
});

test("readers who leave in the middle of a dump leave the others their connections", async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => `${i},${"some text that takes room ".repeat(5)}`);
  const app = server.appWith({ maxUpload: 50_000_000 });
  const response = await app.request("/api/load", {
    method: "POST",
    body: form({ name: "long" }, `id,t\n${rows.join("\n")}\n`),
  });
  const { run_id } = runAccepted.parse(await response.json());
  await untilEnded(server.factory, run_id);
  const { url, close } = await listen(server.app, { host: "127.0.0.1", port: 0 });
  for (const format of Array.from({ length: 10 }, (_, i) => (i % 2 ? "csv" : "json"))) {
    const leaving = new AbortController();
    const dump = await fetch(`${url}/datastore/dump/long?format=${format}`, { signal: leaving.signal });
    await dump.body?.getReader().read();
    leaving.abort();
  }
  for (let i = 0; i < 10; i++) await fetch(`${url}/datastore/dump/long`, { method: "HEAD" });
  const search = await fetch(`${url}/api/3/action/datastore_search`, {
    method: "POST",
    body: JSON.stringify({ resource_id: "long", limit: 0 }),
  });
  expect(await search.json()).toMatchObject({ result: { total: 100_000 } });
  await close();
});

test("the fields of a form are those of the JSON: upsert by two keys, with a schema", async () => {
  const schema = JSON.stringify({
    fields: ["id", "city", "founded"].map((name) => ({ name, type: "string" })),
  });
  const fields = { name: "keyed", schema, mode: "upsert", key: ["id", "city"] };
  const first = await done("/api/load", form(fields));
  expect([first.status, first.conf]).toEqual([
    "DONE",
    expect.objectContaining({ mode: "upsert", key: ["id", "city"] }),
  ]);
  await done("/api/load", form({ ...fields, key: "id, city" }, `${csv}4,Bodø,1816\n`));
  const { json } = await server.call("GET", "/api/3/action/datastore_search?resource_id=keyed&q=1816");
  expect(json.result.records).toEqual([{ _id: expect.any(Number), id: "4", city: "Bodø", founded: "1816" }]);
});

test("a table takes the name of its file unless told", async () => {
  const run = await done("/api/load", form({}));
  expect([run.status, run.conf.name, run.resource]).toEqual(["DONE", "cities_2020", "cities_2020"]);
});

test("bad cells fail the load, and the report shows them in their rows", async () => {
  const bad = "id,city\n1,Oslo\nx,Bergen\n";
  const schema = JSON.stringify({
    fields: [
      { name: "id", type: "integer" },
      { name: "city", type: "string" },
    ],
  });
  const run = await done("/api/load", form({ name: "bad", schema }, bad));
  expect([run.status, run.error?.code, run.error?.where.row]).toEqual(["FAILED", "data-error", 3]);
  const { json: report } = await server.call("GET", `/api/runs/${run.id}/report`);
  expect([report.valid, report.stats.errors]).toEqual([false, 1]);
  expect(report.tasks[0].errors[0]).toMatchObject({
    type: "type-error",
    rowNumber: 3,
    fieldName: "id",
    cell: "x",
    cells: ["x", "Bergen"],
  });
  expect((await server.call("GET", "/api/3/action/datastore_search?resource_id=bad")).status).toBe(404);

  const reported = await done("/api/load", form({ name: "bad", schema, on_error: "report" }, bad));
  expect(reported.status).toBe("DONE");
  expect((await server.call("GET", "/api/3/action/datastore_search?resource_id=bad")).json.result.total).toBe(
    1,
  );
});

test("a file is only checked by /api/validate", async () => {
  const run = await done("/api/validate", form({ name: "checked" }));
  expect([run.status, run.job_type, run.dag]).toEqual(["DONE", "VALIDATE", "validate"]);
  expect((await server.call("GET", `/api/runs/${run.id}/report`)).json.valid).toBe(true);
  expect((await server.call("GET", "/api/3/action/datastore_info?id=checked")).status).toBe(404);
});

test("a flow is run as it is sent, and what it wrote can be fetched", async () => {
  const flow = [
    { sources: { sources: [[{ a: 1 }, { a: 2 }, { a: 3 }]] } },
    { filter_rows: { where: "a > {{ params.least }}" } },
    { dump_to_path: { path: "out" } },
  ];
  const run = await done("/api/flows/run", { flow, params: { least: 1 } });
  expect([run.status, run.error]).toEqual(["DONE", null]);
  const { items } = (await server.call("GET", `/api/runs/${run.id}/outputs`)).json;
  const table = items.find(({ name }: { name: string }) => name.endsWith(".csv"));
  const name = encodeURIComponent(table.name);
  expect((await server.call("GET", `/api/runs/${run.id}/outputs/flow/${name}`)).json).toBe("a\n2\n3\n");
});

test.each([
  ["a processor that is not there", { flow: [{ laod: { from: "x" } }] }, "unknown-processor"],
  ["an option that is not there", { flow: [{ sort_rows: { byy: "x" } }] }, "config-error"],
  ["a parameter that is not given", { flow: [{ load: { from: "{{ params.x }}" } }] }, "params-error"],
  ["no steps", { flow: [] }, "usage-error"],
])("a flow with %s starts nothing", async (_, body, code) => {
  const { status, json } = await server.call("POST", "/api/flows/run", body);
  expect([status >= 400 && status < 500, json.code]).toEqual([true, code]);
});

test("a flow from outside reads no file of the server", async () => {
  const path = join(server.folder, "secret.txt");
  const run = await done("/api/flows/run", { flow: [{ load: { from: path } }] });
  expect([run.status, run.error?.code]).toEqual(["FAILED", "unsafe-path"]);
});

test.each([
  ["no file", () => form({ name: "x" }, null), 400, "usage-error"],
  ["an unknown mode", () => form({ mode: "sideways" }), 400, "usage-error"],
  ["a schema that is no JSON", () => form({ schema: "{" }), 400, "usage-error"],
  ["a run id with a path", () => form({ run_id: "../../x" }), 400, "usage-error"],
  ["a file of the server", () => ({ url: "/etc/passwd" }), 403, "unsafe-path"],
  ["a file address", () => ({ url: "file:///etc/passwd" }), 403, "unsafe-path"],
  ["no url", () => ({ name: "x" }), 400, "usage-error"],
  ["a password in the url", () => ({ url: "https://me:secret@example.org/x.csv" }), 400, "usage-error"],
])("a load with %s is refused, and nothing is kept", async (_, body, status, code) => {
  const answer = await server.call("POST", "/api/load", body());
  expect([answer.status, answer.json.code]).toEqual([status, code]);
  expect(await strays()).toEqual([]);
});

test("a second upload with a known idempotency key is not kept", async () => {
  const fields = { name: "once", idempotency_key: "k1" };
  const first = await done("/api/load", form(fields));
  const second = await done("/api/load", form(fields));
  expect(second.id).toBe(first.id);
  expect(await strays()).toEqual([]);
});

test("an upload's name leads nowhere", async () => {
  const data = form({ name: "named" }, null);
  data.set("file", new File([csv], "../../../../escaped.csv"));
  expect((await done("/api/load", data)).status).toBe("DONE");
  expect(await readdir(server.folder)).not.toContain("escaped.csv");
  expect(await strays()).toEqual([]);
});

/** A web server of one test, by the name that may be fetched. */
async function serveSource(answer: RequestListener): Promise<string> {
  const source = createServer(answer).listen(0, "localhost");
  await once(source, "listening");
  onTestFinished(() => {
    source.closeAllConnections();
    source.close();
  });
  const address = source.address();
  return `http://localhost:${typeof address === "object" ? address?.port : ""}`;
}

test("an address is fetched, along its redirects, and its file loaded", async () => {
  const url = await serveSource((request, response) =>
    request.url === "/old.csv"
      ? response.writeHead(302, { location: "/towns.csv?key=1" }).end()
      : response.end(csv),
  );
  const run = await done("/api/load", { url: `${url}/old.csv`, dataset: "org/towns" });
  expect([run.status, run.error, run.resource]).toEqual(["DONE", null, "old"]);
  expect((await server.call("GET", "/api/3/action/datastore_info?id=old")).json.result.meta.count).toBe(3);
});

test.each<[string, RequestListener, string, RegExp]>([
  ["answers 404", (_, response) => response.writeHead(404).end(), "scheme-error", /answers 404 Not Found/],
  [
    "leads into a private network",
    (request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${request.socket.localPort}/x` }).end(),
    "unsafe-path",
    /127\.0\.0\.1 is an address in a private network/,
  ],
  [
    "sends a page",
    (_, response) => response.end("<!doctype html><html><body>log in</body></html>"),
    "format-error",
    /./,
  ],
])("an address that %s fails the run with the reason", async (_, answer, code, message) => {
  const run = await done("/api/load", { url: `${await serveSource(answer)}/x.csv`, name: "from_url" });
  expect([run.status, run.error?.code]).toEqual(["FAILED", code]);
  expect(run.error?.message).toMatch(message);
});

test("an address in a private network is not fetched", async () => {
  const run = await done("/api/load", { url: "http://127.0.0.1:9/x.csv", name: "inner" });
  expect([run.status, run.error?.code]).toEqual(["FAILED", "unsafe-path"]);
});

test.each([
  ["an unknown table", "datastore_search?resource_id=none", 404, "Not Found Error"],
  ["no table", "datastore_search", 409, "Validation Error"],
  ["an unknown field", "datastore_search?resource_id=cities&fields=nope", 409, "Validation Error"],
  ["a filter that is no JSON", "datastore_search?resource_id=cities&filters=%7B", 409, "Validation Error"],
  ["a limit that is no number", "datastore_search?resource_id=cities&limit=many", 409, "Validation Error"],
  ["an unknown table's facts", "datastore_info?id=none", 404, "Not Found Error"],
])("the DataStore answers %s as CKAN does", async (_, path, status, type) => {
  const answer = await server.call("GET", `/api/3/action/${path}`);
  expect([answer.status, answer.json]).toEqual([
    status,
    {
      help: expect.stringContaining("http://localhost/api/3/action/"),
      success: false,
      error: expect.objectContaining({ __type: type, message: expect.any(String) }),
    },
  ]);
});

test.each([
  ["a table that is not there", "/datastore/dump/none", 404],
  ["a format that is not there", "/datastore/dump/cities?format=xls", 400],
])("a dump of %s is refused", async (_, path, status) => {
  expect((await server.call("GET", path)).status).toBe(status);
});
