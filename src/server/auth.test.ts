import { afterAll, beforeAll, expect, test } from "vitest";
import { credentialOf } from "./auth.ts";
import { isLoopback } from "./local-only.ts";
import type { App } from "./parts.ts";
import { call, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
/** An app that asks afresh whether there are tokens. */
let app: App;
beforeAll(async () => {
  server = await startTestServer({ worker: false });
  app = server.app;
});
afterAll(() => server.close());

type Headers = Readonly<Record<string, string>>;

const status = async (method: string, path: string, headers: Headers = {}) => {
  const answer = await call(app, { method, path, headers: { ...headers } });
  return answer.status;
};

const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;

test.each([
  ["localhost", true],
  ["localhost:8080", true],
  ["LOCALHOST", true],
  ["app.localhost:8080", true],
  ["127.0.0.1:8080", true],
  ["127.9.9.9", true],
  ["[::1]:8080", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["localhost.example.org", false],
  ["127.0.0.1.example.org", false],
  ["example.org:8080", false],
  ["10.0.0.1", false],
  ["[2001:db8::1]:80", false],
  ["", false],
])("%s is this machine: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ["Bearer abc", "abc"],
  ["bearer  abc", "abc"],
  [basic("", "abc"), "abc"],
  [basic("user", "abc:d"), "abc:d"],
  [basic("abc", ""), "abc"],
  ["Digest abc", undefined],
  ["Bearer", undefined],
  [undefined, undefined],
])("the token in %s is %s", (header, token) => {
  expect(credentialOf(header)).toBe(token);
});

test.each<[string, string, Headers, number]>([
  ["this machine", "GET", {}, 200],
  ["this machine by its address", "GET", { host: "127.0.0.1:8080" }, 200],
  ["a name that somebody points here", "GET", { host: "evil.example" }, 403],
  [
    "its own page",
    "GET",
    { host: "localhost", origin: "http://localhost", "sec-fetch-site": "same-origin" },
    200,
  ],
  ["another site's script", "GET", { host: "localhost", origin: "http://evil.example" }, 403],
  ["another port's page", "GET", { host: "localhost:8080", origin: "http://localhost:3000" }, 403],
  ["a page without an origin", "GET", { host: "localhost", origin: "null" }, 403],
  ["another site's image", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
  ["a link on another site", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 200],
  ["another site's form", "POST", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 403],
  ["an address typed in", "GET", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }, 200],
])(
  "without tokens, a request from %s (%s) is answered as it should be",
  async (_, method, headers, expected) => {
    const path = method === "GET" ? "/api/runs" : "/api/dags/none/runs";
    expect(await status(method, path, headers)).toBe(expected);
  },
);

test("without tokens, another machine's request is refused whatever it says", async () => {
  const incoming = { socket: { remoteAddress: "192.168.1.20" } };
  const response = await app.request("/api/runs", { headers: { host: "localhost" } }, { incoming });
  expect([response.status, await response.json()]).toEqual([
    403,
    expect.objectContaining({ code: "forbidden" }),
  ]);
});

test("health is anyone's to ask", async () => {
  expect(await status("GET", "/health", { host: "pod-17.example" })).toBe(200);
  expect(await status("GET", "/ready", { host: "pod-17.example" })).toBe(200);
});

test("with tokens, each call needs one with its scope", async () => {
  const make = async (scopes: readonly string[], headers: Headers = {}) =>
    call(app, {
      method: "POST",
      path: "/api/tokens",
      body: { name: scopes.join(), scopes },
      headers: { ...headers },
    });
  const admin = (await make(["admin"])).json;
  expect(admin).toEqual({
    id: expect.any(String),
    name: "admin",
    scopes: ["admin"],
    created: expect.any(String),
    last_used: null,
    token: expect.stringMatching(/^aircan_/),
  });
  const bearer = (text: string): Headers => ({ authorization: `Bearer ${text}` });
  const read = (await make(["read"], bearer(admin.token))).json;
  const run = (await make(["run"], bearer(admin.token))).json;
  const rows: [string, string, string, Headers, number][] = [
    ["no token", "GET", "/api/runs", {}, 401],
    ["a token that is none", "GET", "/api/runs", bearer("aircan_no"), 401],
    ["read reads", "GET", "/api/runs", bearer(read.token), 200],
    ["read starts nothing", "POST", "/api/dags/none/runs", bearer(read.token), 403],
    ["read loads nothing", "POST", "/api/load", bearer(read.token), 403],
    ["read sees no table without asking", "GET", "/datastore/dump/none", {}, 401],
    ["read sees tables", "GET", "/datastore/dump/none", bearer(read.token), 404],
    ["run reads", "GET", "/api/jobs", bearer(run.token), 200],
    ["run starts", "POST", "/api/dags/none/runs", bearer(run.token), 404],
    ["run changes no DAG", "PUT", "/api/dags/none", bearer(run.token), 403],
    ["run sees no tokens", "GET", "/api/tokens", bearer(run.token), 403],
    ["run sees no secrets", "GET", "/api/secrets", bearer(run.token), 403],
    ["admin sees tokens", "GET", "/api/tokens", bearer(admin.token), 200],
    ["Basic is as good", "GET", "/api/runs", { authorization: basic("x", read.token) }, 200],
    [
      "Basic from another site is not",
      "GET",
      "/api/runs",
      { authorization: basic("x", read.token), origin: "http://evil.example" },
      403,
    ],
    [
      "Bearer may come from anywhere",
      "GET",
      "/api/runs",
      { ...bearer(read.token), host: "factory.example", origin: "http://portal.example" },
      200,
    ],
    ["the page is anyone's", "GET", "/", {}, 200],
    ["the description is anyone's", "GET", "/api/docs", {}, 200],
  ];
  const answered = [];
  for (const [name, method, path, headers] of rows)
    answered.push([name, await status(method, path, headers)]);
  expect(answered).toEqual(rows.map(([name, , , , expected]) => [name, expected]));

  const { json: listed } = await call(app, {
    method: "GET",
    path: "/api/tokens",
    headers: { ...bearer(admin.token) },
  });
  expect(JSON.stringify(listed)).not.toMatch(/aircan_/);
  expect(listed.items.map(({ name }: { name: string }) => name)).toEqual(["admin", "read", "run"]);
  for (const id of [read.id, run.id, admin.id])
    expect(await status("DELETE", `/api/tokens/${id}`, bearer(admin.token))).toBe(200);
  expect(await status("GET", "/api/runs")).toBe(200);
});

test("who starts a run is the token's name, unless it says otherwise", async () => {
  await server.call("PUT", "/api/dags/nothing", { tasks: { a: { kind: "nothing" } } });
  const { json: token } = await server.call("POST", "/api/tokens", {
    name: "portal",
    scopes: ["run", "admin"],
  });
  const headers = { authorization: `Bearer ${token.token}` };
  const start = (body: object) =>
    call(app, { method: "POST", path: "/api/dags/nothing/runs", body, headers });
  const users = [];
  for (const body of [{}, { user: "ada" }]) {
    const { run_id } = (await start(body)).json;
    users.push((await server.factory.showRun(run_id)).user);
  }
  expect(users).toEqual(["portal", "ada"]);
  expect(await status("DELETE", `/api/tokens/${token.id}`, headers)).toBe(200);
});
