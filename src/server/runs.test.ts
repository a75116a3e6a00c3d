import { afterAll, beforeAll, expect, test } from "vitest";
import { untilEnded } from "../factory/test-factory.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.call("PUT", "/api/dags/notes", {
    title: "Two notes",
    params: { day: { type: "string" }, count: { type: "integer" } },
    tasks: { first: { kind: "note" }, second: { kind: "note", after: ["first"] } },
  });
  await server.call("PUT", "/api/dags/unlucky", {
    tasks: { bad: { kind: "fail", config: { times: 1 } }, after: { kind: "nothing", after: ["bad"] } },
  });
  await server.call("PUT", "/api/dags/slow", { tasks: { wait: { kind: "wait" } } });
});
afterAll(() => server.close());

const { stringify } = JSON;

async function start(dag: string, body: object = {}): Promise<string> {
  const { status, json } = await server.call("POST", `/api/dags/${dag}/runs`, body);
  expect([status, stringify(json)]).toEqual([202, expect.any(String)]);
  return json.run_id;
}

async function ended(dag: string, body: object = {}): Promise<string> {
  const id = await start(dag, body);
  await untilEnded(server.factory, id);
  return id;
}

test("DAGs are stored, listed and shown", async () => {
  const { status, json } = await server.call("GET", "/api/dags");
  expect([status, json.total, json.next_cursor]).toEqual([200, 3, null]);
  expect(json.items.map((dag: { id: string }) => dag.id)).toEqual(["notes", "slow", "unlucky"]);
  const { json: dag } = await server.call("GET", "/api/dags/notes");
  expect(dag).toMatchObject({
    id: "notes",
    title: "Two notes",
    source: "api",
    paused: false,
    import_error: null,
  });
  expect(dag.tasks.map(({ id, after }: { id: string; after: string[] }) => [id, after])).toEqual([
    ["first", []],
    ["second", ["first"]],
  ]);
});

test.each([
  ["no tasks", { tasks: {} }, "dag-error"],
  [
    "a cycle",
    { tasks: { a: { kind: "note", after: ["b"] }, b: { kind: "note", after: ["a"] } } },
    "dag-error",
  ],
  ["an unknown upstream task", { tasks: { a: { kind: "note", after: ["z"] } } }, "dag-error"],
  ["no kind", { tasks: { a: {} } }, "dag-error"],
  ["a key that no task has", { tasks: { a: { kind: "note", retires: 3 } } }, "dag-error"],
  ["tasks that are no object", { tasks: [] }, "usage-error"],
  ["another name", { dag: "other", tasks: { a: { kind: "note" } } }, "usage-error"],
])("a DAG with %s is refused and not stored", async (_, spec, code) => {
  const { status, json } = await server.call("PUT", "/api/dags/bad", spec);
  expect([status, json.code]).toEqual([400, code]);
  expect((await server.call("GET", "/api/dags/bad")).status).toBe(404);
});

test("a run is accepted, done, and shown with its tasks", async () => {
  const answer = await server.call("POST", "/api/dags/notes/runs", {
    conf: { day: "2026-11-21" },
    dataset: "org/notes",
    user: "ada",
    note: "by hand",
  });
  const { run_id, job_id, status, url } = answer.json;
  expect(answer.status).toBe(202);
  expect([status, url, answer.headers.get("location")]).toEqual([
    "WAITING",
    `http://localhost/@org/notes/actions/runs/${run_id}`,
    `/api/runs/${run_id}`,
  ]);
  await untilEnded(server.factory, run_id);
  const { json: run } = await server.call("GET", `/api/runs/${run_id}`);
  expect(run).toMatchObject({
    id: run_id,
    job_id,
    dag: "notes",
    status: "DONE",
    trigger: "api",
    user: "ada",
    note: "by hand",
    dataset: "org/notes",
    conf: { day: "2026-11-21" },
    error: null,
  });
  const { json: tasks } = await server.call("GET", `/api/runs/${run_id}/tasks`);
  expect(tasks.items.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
    ["first", "DONE"],
    ["second", "DONE"],
  ]);
  const { json: task } = await server.call("GET", `/api/runs/${run_id}/tasks/second`);
  expect(task).toMatchObject({ id: "second", status: "DONE", after: ["first"], stats: { rows: 5 } });
  const { json: job } = await server.call("GET", `/api/jobs/${job_id}`);
  expect(job).toMatchObject({
    id: job_id,
    factory_id: run_id,
    status: "DONE",
    dataset: "org/notes",
    user: "ada",
  });
  const { json: jobs } = await server.call("GET", "/api/datasets/org/notes/jobs");
  expect([jobs.total, jobs.items[0].id]).toEqual([1, job_id]);
});

test("conf that the DAG's params refuse starts nothing", async () => {
  const before = (await server.call("GET", "/api/runs")).json.total;
  const { status, json } = await server.call("POST", "/api/dags/notes/runs", { conf: { count: "many" } });
  expect([status, json.code, json.where.param]).toEqual([422, "params-error", "count"]);
  expect((await server.call("GET", "/api/runs")).json.total).toBe(before);
});

