import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { type FetchOptions, openUrl } from "./http.ts";
import { shown } from "./http-request.ts";
import { isPrivateAddress } from "./private-address.ts";
import { failure, serve } from "./test-http.ts";

const options: FetchOptions = {
  signal: AbortSignal.timeout(20_000),
  allowPrivate: true,
  maxBytes: 100_000,
  idleTimeout: 300,
};

async function read(url: string, more: Partial<FetchOptions> = {}): Promise<string> {
  const { body } = await openUrl(url, { ...options, ...more });
  return String(await buffer(body));
}

test("a file is fetched, along redirects", async () => {
  const url = await serve((request, response) =>
    request.url === "/old"
      ? response.writeHead(302, { location: "/new" }).end()
      : response.end(`you asked for ${request.url}`),
  );
  expect(await read(`${url}/old`)).toBe("you asked for /new");
});

test("user and password go to the host they were meant for, and to no other", async () => {
  const other = await serve((request, response) => response.end(`sent ${request.headers.authorization}`));
  const url = await serve((request, response) =>
    request.headers.authorization === `Basic ${btoa("me:s@cret")}`
      ? response.writeHead(302, { location: other }).end()
      : response.writeHead(401).end(),
  );
  expect(await read(url.replace("//", "//me:s%40cret@"))).toBe("sent undefined");
});

test.each([
  ["answers 404", 404, /^scheme-error: .*\/x answers 404 Not Found\.$/],
  ["answers 403", 403, /^scheme-error: .*\/x answers 403 Forbidden\.$/],
])("an address that %s is an error that says so", async (_, status, message) => {
  const url = await serve((_request, response) => response.writeHead(status).end("no"));
  expect(await failure(read(`${url}/x`))).toMatch(message);
});

test("a server that fails twice is asked a third time", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked++;
    response.writeHead(asked < 3 ? 503 : 200).end("there");
  });
  expect([await read(url), asked]).toEqual(["there", 3]);
});

test("a file that never ends is broken off at the limit", async () => {
  const url = await serve((_, response) => {
    const timer = setInterval(() => response.write("x".repeat(20_000)), 1);
    response.on("close", () => clearInterval(timer));
  });
  expect(await failure(read(url))).toMatch(/^too-large: .* is larger than the limit of 100000 bytes\.$/);
});

test("a file that says that it is too large is not even begun", async () => {
  const url = await serve((_, response) => response.writeHead(200, { "content-length": "100001" }).end());
  expect(await failure(read(url))).toMatch(/^too-large: /);
});

test("redirects that never end are", async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: "/again" }).end());
  expect(await failure(read(url))).toMatch(/^scheme-error: .* redirects more than 10 times\.$/);
});

test.each([
  ["before its first byte", false],
  ["in the middle", true],
])("a server that falls silent %s is given up", async (_, begins) => {
  const url = await serve((_request, response) => {
    if (begins) response.writeHead(200).write("begun");
  });
  expect(await failure(read(url))).toMatch(/^timeout: .* did not answer in time\.$/);
});

test("a connection that breaks in the middle gives no half file", async () => {
  const url = await serve(async (_, response) => {
    response.writeHead(200, { "content-length": "1000" }).write("begun");
    await pause(20);
    response.destroy();
  });
  expect(await failure(read(url))).toMatch(/^scheme-error: /);
});

test.each([
  ["http://127.0.0.1:1/x", "127.0.0.1"],
  ["http://[::1]:1/x", "[::1]"],
  ["http://[::ffff:10.0.0.1]/x", "[::ffff:a00:1]"],
  ["http://169.254.169.254/latest/meta-data", "169.254.169.254"],
  ["http://2130706433/", "127.0.0.1"],
  ["http://localhost:8765/x", "localhost"],
])("%s is in a private network and refused", async (url, host) => {
  expect(await failure(read(url, { allowPrivate: false }))).toBe(
    `unsafe-path: ${host} is an address in a private network, which is not allowed here.`,
  );
});

test("a redirect into a private network is refused", async () => {
  const inner = await serve((_, response) => response.end("secret"));
  const url = await serve((_, response) =>
    response.writeHead(302, { location: inner.replace("127.0.0.1", "127.0.0.2") }).end(),
  );
  expect(await failure(read(url, { allowPrivate: ["127.0.0.1"] }))).toMatch(
    /^unsafe-path: 127\.0\.0\.2 is an address in a private network/,
  );
});

test("a redirect to another scheme is refused", async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end());
  expect(await failure(read(url))).toMatch(/^unsafe-path: .* scheme file:/);
});

test("an aborted fetch says that it was cancelled", async () => {
  const url = await serve(() => {});
  const stop = new AbortController();
  const failed = failure(read(url, { signal: stop.signal }));
  stop.abort();
  expect(await failed).toMatch(/^interrupted: /);
});

test.each([
  ["8.8.8.8", false],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["172.32.0.1", false],
  ["100.64.0.1", true],
  ["::1", true],
  ["fd00::1", true],
  ["fe80::1", true],
  ["2606:4700::1111", false],
  ["::ffff:192.168.0.1", true],
  ["64:ff9b::10.0.0.1", true],
  ["64:ff9b::8.8.8.8", false],
  ["2002:a9fe:a9fe::1", true],
  ["2002:808:808::1", false],
])("%s is private: %s", (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

test("addresses are shown without password and query", () => {
  expect(shown("https://me:secret@example.org/a.csv?token=1")).toBe("https://example.org/a.csv?…");
});
