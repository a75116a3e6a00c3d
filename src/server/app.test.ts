import { afterAll, beforeAll, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { call, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ worker: false });
});
afterAll(() => server.close());

test("health and ready say that all is well", async () => {
  expect((await server.call("GET", "/health")).json).toEqual({ status: "ok", version: "1.2.3" });
  expect((await server.call("GET", "/ready")).json).toEqual({ status: "ok", version: "1.2.3" });
});

test("a factory whose database is away is alive, but not ready", async () => {
  const gone = new AirCanError("database-error", "PostgreSQL refuses.");
  const ready = () => Promise.reject(gone);
  const app = server.appWith({ factory: { ...server.factory, ready } });
  expect((await call(app, { method: "GET", path: "/health" })).status).toBe(200);
  const { status, json } = await call(app, { method: "GET", path: "/ready" });
  expect([status, json]).toEqual([503, gone.toJSON()]);
});

test("a fault of ours is answered as such, and logged", async () => {
  const logged: string[] = [];
  const listDags = () => Promise.reject(new TypeError("x is undefined"));
  const app = server.appWith({
    factory: { ...server.factory, listDags },
    log: (level, message) => void (level === "error" && logged.push(message)),
  });
  const { status, json } = await call(app, { method: "GET", path: "/api/dags" });
  expect([status, json.code, json.kind, json.message]).toEqual([500, "bug", "bug", "x is undefined"]);
  expect(logged).toEqual(["GET /api/dags failed: x is undefined"]);
});

test("the OpenAPI document names every call with its scope, and every shape it refers to", async () => {
  const { json: document } = await server.call("GET", "/api/openapi.json");
  expect(document.openapi).toBe("3.1.0");
  const calls = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls.sort()).toEqual(
    [
      "GET /api/dags",
      "GET /api/dags/{dag}",
      "PUT /api/dags/{dag}",
      "POST /api/dags/{dag}/pause",
      "POST /api/dags/{dag}/runs",
      "GET /api/runs",
      "GET /api/runs/{run}",
      "GET /api/runs/{run}/tasks",
      "GET /api/runs/{run}/tasks/{task}",
      "GET /api/runs/{run}/logs",
      "GET /api/runs/{run}/events",
      "GET /api/runs/{run}/outputs",
      "GET /api/runs/{run}/outputs/{task}/{name}",
      "GET /api/runs/{run}/report",
      "GET /api/runs/{run}/report/comparison",
      "GET /api/runs/{run}/profile",
      "GET /api/runs/{run}/shares",
      "POST /api/runs/{run}/shares",
      "DELETE /api/runs/{run}/shares/{share}",
      "GET /api/shared/{secret}",
      "GET /api/shared/{secret}/report",
      "GET /api/shared/{secret}/profile",
      "GET /badge/{org}/{file}",
      "GET /api/schedules",
      "GET /api/schedules/{schedule}",
      "PUT /api/schedules/{schedule}",
      "POST /api/schedules/{schedule}/pause",
      "DELETE /api/schedules/{schedule}",
      "POST /api/events",
      "POST /api/runs/{run}/cancel",
      "POST /api/runs/{run}/retry",
      "GET /api/jobs",
      "GET /api/jobs/{job}",
      "GET /api/datasets",
      "GET /api/datasets/{org}/{dataset}/jobs",
      "POST /api/load",
      "POST /api/validate",
      "POST /api/flows/run",
      "GET /api/processors",
      "GET /api/checks",
      "GET /api/tokens",
      "POST /api/tokens",
      "DELETE /api/tokens/{token}",
      "GET /api/secrets",
      "PUT /api/secrets/{name}",
      "DELETE /api/secrets/{name}",
      "POST /api/gc",
      "GET /api/3/action/datastore_search",
      "POST /api/3/action/datastore_search",
      "GET /api/3/action/datastore_info",
      "POST /api/3/action/datastore_info",
      "GET /datastore/dump/{id}",
      "GET /health",
      "GET /ready",
    ].sort(),
  );
  const text = JSON.stringify(document);
  const referred = new Set(Array.from(text.matchAll(/#\/components\/schemas\/(\w+)/g), ([, name]) => name));
  expect([...referred].filter((name) => !(name ?? "" in document.components.schemas))).toEqual([]);
  const unnamed = Object.entries<Record<string, { summary?: string; security?: unknown }>>(document.paths)
    .filter(([path]) => path.startsWith("/api"))
    .flatMap(([path, item]) =>
      Object.values(item)
        .filter(({ summary, security }) => !summary || !security)
        .map(() => path),
    );
  expect(unnamed).toEqual([]);
});

test("the page of the API names every call, and needs nothing from anywhere else", async () => {
  const { json: page, headers } = await server.call("GET", "/api/docs");
  expect(headers.get("content-type")).toBe("text/html; charset=UTF-8");
  const { json: document } = await server.call("GET", "/api/openapi.json");
  for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  expect(page.match(/<script|(?:src|href)="https?:/g)).toBeNull();
});

test("processors are listed with the schema of their configuration", async () => {
  const { json } = await server.call("GET", "/api/processors");
  const found = json.items.find(({ name }: { name: string }) => name === "set_type");
  expect(found).toMatchObject({ title: expect.any(String), config: { type: "object" } });
});

test.each([
  ["/", "text/html; charset=utf-8", "no-cache"],
  ["/runs/some-run", "text/html; charset=utf-8", "no-cache"],
  ["/@org/data.set/actions/runs/1", "text/html; charset=utf-8", "no-cache"],
  ["/assets/main-1a2b.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
])("the page at %s is sent as %s", async (path, type, caching) => {
  const { status, headers } = await server.call("GET", path);
  expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([200, type, caching]);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/);
  expect((await server.call("HEAD", path)).json).toBe("");
});

test.each([
  "/assets/gone-9z.js",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/..\\secret.txt",
  "/%00",
  "/%E0%A4%A",
])("%s is no file of the page", async (path) => {
  const { json } = await server.call("GET", path);
  expect(JSON.stringify(json)).not.toContain("not for anyone");
});

test("nothing is posted to a page", async () => {
  const { status, json } = await server.call("POST", "/runs", {});
  expect([status, json.code]).toEqual([404, "not-found"]);
});

test.each([
  ["JSON that is none", "application/json", "{", "usage-error", 400],
  ["a form", "application/x-www-form-urlencoded", "paused=true", "usage-error", 400],
  ["a text, as any site may send it", "text/plain", '{"paused":true}', "usage-error", 400],
  ["a body of no type", "", '{"paused":true}', "usage-error", 400],
  ["a body that is too large", "application/json", `{"x":"${"x".repeat(10_500_000)}"}`, "too-large", 413],
])("%s is refused", async (_, type, body, code, status) => {
  const headers = { ...(type ? { "content-type": type } : {}), "content-length": String(body.length) };
  const response = await server.app.request("/api/dags/x/pause", {
    method: "POST",
    body: Buffer.from(body),
    headers,
  });
  expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
});