test("the same idempotency key gives the same run", async () => {
  const body = { idempotency_key: "once" };
  expect(await start("notes", body)).toBe(await start("notes", body));
});

test("a run id that is taken is a conflict", async () => {
  await start("notes", { run_id: "mine" });
  const { status, json } = await server.call("POST", "/api/dags/notes/runs", { run_id: "mine" });
  expect([status, json.code]).toEqual([409, "conflict"]);
});

test.each([
  ["an unknown DAG", "POST", "/api/dags/none/runs", {}, 404, "not-found"],
  ["an unknown run", "GET", "/api/runs/none", undefined, 404, "not-found"],
  ["the tasks of an unknown run", "GET", "/api/runs/none/tasks", undefined, 404, "not-found"],
  ["the log of an unknown run", "GET", "/api/runs/none/logs?follow=true", undefined, 404, "not-found"],
  ["the events of an unknown run", "GET", "/api/runs/none/events", undefined, 404, "not-found"],
  ["the outputs of an unknown run", "GET", "/api/runs/none/outputs", undefined, 404, "not-found"],
  ["the report of an unknown run", "GET", "/api/runs/none/report", undefined, 404, "not-found"],
  ["an unknown job", "GET", "/api/jobs/none", undefined, 404, "not-found"],
  ["a run id with a path in it", "POST", "/api/dags/notes/runs", { run_id: "../x" }, 400, "usage-error"],
  [
    "a callback that is no address",
    "POST",
    "/api/dags/notes/runs",
    { callback_url: "x" },
    400,
    "usage-error",
  ],
  ["a key that no request has", "POST", "/api/dags/notes/runs", { config: {} }, 400, "usage-error"],
  ["a list too long", "GET", "/api/runs?limit=501", undefined, 400, "usage-error"],
  ["a status that is none", "GET", "/api/runs?status=FINE", undefined, 400, "usage-error"],
  ["a cursor of somebody else", "GET", "/api/runs?cursor=abc", undefined, 400, "usage-error"],
  ["a call that is not there", "GET", "/api/nothing", undefined, 404, "not-found"],
])("%s is answered with the error object", async (...[, method, path, body, status, code]) => {
  const answer = await server.call(method, path, body);
  expect([answer.status, answer.json]).toEqual([
    status,
    {
      code,
      message: expect.any(String),
      hint: expect.any(String),
      kind: expect.any(String),
      where: expect.any(Object),
      docs: `docs/errors.md#${code}`,
    },
  ]);
});

test("runs are paged by cursor and filtered", async () => {
  for (const dataset of ["a/1", "a/2", "a/3"]) await ended("notes", { dataset, resource: "paged" });
  const seen: string[] = [];
  let cursor = "";
  do {
    const { json } = await server.call("GET", `/api/runs?resource=paged&limit=2${cursor}`);
    expect(json.total).toBe(3);
    seen.push(...json.items.map((run: { dataset: string }) => run.dataset));
    cursor = json.next_cursor === null ? "" : `&cursor=${encodeURIComponent(json.next_cursor)}`;
  } while (cursor !== "");
  expect(seen).toEqual(["a/3", "a/2", "a/1"]);
  const { json } = await server.call("GET", "/api/runs?status=FAILED,CANCELLED&resource=paged");
  expect(json).toEqual({ items: [], next_cursor: null, total: 0 });
  expect((await server.call("GET", "/api/jobs?q=a/2")).json.total).toBe(1);
});

test("the log is given by page, as text, and followed to the end", async () => {
  const id = await ended("notes");
  const { json: first } = await server.call("GET", `/api/runs/${id}/logs?limit=1`);
  expect(first.items.map((line: { message: string }) => line.message)).toEqual(["note of first try=1"]);
  const { json: rest } = await server.call("GET", `/api/runs/${id}/logs?limit=5&cursor=${first.next_cursor}`);
  expect([rest.items.map((line: { task: string }) => line.task), rest.next_cursor]).toEqual([
    ["second"],
    null,
  ]);
  const { json: text, headers } = await server.call("GET", `/api/runs/${id}/logs?format=text&task=second`);
  expect(text).toMatch(/^\d{4}-\S+Z info {4}second: note of second try=1\n$/);
  expect(headers.get("content-disposition")).toBe(
    `attachment; filename="${id}.log"; filename*=UTF-8''${id}.log`,
  );
  const { json: followed } = await server.call("GET", `/api/runs/${id}/logs?follow=true`);
  expect(eventsOf(followed).map(({ event, data }) => [event, data && JSON.parse(data).task])).toEqual([
    ["message", "first"],
    ["message", "second"],
    ["end", ""],
  ]);
});

interface Sent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

