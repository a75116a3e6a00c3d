import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { untilEnded } from "../factory/test-factory.ts";
import { validateDag } from "./one-shot-dags.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    taskProcess: fileURLToPath(new URL("../cli/task-process.ts", import.meta.url)),
    builtIn: [validateDag],
  });
});
afterAll(() => server.close());

const cities = "id,name,since\n1,Oslo,1048-01-01\n2,Bergen,1070-13-01\n3\n4,Trondheim,0997-01-01\n";
const schema = {
  fields: [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
    { name: "since", type: "date" },
  ],
};

/** Sends a file to be validated, and waits for the end of its run. */
async function validated(csv: string, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ name: "cities", ...fields })) form.set(name, value);
  form.set("file", new File([csv], "cities.csv"));
  const { json } = await server.call("POST", "/api/validate", form);
  await untilEnded(server.factory, json.run_id);
  return server.factory.showRun(json.run_id);
}

test("bad data ends the run with its first error, and its report, profile, good and bad rows stay", async () => {
  const run = await validated(cities, { schema: JSON.stringify(schema) });
  expect([run.status, run.error?.code, run.error?.where.row]).toEqual(["FAILED", "data-error", 3]);
  const { json: report } = await server.call("GET", `/api/runs/${run.id}/report`);
  expect([report.valid, report.tasks[0].name, report.tasks[0].place]).toEqual([
    false,
    "cities",
    "cities.csv",
  ]);
  const { items } = (await server.call("GET", `/api/runs/${run.id}/outputs`)).json;
  const written = items.filter(({ task }: { task: string }) => task === "check");
  expect(written.map(({ name, rows }: { name: string; rows: number }) => [name, rows])).toEqual([
    ["report.json", null],
    ["profile.json", null],
    ["cities.good.csv", 2],
    ["cities.bad.csv", 2],
  ]);
  const file = async (name: string) =>
    (await server.call("GET", `/api/runs/${run.id}/outputs/check/${name}`)).json;
  expect(await file("cities.good.csv")).toBe("id,name,since\n1,Oslo,1048-01-01\n4,Trondheim,0997-01-01\n");
  expect(await file("cities.bad.csv")).toBe("id,name,since\n2,Bergen,1070-13-01\n3\n");
});

test("who waits is answered with the report, or with the run where it takes longer", async () => {
  const send = (csv: string, wait: string) => {
    const form = new FormData();
    form.set("schema", JSON.stringify(schema));
    form.set("file", new File([csv], "cities.csv"));
    return server.call("POST", `/api/validate?wait=${wait}`, form);
  };
  const bad = await send(cities, "60");
  expect([bad.status, bad.json.status, bad.json.valid]).toEqual([200, "FAILED", false]);
  expect(bad.json.report.tasks[0].stats.errorCounts).toEqual({ "missing-cell": 2, "type-error": 1 });
  const good = await send("id,name,since\n1,Oslo,1048-01-01\n", "60");
  expect([good.status, good.json.status, good.json.valid]).toEqual([200, "DONE", true]);
  const late = await send(cities, "0");
  expect([late.status, Object.keys(late.json)]).toEqual([202, ["run_id", "job_id", "status", "url"]]);
  expect((await send(cities, "soon")).status).toBe(400);
});

test("a schema and a checklist may be files of the form", async () => {
  const form = new FormData();
  form.set("schema", new File([JSON.stringify(schema)], "schema.json"));
  form.set("file", new File([cities], "cities.csv"));
  form.set("checks", new File(['{"skipErrors": ["missing-cell"]}'], "checks.json"));
  const { status, json } = await server.call("POST", "/api/validate?wait=60", form);
  expect([status, json.report?.tasks[0].stats.errorCounts]).toEqual([200, { "type-error": 1 }]);
});

test("a report says what to do first about errors of one cause", async () => {
  const run = await validated('id,price\n1,"2,5"\n2,"3,5"\n3,4\n', {
    schema: JSON.stringify({
      fields: [
        { name: "id", type: "integer" },
        { name: "price", type: "number" },
      ],
    }),
  });
  const { json: report } = await server.call("GET", `/api/runs/${run.id}/report`);
  expect(report.tasks[0].advice).toEqual([
    {
      cause: '2 cells in the field "price" have a decimal comma, such as "2,5" in row 2.',
      fix: expect.stringMatching(/^Add `"decimalChar": ","` to the field in the schema/),
      explains: 2,
    },
  ]);
});

