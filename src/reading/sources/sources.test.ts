import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { failure, serve } from "../../storage/test-http.ts";
import { withCredentials } from "../credentials.ts";
import { openSource } from "../open-source.ts";
import type { ReadingContext } from "../options.ts";
import { matchingSources } from "./matching.ts";

let context: ReadingContext;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "aircan-sources-"));
  await mkdir(join(folder, "spool"));
  context = {
    folder,
    trusted: false,
    allowPrivate: true,
    allowLocal: true,
    temporaryFolder: join(folder, "spool"),
    signal: AbortSignal.timeout(20_000),
  };
});

afterEach(() => rm(context.folder, { recursive: true, force: true }));

async function read(source: string, more: Partial<ReadingContext> = {}) {
  const { path, fileName, facts } = await openSource(source, { ...context, ...more });
  return { text: await readFile(path, "utf8"), fileName, facts };
}

test.each([
  ["data:text/csv,a,b%0A1,2", "data.csv", "a,b\n1,2"],
  ["data:text/csv;charset=utf-8;base64,YSxiCjEsMg==", "data.csv", "a,b\n1,2"],
  ["data:application/json,[1]", "data.json", "[1]"],
  ["data:,caf%C3%A9", "data.txt", "café"],
])("%s is a file in its address", async (address, fileName, text) => {
  expect(await read(address)).toMatchObject({ fileName, text });
});

test.each([
  ["data:text/csv;base64,%%%", "scheme-error: The data: address is not valid base64."],
  [
    "gopher://x/y",
    "scheme-error: gopher:// is no scheme that can be read; known are file paths and http, https, s3, gs, ftp, ftps, data.",
  ],
  ["s3://bucket", "scheme-error: s3://bucket names no object in a bucket."],
  ["s3://bucket/a/../../b", "scheme-error: s3://bucket/a/../../b names no object in a bucket."],
  ["ftp://ada:s3cret@", 'scheme-error: "ftp://" names no file of an FTP server.'],
  ["file://elsewhere/x.csv", "scheme-error: file://elsewhere/x.csv is no address of a file of this machine."],
  ["none.csv", "scheme-error: none.csv cannot be opened: there is no such file."],
])("%s is an error that says why", async (source, message) => {
  expect(await failure(read(source))).toBe(message);
});

test.each(["/etc/passwd", "a.csv", "-", "file:///etc/passwd", "/etc/*"])(
  "%s is refused on a server",
  async (source) => {
    const server = { ...context, allowLocal: false };
    const opened = source.includes("*") ? matchingSources(source, server) : openSource(source, server);
    expect(await failure(opened)).toBe(
      `unsafe-path: ${source} is a path on the server, which is not allowed here.`,
    );
  },
);

test("a file is known by the name that its server gives it", async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, { "content-disposition": 'attachment; filename="Luft.csv"' }).end("a\n1\n"),
  );
  expect((await read(`${url}/download?id=1`)).fileName).toBe("Luft.csv");
});

test("bytes are told as they come in", async () => {
  const url = await serve((_, response) => response.writeHead(200, { "content-length": 4 }).end("a\n1\n"));
  const told: unknown[] = [];
  await read(`${url}/a.csv`, { onBytes: (progress) => told.push(progress) });
  expect(told).toEqual([{ source: `${url}/a.csv`, done: 4, total: 4 }]);
});

test("a source that is opened again in one run is not fetched again", async () => {
  let asked = 0;
  const url = await serve((_, response) => response.end(`id\n${++asked}\n`));
  const both = [await read(`${url}/a.csv`), await read(`${url}/a.csv`)];
  expect(both.map(({ text }) => text)).toEqual(["id\n1\n", "id\n1\n"]);
});

test("a source that could not be opened is tried again", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    if (++asked === 1) response.writeHead(404).end();
    else response.end("id\n1\n");
  });
  expect(await failure(read(`${url}/a.csv`))).toMatch(/ answers 404 /);
  expect((await read(`${url}/a.csv`)).text).toBe("id\n1\n");
});

/** A file of two versions, and what was answered. */
function versioned() {
  const state = { version: 1, answers: [] as number[] };
  const answer: RequestListener = (request, response) => {
    const etag = `"v${state.version}"`;
    const status = request.headers["if-none-match"] === etag ? 304 : 200;
    state.answers.push(status);
    response.writeHead(status, { etag, "content-type": "text/csv" });
    response.end(status === 304 ? undefined : `version ${state.version}`);
  };
  return { state, answer };
}

