import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { AirCanError } from "../../base/errors.ts";
import type { Invocation } from "../command.ts";
import { openOutput } from "../output.ts";
import { resolveSettings } from "../settings.ts";
import { withApi, withQuery } from "./api-client.ts";

/** An invocation of a command that speaks to this server. */
async function against(answer: RequestListener): Promise<Invocation<unknown>> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    output: openOutput({ json: true, quiet: true, verbose: false }),
    options: {},
    settings: resolveSettings({ flags: { url, token: "t0ken" }, env: {}, file: {} }),
    folder: "/",
    signal: AbortSignal.timeout(20_000),
  };
}

test("the token is sent, and a body as JSON", async () => {
  const invocation = await against(async (request, response) => {
    const body = (await request.toArray()).join("");
    const { authorization, "content-type": type } = request.headers;
    response.end(JSON.stringify([request.method, request.url, authorization, type, body]));
  });
  const said = await withApi(invocation, (api) => api.send("PUT", "/api/x", { a: 1 }));
  expect(said).toEqual(["PUT", "/api/x", "Bearer t0ken", "application/json", '{"a":1}']);
});

test("an error of the API is thrown as it is", async () => {
  const error = new AirCanError("conflict", "It runs.", { hint: "Wait.", where: { run: "r" } });
  const invocation = await against((_, response) => response.writeHead(409).end(JSON.stringify(error)));
  await expect(withApi(invocation, (api) => api.get("/api/x"))).rejects.toMatchObject(error.toJSON());
});

test("an answer that is no factory's is said to be none", async () => {
  const invocation = await against((_, response) => response.writeHead(502).end("<html>"));
  await expect(withApi(invocation, (api) => api.get("/api/x"))).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("answers 502, but is no factory"),
  });
});

test("events are followed across a connection that breaks, each once", async () => {
  const asked: unknown[] = [];
  const invocation = await against((request, response) => {
    asked.push(request.headers["last-event-id"]);
    if (asked.length === 2) return response.destroy();
    response.write(
      asked.length === 1
        ? "id: 1\ndata: a\n\nid: 2\ndata: b\n\n"
        : "id: 3\ndata: c\n\nevent: end\ndata: \n\n",
    );
    if (asked.length === 1) setImmediate(() => response.destroy());
  });
  const seen = await withApi(invocation, (api) => Array.fromAsync(api.follow("/api/x")));
  expect([seen.map(({ data }) => data), asked]).toEqual([
    ["a", "b", "c"],
    [undefined, "2", "2"],
  ]);
});

test("a stream that is refused is not asked for again", async () => {
  const error = new AirCanError("not-found", "There is no such run.");
  let asked = 0;
  const invocation = await against((_, response) => {
    asked++;
    response.writeHead(404).end(JSON.stringify(error));
  });
  const following = withApi(invocation, (api) => Array.fromAsync(api.follow("/api/x")));
  await expect(following).rejects.toMatchObject({ code: "not-found" });
  expect(asked).toBe(1);
});

test("a query leaves out what is not given", () => {
  expect(withQuery("/x", { a: 1, b: undefined, c: "d e", f: true })).toBe("/x?a=1&c=d+e&f=true");
  expect(withQuery("/x", { a: undefined })).toBe("/x");
});