test("a report is compared with the one before over the same dataset", async () => {
  const fields = { schema: JSON.stringify(schema), dataset: "org/compared" };
  const first = await validated(cities, fields);
  await validated("id\n1\n", { ...fields, dataset: "org/other" });
  const alone = await server.call("GET", `/api/runs/${first.id}/report/comparison`);
  expect([alone.status, alone.json.code]).toEqual([404, "not-found"]);
  const second = await validated(
    `${cities.replace("\n3\n", "\n3,Hamar,1849-03-21\n")}x,Moss,1720-01-01\n`,
    fields,
  );
  const { json } = await server.call("GET", `/api/runs/${second.id}/report/comparison`);
  expect(json).toMatchObject({
    previous: { run: first.id },
    ...{ new: 1, remaining: 1, fixed: 2, isComplete: true },
    tasks: [{ errors: ["remaining", "new"], fixed: [{ type: "missing-cell" }, { type: "missing-cell" }] }],
  });
});

test.each([
  ["html", "text/html", /^<!doctype html>/i],
  ["csv", "text/csv", /type-error/],
  ["markdown", "text/markdown", /type-error/],
  ["sarif", "application/sarif+json", /"version":/],
  ["junit", "application/xml", /<testsuite/],
])("a report is sent as %s, as a file", async (format, mediatype, content) => {
  const run = await validated(cities, { schema: JSON.stringify(schema) });
  const { headers, json } = await server.call("GET", `/api/runs/${run.id}/report?format=${format}`);
  expect(headers.get("content-type")).toContain(mediatype);
  expect(headers.get("content-disposition")).toContain(`attachment; filename="report-${run.id}.`);
  expect(typeof json === "string" ? json : JSON.stringify(json)).toMatch(content);
});

test("a link shows a report to who has no token, until it is revoked", async () => {
  const run = await validated(cities, { dataset: "org/shared" });
  const { json: token } = await server.call("POST", "/api/tokens", { name: "ops", scopes: ["admin"] });
  const mine = { authorization: `Bearer ${token.token}` };
  try {
    const made = await server.call("POST", `/api/runs/${run.id}/shares`, { days: 7 }, mine);
    const secret = new URL(made.json.url).pathname.replace("/shared/", "");
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect((await server.call("GET", `/api/runs/${run.id}/report`)).status).toBe(401);
    const seen = await server.call("GET", `/api/shared/${secret}`);
    expect([seen.status, seen.json.dataset, seen.json.report.tasks.length]).toEqual([200, "org/shared", 1]);
    expect((await server.call("GET", `/api/shared/${secret}/report?format=csv`)).status).toBe(200);
    expect((await server.call("GET", `/api/shared/${secret}/profile`)).json.tables[0].rows).toBe(3);
    expect((await server.call("GET", `/api/runs/${run.id}/shares`)).status).toBe(401);
    await server.call("DELETE", `/api/runs/${run.id}/shares/${made.json.id}`, undefined, mine);
    expect((await server.call("GET", `/api/shared/${secret}`)).status).toBe(404);
    expect((await server.call("GET", `/api/shared/${secret.slice(1)}`)).status).toBe(404);
  } finally {
    await server.call("DELETE", `/api/tokens/${token.id}`, undefined, mine);
  }
});

test("a badge tells the state of a dataset, and is never kept", async () => {
  await validated(cities, { schema: JSON.stringify(schema), dataset: "org/bad" });
  await validated("id\n1\n", { dataset: "org/good" });
  const titleOf = async (path: string) => {
    const { status, json, headers } = await server.call("GET", `/badge/${path}`);
    expect([status, headers.get("content-type")]).toEqual([200, "image/svg+xml; charset=utf-8"]);
    expect(headers.get("cache-control")).toContain("no-cache");
    return /<title>(.*)<\/title>/.exec(json)?.[1];
  };
  expect(await titleOf("org/bad.svg")).toBe("data: invalid");
  expect(await titleOf("org/good.svg?label=%3Cb%3E&style=flat-square")).toBe("&lt;b&gt;: valid");
  expect(await titleOf("org/good.svg?label=a%00%1b")).toBe("a\ufffd\ufffd: valid");
  expect(await titleOf("org/nothing.svg")).toBe("data: unknown");
});

test("a profile says what each field holds", async () => {
  const run = await validated("n,city\n1,Oslo\n3,Oslo\n,Bergen\n");
  const { json } = await server.call("GET", `/api/runs/${run.id}/profile`);
  expect(json.tables).toMatchObject([
    {
      ...{ name: "cities", rows: 3 },
      fields: [
        { name: "n", type: "integer", count: 2, nulls: 1, distinct: 2, min: "1", max: "3", mean: 2 },
        {
          name: "city",
          type: "string",
          count: 3,
          nulls: 0,
          distinct: 2,
          top: [{ value: "Oslo", count: 2 }],
        },
      ],
    },
  ]);
});