test("with a cache, a file is fetched again only if it changed", async () => {
  const { state, answer } = versioned();
  const address = `${await serve(answer)}/a.csv`;
  const cached = { cacheFolder: join(context.folder, "cache") };
  const run = async (name: string) => {
    const temporaryFolder = join(context.folder, name);
    await mkdir(temporaryFolder);
    return read(address, { ...cached, temporaryFolder });
  };
  const first = await run("first");
  const second = await run("second");
  state.version = 2;
  const third = await run("third");
  expect([first.text, second.text, third.text]).toEqual(["version 1", "version 1", "version 2"]);
  expect([first.facts, second.facts]).toEqual([
    { etag: '"v1"', status: 200, contentType: "text/csv" },
    { etag: '"v1"', status: 304, contentType: "text/csv" },
  ]);
  expect([second.fileName, state.answers]).toEqual(["a.csv", [200, 304, 200]]);
});

test("a download that breaks off leaves nothing in the cache", async () => {
  const address = `${await serve((_, response) => {
    response
      .writeHead(200, { "last-modified": "soon", "content-length": 10 })
      .write("abc", () => response.destroy());
  })}/a.csv`;
  const cacheFolder = join(context.folder, "cache");
  expect(await failure(read(address, { cacheFolder }))).toMatch(/^scheme-error: /);
  expect(await readdir(cacheFolder)).toEqual([]);
});

function setSecret(value: string): void {
  process.env.AIRCAN_SECRET_MY_PORTAL = value;
  onTestFinished(() => {
    delete process.env.AIRCAN_SECRET_MY_PORTAL;
  });
}

test.each([
  ["t0ken", { authorization: "Bearer t0ken" }],
  ["Basic YTpi", { authorization: "Basic YTpi" }],
  ["X-Api-Key: k", { "x-api-key": "k" }],
])(
  "the secret %s goes to the source's own origin as a header, and is not cached",
  async (value, expected) => {
    setSecret(value);
    const cacheFolder = join(context.folder, "cache");
    const headers: unknown[] = [];
    const note: RequestListener = ({ headers: { authorization, "x-api-key": key } }, response) => {
      headers.push({ ...(authorization ? { authorization } : {}), ...(key ? { "x-api-key": key } : {}) });
      response.writeHead(200, { etag: '"v1"' }).end("a\n1\n");
    };
    const [own, other] = [`${await serve(note)}/a.csv`, `${await serve(note)}/a.csv`];
    const known = await withCredentials(own, { secret: "secret://my-portal" }, { ...context, cacheFolder });
    await openSource(own, known);
    await openSource(other, { ...known, cacheFolder: join(context.folder, "other") });
    expect(headers).toEqual([expected, {}]);
    expect(await readdir(cacheFolder).catch(() => [])).toEqual([]);
  },
);

test.each([
  ["secret://none", 'config-error: There is no secret "none".'],
  ["secret://my-portal", 'config-error: The secret "my-portal" is empty or has line breaks.'],
])("%s is an error that does not show it", async (secret, message) => {
  setSecret("two\nlines");
  expect(await failure(withCredentials("http://x/a.csv", { secret }, context))).toBe(message);
});

test("a pattern means the files that fit it, in the order of their names", async () => {
  await mkdir(join(context.folder, "in", "deep"), { recursive: true });
  for (const name of ["b.csv", "a.csv", ".hidden.csv", "c.txt", "deep/d.csv"])
    await writeFile(join(context.folder, "in", name), "a\n1\n");
  expect(await matchingSources("in/*.csv", context)).toEqual(["in/a.csv", "in/b.csv"]);
  expect(await matchingSources("in/**/*.csv", context)).toEqual(["in/a.csv", "in/b.csv", "in/deep/d.csv"]);
  expect(await failure(matchingSources("in/*.xyz", context))).toBe(
    "scheme-error: No file fits the pattern in/*.xyz.",
  );
  expect(await failure(matchingSources("in/{..,x}/*.csv", context))).toBe(
    "unsafe-path: The pattern in/{..,x}/*.csv leads out of its folder.",
  );
});
