import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestFactory, type TestFactory, untilEnded } from "./test-factory.ts";

interface Heard {
  readonly path: string;
  readonly signature: string;
  readonly body: string;
}

let under: TestFactory;
let server: Server;
let url: string;
const heard: Heard[] = [];
const refusals = new Map<string, number>();

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? "";
    heard.push({
      path,
      signature: String(request.headers["x-aircan-signature"]),
      body: Buffer.concat(chunks).toString(),
    });
    const left = refusals.get(path) ?? 0;
    refusals.set(path, left - 1);
    response
      .writeHead(left > 0 ? 503 : path === "/away" ? 302 : 204, { location: "http://127.0.0.1:1/" })
      .end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://localhost:${typeof address === "object" ? address?.port : 0}`;
  under = await startTestFactory({ allowPrivate: ["localhost"] });
  await under.factory().putDag({ dag: "good", tasks: { a: { kind: "note" } } });
  await under.factory().putDag({ dag: "bad", tasks: { a: { kind: "fail", config: { kind: "data" } } } });
});
afterAll(async () => {
  await under.close();
  server.close();
});

async function run(dag: string, callbackUrl: string) {
  const { run } = await under.factory().startRun({ dag, callbackUrl });
  await untilEnded(under.factory(), run.id);
  return run.id;
}

const calls = (path: string) => heard.filter((one) => one.path === path);
const rows = (id: string) =>
  under.database.query(
    "select tries, delivered is not null as delivered, given_up is not null as given_up, last_error from aircan.callback where run_id = $1",
    [id],
  );

test.each([
  ["good", "DONE"],
  ["bad", "FAILED"],
])("the end of a %s run is told, signed", async (dag, status) => {
  await under.factory().secrets.set("callback", "shared key");
  const id = await run(dag, `${url}/${dag}`);
  await vi.waitFor(() => expect(calls(`/${dag}`)).toHaveLength(1), 5_000);
  const [call] = calls(`/${dag}`);
  expect(call?.signature).toBe(
    `sha256=${createHmac("sha256", "shared key")
      .update(call?.body ?? "")
      .digest("hex")}`,
  );
  expect(JSON.parse(call?.body ?? "")).toMatchObject({
    type: "run.ended",
    run: { id, status },
    job: { factory_id: id, status },
  });
});

test("a callback that is refused is sent again, and the run is what it was", async () => {
  refusals.set("/busy", 1);
  const id = await run("good", `${url}/busy`);
  await vi.waitFor(
    async () =>
      expect(await rows(id)).toEqual([{ tries: 2, delivered: true, given_up: false, last_error: null }]),
    {
      timeout: 8_000,
    },
  );
  expect(calls("/busy")).toHaveLength(2);
  expect((await under.factory().showRun(id)).status).toBe("DONE");
});

test("a callback into a private network is given up, and a redirect is not followed", async () => {
  const inside = await run("good", "http://127.0.0.1:9/x");
  await vi.waitFor(
    async () => expect(await rows(inside)).toMatchObject([{ tries: 1, given_up: true }]),
    5_000,
  );
  expect((await rows(inside))[0]?.last_error).toContain("private network");
  const away = await run("good", `${url}/away`);
  await vi.waitFor(async () => expect((await rows(away))[0]?.last_error).toContain("302"), 5_000);
});

test("what was not delivered before a stop is delivered after it", async () => {
  refusals.set("/later", 1);
  await run("good", `${url}/later`);
  await vi.waitFor(() => expect(calls("/later")).toHaveLength(1), 5_000);
  await under.reopen();
  await vi.waitFor(() => expect(calls("/later").length).toBeGreaterThanOrEqual(2), { timeout: 35_000 });
}, 40_000);