test("an event starts the DAGs that it fits, once, in each way that CloudEvents may be sent", async () => {
  await server.factory.putDag({
    dag: "on-update",
    tasks: { a: { kind: "validate", config: { source: "https://example.org/x.csv" } } },
    triggers: [
      { event: "resource.updated", match: { format: "csv" }, conf: { url: "{{ event.data.url }}" } },
    ],
  });
  const data = { format: "csv", url: "https://example.org/x.csv" };
  const plain = { type: "resource.updated", source: "portal", id: "1", data };
  const send = (body: unknown, headers: Record<string, string>) =>
    server.app.request("/api/events", { method: "POST", headers, body: JSON.stringify(body) });
  const answers = await Promise.all([
    send(plain, { "content-type": "application/json" }),
    send({ specversion: "1.0", ...plain }, { "content-type": "application/cloudevents+json" }),
    send(data, {
      ...{ "content-type": "application/json", "ce-specversion": "1.0" },
      ...{ "ce-type": "resource.updated", "ce-source": "portal", "ce-id": "1" },
    }),
    send({ ...plain, data: { format: "xlsx" } }, { "content-type": "application/json" }),
  ]);
  const runs = await Promise.all(
    // the answer's shape is the contract's
    answers.map(async (answer) => ((await answer.json()) as { runs: { run_id: string }[] }).runs),
  );
  const [first] = runs[0] ?? [];
  expect(runs.map((each) => each.map(({ run_id }) => run_id))).toEqual([
    [first?.run_id],
    [first?.run_id],
    [first?.run_id],
    [],
  ]);
  expect((await server.factory.showRun(first?.run_id ?? "")).trigger).toBe("event");
});

test("a schedule is set, shown with its next time on its DAG, paused and removed", async () => {
  const spec = {
    dag: "validate",
    cron: "0 6 * * *",
    timezone: "Europe/Oslo",
    conf: { name: "x", resource: { path: "https://example.org/x.csv" } },
  };
  const { status, json } = await server.call("PUT", "/api/schedules/nightly", spec);
  expect([status, json.cron, json.next]).toEqual([
    200,
    "0 6 * * *",
    expect.stringMatching(/T0[45]:00:00.000Z$/),
  ]);
  expect((await server.call("GET", "/api/dags/validate")).json.schedules).toEqual([json]);
  expect((await server.call("POST", "/api/schedules/nightly/pause", { paused: true })).json.next).toBe(null);
  expect((await server.call("DELETE", "/api/schedules/nightly")).json.items).toEqual([]);
  const bad = await server.call("PUT", "/api/schedules/nightly", { ...spec, cron: "sometimes" });
  expect([bad.status, bad.json.code]).toEqual([400, "dag-error"]);
});

test("an address that cannot be reached is an error of the report, and of the badge", async () => {
  const { json } = await server.call("POST", "/api/validate", {
    url: "http://127.0.0.1:9/x.csv?key=1",
    dataset: "org/away",
  });
  await untilEnded(server.factory, json.run_id);
  const run = await server.factory.showRun(json.run_id);
  expect([run.status, run.error?.code]).toEqual(["FAILED", "unsafe-path"]);
  const { tasks } = (await server.call("GET", `/api/runs/${run.id}/report`)).json;
  expect(tasks).toMatchObject([
    { name: "x", place: "http://127.0.0.1:9/x.csv?…", valid: false, errors: [{ type: "unsafe-path" }] },
  ]);
  expect((await server.call("GET", "/badge/org/away.svg")).json).toContain("<title>data: error</title>");
});

test.each([
  ["a file of the server", { path: "/etc/passwd" }, "unsafe-path"],
  ["a database in its network", { path: "postgresql://localhost/aircan" }, "unsafe-path"],
  ["an upload that is not there", { path: "validate/nothing.csv" }, "scheme-error"],
  ["a way out of the storage", { path: "../secret.txt" }, "unsafe-path"],
])("%s is not read", async (_, resource, code) => {
  const { json } = await server.call("POST", "/api/dags/validate/runs", { conf: { name: "x", resource } });
  await untilEnded(server.factory, json.run_id);
  expect((await server.factory.showRun(json.run_id)).error?.code).toBe(code);
});
