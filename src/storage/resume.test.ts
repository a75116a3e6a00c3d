import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { namedFile, openUrl } from "./http.ts";
import { retryAfter } from "./retry.ts";
import { failure, serve } from "./test-http.ts";

const options = { signal: AbortSignal.timeout(20_000), allowPrivate: true, idleTimeout: 300 };

const file = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `${i},row\n`).join(""));

async function read(url: string): Promise<Buffer> {
  const { body } = await openUrl(url, options);
  return buffer(body);
}

/** Sends the bytes in pieces and cuts the connection after some of them. */
async function cut(response: ServerResponse, bytes: Buffer, after: number): Promise<void> {
  for (let at = 0; at < after; at += 16_384) {
    response.write(bytes.subarray(at, Math.min(after, at + 16_384)));
    await turn();
  }
  await new Promise((done) => response.write("", done));
  response.destroy();
}

interface Cutting {
  readonly headers: Record<string, string>;
  readonly knowsRanges: boolean;
  readonly encode?: (bytes: Buffer) => Buffer;
}

/** A server whose first two answers break off after 100,000 bytes. Collects the requested ranges. */
function cutting({ headers, knowsRanges, encode = (bytes) => bytes }: Cutting) {
  const asked: string[] = [];
  const answer: RequestListener = (request: IncomingMessage, response) => {
    asked.push(`${request.headers.range ?? "all"} if ${request.headers["if-range"] ?? "any"}`);
    const start = knowsRanges ? Number(/\d+/.exec(request.headers.range ?? "0")?.[0]) : 0;
    const rest = encode(file).subarray(start);
    const range = start > 0 ? { "content-range": `bytes ${start}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { ...headers, ...range, "content-length": rest.length });
    if (asked.length > 2) response.end(rest);
    else void cut(response, rest, 100_000);
  };
  return { asked, answer };
}

test("a download that breaks off twice is asked for from where it was", async () => {
  const { asked, answer } = cutting({ headers: { etag: '"v1"' }, knowsRanges: true });
  const got = await read(await serve(answer));
  expect(got.equals(file)).toBe(true);
  expect(asked).toEqual([
    "all if any",
    expect.stringMatching(/^bytes=\d+- if "v1"$/),
    expect.stringMatching(/^bytes=\d+- if "v1"$/),
  ]);
});

test.each<[string, Cutting]>([
  ["knows no ranges", { headers: { "last-modified": "Mon, 02 Jan 2026 10:00:00 GMT" }, knowsRanges: false }],
  [
    "compresses on the way",
    { headers: { etag: '"v1"', "content-encoding": "gzip" }, knowsRanges: false, encode: stored },
  ],
])("a download from a server that %s is gone through again", async (_, how) => {
  const { asked, answer } = cutting(how);
  const got = await read(await serve(answer));
  expect([got.equals(file), asked.length]).toEqual([true, 3]);
});

/** As gzip, without making it smaller, so that it can break off in the middle. */
function stored(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 0 });
}

test("a file that changes while it is fetched is not put together from two", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    response.writeHead(200, { etag: `"v${++asked}"`, "content-length": file.length });
    void cut(response, file, 50_000);
  });
  expect(await failure(read(`${url}/x`))).toBe(`scheme-error: ${url}/x was changed while it was fetched.`);
});

test("a download that breaks off is given up if nothing tells the version of the file", async () => {
  const { asked, answer } = cutting({ headers: {}, knowsRanges: true });
  const url = await serve(answer);
  expect(await failure(read(`${url}/x`))).toMatch(/^scheme-error: .*\/x broke off after \d+ bytes\.$/);
  expect(asked).toEqual(["all if any"]);
});

test("a download that breaks off again and again without a byte is given up", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked++;
    response.writeHead(200, { etag: '"v1"', "content-length": 10 });
    response.flushHeaders();
    response.destroy();
  });
  expect(await failure(read(`${url}/x`))).toMatch(/^scheme-error: /);
  expect(asked).toBeLessThanOrEqual(9);
});

test("a server that asks to wait is asked again after that time", async () => {
  const times: number[] = [];
  const url = await serve((_, response) => {
    times.push(performance.now());
    if (times.length === 1) response.writeHead(429, { "retry-after": "1" }).end();
    else response.end("there");
  });
  expect(String(await read(url))).toBe("there");
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test("a server that asks to wait for an hour is not waited for", async () => {
  const url = await serve((_, response) => response.writeHead(503, { "retry-after": "3600" }).end());
  expect(await failure(read(`${url}/x`))).toMatch(/^scheme-error: .* answers 503 Service Unavailable\.$/);
});

test("a version that is known is not sent again", async () => {
  const url = await serve((request, response) => {
    const isKnown = request.headers["if-none-match"] === '"v1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"v1"' }).end(isKnown ? undefined : "text");
  });
  const ask = async (etag: string) => {
    const { status, body } = await openUrl(url, { ...options, known: { etag, lastModified: null } });
    return `${status} ${String(await buffer(body))}`;
  };
  expect([await ask('"v1"'), await ask('"v0"')]).toEqual(["304 ", "200 text"]);
});

test("headers of a caller go to their own origin alone, along its redirects", async () => {
  const sent: string[] = [];
  const note = (place: string, { headers }: IncomingMessage) =>
    sent.push(`${place}: ${headers["x-key"] ?? "none"}`);
  const other = await serve((request, response) => {
    note("other", request);
    response.end("text");
  });
  const url = await serve((request, response) => {
    note(request.url ?? "", request);
    response.writeHead(302, { location: request.url === "/a" ? "/b" : other }).end();
  });
  await buffer((await openUrl(`${url}/a`, { ...options, headers: { "x-key": "s3cret" } })).body);
  expect(sent).toEqual(["/a: s3cret", "/b: s3cret", "other: none"]);
});

test.each([
  ["120", 120_000],
  ["Sat, 21 Nov 2026 10:00:10 GMT", 10_000],
  ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
  ["soon", null],
  [null, null],
])("Retry-After %s means %s ms", (header, expected) => {
  expect(retryAfter(header, Date.UTC(2026, 10, 21, 10))).toBe(expected);
});

test.each([
  ['attachment; filename="Air quality.csv"', "Air quality.csv"],
  ["attachment; filename=data.csv; size=3", "data.csv"],
  [`attachment; filename="x.csv"; filename*=UTF-8''B%C3%A4ume.csv`, "Bäume.csv"],
  ['attachment; filename="../../etc/passwd"', "passwd"],
  ["inline", null],
  [null, null],
])("Content-Disposition %s names %s", (header, expected) => {
  expect(namedFile(header)).toBe(expected);
});
