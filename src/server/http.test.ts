import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { loadDag } from "../ckan/load-dag.ts";
import { type Listening, listen } from "./listen.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
let listening: Listening;
beforeAll(async () => {
  server = await startTestServer({ worker: false, builtIn: [loadDag] });
  listening = await listen(server.app, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await listening.close();
  await server.close();
});

/** For machines that have much else to do. */
const patient = { timeout: 20_000 };

const boundary = "----aircan";
const part = (name: string, content: string, file = "") =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${content}\r\n`;

interface Request {
  readonly body: string;
  /** Other than the body's own. */
  readonly length?: number;
  readonly chunked?: boolean;
}

/** Sends a form over a socket of its own; gives the socket. */
function send({ body, length, chunked }: Request) {
  const socket = connect(listening.port, "127.0.0.1");
  socket.on("error", () => {});
  const size = chunked
    ? "transfer-encoding: chunked"
    : `content-length: ${length ?? Buffer.byteLength(body)}`;
  socket.write(
    `POST /api/load HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\n${size}\r\n\r\n`,
  );
  socket.write(chunked ? `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n` : body);
  return socket;
}

/** Status and error code of what a socket answers. */
async function answer(request: Request): Promise<readonly [number, string | undefined]> {
  const said = await text(send(request));
  return [Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]), /"code":"([^"]+)"/.exec(said)?.[1]];
}

const files = async (): Promise<string[]> =>
  (await readdir(join(server.folder, "storage"), { recursive: true }).catch(() => [])).filter((name) =>
    /\.csv/.test(name),
  );

const whole = (content: string): string =>
  `${part("name", "t")}${part("file", content, "t.csv")}--${boundary}--\r\n`;

test.each<[string, Request, number, string]>([
  ["larger than the limit", { body: whole("x".repeat(1_000_001)) }, 413, "too-large"],
  [
    "larger than the limit, and does not say so",
    { body: whole("x".repeat(1_500_000)), chunked: true },
    413,
    "too-large",
  ],
  ["said to be far larger", { body: "", length: 100_000_000_000 }, 413, "too-large"],
  ["of two files", { body: part("a", "1", "a.csv") + whole("1") }, 400, "usage-error"],
  ["without its end", { body: part("file", "a,b\n1", "t.csv") }, 400, "usage-error"],
  ["that is no form", { body: "hello" }, 400, "usage-error"],
])("an upload %s is refused, and nothing of it stays", async (_, request, status, code) => {
  expect(await answer(request)).toEqual([status, code]);
  expect(await files()).toEqual([]);
});

test("an upload that is cut off in the middle leaves nothing, and starts nothing", async () => {
  const { storage } = server.factory;
  const ended = Promise.withResolvers<unknown>();
  const app = server.appWith({
    factory: {
      ...server.factory,
      storage: {
        ...storage,
        write: (...given) => {
          const writing = storage.write(...given);
          writing.then(ended.resolve, ended.resolve);
          return writing;
        },
        remove: (prefix) => storage.remove(prefix).finally(() => removed.resolve(prefix)),
      },
    },
  });
  const removed = Promise.withResolvers<string>();
  const other = await listen(app, { host: "127.0.0.1", port: 0 });
  const socket = connect(other.port, "127.0.0.1");
  const begun = `${part("name", "t")}${part("file", "a,b\n".repeat(20_000), "t.csv")}`;
  socket.write(
    `POST /api/load HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ncontent-length: 900000\r\n\r\n${begun}`,
    () => socket.destroy(),
  );
  expect(await ended.promise).toBeInstanceOf(Error);
  await removed.promise;
  expect(await files()).toEqual([]);
  expect((await server.factory.listRuns()).total).toBe(0);
  await other.close();
});

test("an upload to a disk that is full is refused at once, and leaves nothing", async () => {
  const { storage } = server.factory;
  const full = new AirCanError("storage-error", "t.csv cannot be written: the disk is full.");
  const write = () => Promise.reject(full);
  const app = server.appWith({ factory: { ...server.factory, storage: { ...storage, write } } });
  const other = await listen(app, { host: "127.0.0.1", port: 0 });
  const form = new FormData();
  form.set("file", new File(["a,b\n".repeat(200_000)], "t.csv"));
  const response = await fetch(`${other.url}/api/load`, { method: "POST", body: form });
  expect([response.status, await response.json()]).toEqual([503, full.toJSON()]);
  expect(await files()).toEqual([]);
  await other.close();
});

test("a whole upload is accepted", async () => {
  expect(await answer({ body: whole("a,b\n1,2\n") })).toEqual([202, undefined]);
  expect(await files()).toHaveLength(1);
});

test("a reader who goes away is noticed, and a server that closes waits for nobody", async () => {
  await server.call("PUT", "/api/dags/idle", { tasks: { a: { kind: "nothing" } } });
  const { json } = await server.call("POST", "/api/dags/idle/runs", {});
  const signals: AbortSignal[] = [];
  const { factory } = server;
  const app = server.appWith({
    factory: {
      ...factory,
      subscribe: (query) => {
        signals.push(query.signal);
        return factory.subscribe(query);
      },
    },
  });
  const other = await listen(app, { host: "127.0.0.1", port: 0 });
  const url = `${other.url}/api/runs/${json.run_id}/events`;
  const follow = async (signal: AbortSignal) => {
    const response = await fetch(url, { signal });
    const reader = response.body?.getReader();
    const seen = new TextDecoder();
    for (let said = ""; !said.includes("run.created"); ) said += seen.decode((await reader?.read())?.value);
    return reader;
  };
  const leaving = new AbortController();
  await follow(leaving.signal);
  const staying = await follow(AbortSignal.timeout(20_000));
  await expect.poll(() => signals.length, patient).toBe(2);
  leaving.abort();
  await expect.poll(() => signals[0]?.aborted, patient).toBe(true);
  expect(signals[1]?.aborted).toBe(false);
  const broken = staying?.closed.catch(() => "broken off");
  await other.close();
  expect(await broken).toBe("broken off");
  await expect.poll(() => signals[1]?.aborted, patient).toBe(true);
});

test("a port in use is named", async () => {
  const again = listen(server.app, { host: "127.0.0.1", port: listening.port });
  await expect(again).rejects.toMatchObject({
    code: "port-in-use",
    message: `Another program listens on port ${listening.port} of 127.0.0.1 already.`,
  });
});

test.each([
  ["no address of this machine", "192.0.2.1"],
  ["no address at all", "no.such.host.invalid"],
])("a host that is %s is refused", async (_, host) => {
  await expect(listen(server.app, { host, port: 0 })).rejects.toMatchObject({ code: "config-error" });
});

test("a request from another machine's name is refused over a real socket too", async () => {
  const socket = connect(listening.port, "127.0.0.1");
  socket.write("GET /api/runs HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
  const said = await text(socket);
  expect(said).toMatch(/^HTTP\/1\.1 403 /);
});