function eventsOf(stream: string): Sent[] {
  const field = (block: string, name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
  return stream
    .split("\n\n")
    .filter((block) => /^data:/m.test(block))
    .map((block) => ({
      id: field(block, "id"),
      event: field(block, "event") ?? "message",
      data: field(block, "data") ?? "",
    }));
}

test("events are sent from the first one, or after the last one seen, and end with the run", async () => {
  const id = await start("notes");
  const { json, headers } = await server.call("GET", `/api/runs/${id}/events`);
  expect(headers.get("content-type")).toBe("text/event-stream");
  const events = eventsOf(json);
  expect([events[0]?.event, events.at(-2)?.event, events.at(-1)?.event]).toEqual([
    "run.created",
    "run.ended",
    "end",
  ]);
  const from = events[2]?.id ?? "";
  const again = await server.call("GET", `/api/runs/${id}/events`, undefined, { "last-event-id": from });
  expect(eventsOf(again.json)).toEqual(events.slice(3));
});

test("outputs are listed and sent, and nothing beside them", async () => {
  const id = await ended("notes", { conf: { day: "<script>" } });
  const { json } = await server.call("GET", `/api/runs/${id}/outputs`);
  expect(json.items.map(({ task, address }: { task: string; address: string }) => [task, address])).toEqual([
    ["first", `notes/${id}/first/note.txt`],
    ["second", `notes/${id}/second/note.txt`],
  ]);
  const file = await server.call("GET", `/api/runs/${id}/outputs/first/note.txt`);
  expect([file.status, file.json]).toEqual([200, '{"day":"<script>"}']);
  expect([
    file.headers.get("content-security-policy"),
    file.headers.get("content-disposition"),
    file.headers.get("x-content-type-options"),
  ]).toEqual([
    "sandbox; default-src 'none'",
    "attachment; filename=\"note.txt\"; filename*=UTF-8''note.txt",
    "nosniff",
  ]);
  const outside = ["..%2F..%2F..%2F..%2Fsecret.txt", "%2Fetc%2Fpasswd", "..", "note.txt%00", "other.txt"];
  for (const name of outside)
    expect((await server.call("GET", `/api/runs/${id}/outputs/first/${name}`)).status, name).toBe(404);
});

test("a failed run is retried; a run that is done is not", async () => {
  const id = await ended("unlucky");
  const { json: failed } = await server.call("GET", `/api/runs/${id}`);
  expect([failed.status, failed.error.code, failed.error.message]).toEqual([
    "FAILED",
    "source-error",
    expect.stringContaining("no luck in try 1"),
  ]);
  const retried = await server.call("POST", `/api/runs/${id}/retry`);
  expect([retried.status, retried.json.run_id]).toEqual([202, id]);
  const { json: stream } = await server.call("GET", `/api/runs/${id}/events`);
  expect(eventsOf(stream).filter(({ event }) => event === "run.ended")).toHaveLength(2);
  expect((await server.call("GET", `/api/runs/${id}`)).json).toMatchObject({ status: "DONE", attempt: 2 });
  const again = await server.call("POST", `/api/runs/${id}/retry`, { tasks: "failed" });
  expect([again.status, again.json.code]).toEqual([409, "conflict"]);
});

test("a run is cancelled, once", async () => {
  const id = await start("slow");
  expect((await server.call("POST", `/api/runs/${id}/cancel`)).status).toBe(202);
  await server.call("GET", `/api/runs/${id}/events`);
  expect((await server.call("GET", `/api/runs/${id}`)).json.status).toBe("CANCELLED");
  const { status, json } = await server.call("POST", `/api/runs/${id}/cancel`);
  expect([status, json.code]).toEqual([409, "conflict"]);
});

test("a paused DAG starts no runs", async () => {
  expect((await server.call("POST", "/api/dags/slow/pause", { paused: true })).json.paused).toBe(true);
  const { status, json } = await server.call("POST", "/api/dags/slow/runs", {});
  expect([status, json.code]).toEqual([409, "conflict"]);
  expect((await server.call("POST", "/api/dags/slow/pause", { paused: false })).json.paused).toBe(false);
});

test("secrets are set and named, and their values never given back", async () => {
  const { json } = await server.call("PUT", "/api/secrets/portal-key", { value: "s3cr3t-value" });
  expect(json.items).toEqual([{ name: "portal-key", updated: expect.any(String) }]);
  expect(stringify(json)).not.toContain("s3cr3t");
  expect((await server.call("DELETE", "/api/secrets/portal-key")).json.items).toEqual([]);
  expect((await server.call("DELETE", "/api/secrets/portal-key")).status).toBe(404);
});

test("old runs are collected, after a look at what would go", async () => {
  const id = await ended("notes", { run_id: "old" });
  const look = await server.call("POST", "/api/gc", { older_than_days: 0, dry_run: true });
  expect(look.json.runs).toContain(id);
  expect((await server.call("GET", `/api/runs/${id}`)).status).toBe(200);
  const done = await server.call("POST", "/api/gc", { older_than_days: 0 });
  expect(done.json.runs).toContain(id);
  expect((await server.call("GET", `/api/runs/${id}`)).status).toBe(404);
});
