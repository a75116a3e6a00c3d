import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openUrl } from "./http.ts";
import { failure, serve } from "./test-http.ts";

/** A proxy that connects to whatever host is asked for at one server, and what it was asked for. */
async function proxyTo(target: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void fetch(`${target}${new URL(request.url ?? "").pathname}`)
      .then((answer) => answer.text())
      .then((text) => response.end(text));
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const { port, hostname } = new URL(target);
    const other = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      socket.pipe(other).pipe(socket);
    });
    other.on("error", () => socket.destroy());
    socket.on("error", () => other.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // a server that listens on a port has an address of this shape
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function setProxy(url: string): void {
  const { HTTP_PROXY, http_proxy } = process.env;
  process.env.HTTP_PROXY = url;
  delete process.env.http_proxy;
  onTestFinished(() => {
    if (HTTP_PROXY === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = HTTP_PROXY;
    if (http_proxy !== undefined) process.env.http_proxy = http_proxy;
  });
}

const options = { allowPrivate: true, signal: AbortSignal.timeout(10_000), idleTimeout: 2000 };

test("a proxy of the environment is used, but not for this machine", async () => {
  const target = await serve((_, response) => response.end("text"));
  const { asked, url } = await proxyTo(target);
  setProxy(url);
  const { body } = await openUrl("http://data.example.org/a.csv", options);
  expect(String(await buffer(body))).toBe("text");
  await buffer((await openUrl(`${target}/b.csv`, options)).body);
  expect(asked).toEqual([expect.stringMatching(/data\.example\.org/)]);
});

test("where private addresses are refused, a proxy that would look up names is not used", async () => {
  const { asked, url } = await proxyTo(await serve((_, response) => response.end("text")));
  setProxy(url);
  const opening = openUrl("http://localhost:8765/a.csv", { ...options, allowPrivate: false });
  expect(await failure(opening)).toMatch(/^unsafe-path: localhost /);
  expect(asked).toEqual([]);
});
