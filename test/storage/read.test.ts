import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AirCanError } from "../../src/base/errors.ts";
import { openSource } from "../../src/reading/open-source.ts";
import type { ReadingContext } from "../../src/reading/options.ts";
import { sourceFor } from "../../src/reading/sources/registry.ts";
import { openS3 } from "../../src/storage/s3.ts";
import { servers } from "./servers.ts";

const { s3, gcs, ftp } = servers();
let context: ReadingContext;
let known: NodeJS.ProcessEnv;

beforeEach(async () => {
  known = { ...process.env };
  context = {
    folder: tmpdir(),
    trusted: false,
    allowPrivate: true,
    allowLocal: true,
    temporaryFolder: await mkdtemp(join(tmpdir(), "aircan-storage-")),
    signal: AbortSignal.timeout(50_000),
  };
  set({
    AIRCAN_S3_ENDPOINT: s3.endpoint,
    AWS_ACCESS_KEY_ID: s3.id,
    AWS_SECRET_ACCESS_KEY: s3.secret,
    AWS_REGION: "eu-north-1",
    STORAGE_EMULATOR_HOST: gcs.endpoint,
  });
});

afterEach(async () => {
  process.env = known;
  await rm(context.temporaryFolder, { recursive: true, force: true });
});

function set(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
}

async function read(source: string, more: Partial<ReadingContext> = {}) {
  const { path, fileName } = await openSource(source, { ...context, ...more });
  return { fileName, text: await readFile(path, "utf8") };
}

const list = (pattern: string) => sourceFor(pattern).list?.(pattern, context);

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AirCanError ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
}

const cities = { fileName: "cities.csv", text: "id,name\n1,Oslo\n2,Bergen\n" };
const long = `id,name\n${Array.from({ length: 200_000 }, (_, i) => `${i},row\n`).join("")}`;

describe.each([
  ["S3", "s3://private"],
  ["Google Cloud Storage", "gs://aircan"],
])("%s", (_, bucket) => {
  test("an object is read", async () => {
    expect(await read(`${bucket}/cities.csv`)).toEqual(cities);
  });

  test("a large object is read whole", async () => {
    expect((await read(`${bucket}/long.csv`)).text).toBe(long);
  });

  test("a key with letters that addresses have no place for is read", async () => {
    const expected = { fileName: "a+b & 100% (ü).csv", text: "id,name\n1,Tromsø\n" };
    expect(await read(`${bucket}/odd names/a+b & 100% (ü).csv`)).toEqual(expected);
  });

  test("a pattern means the objects that fit it", async () => {
    expect(await list(`${bucket}/2026/*.csv`)).toEqual([`${bucket}/2026/01.csv`, `${bucket}/2026/02.csv`]);
    expect(await list(`${bucket}/*.csv`)).toEqual([`${bucket}/cities.csv`, `${bucket}/long.csv`]);
  });

  test("an object that is not there is an error that names it", async () => {
    expect(await failure(read(`${bucket}/none.csv`))).toMatch(
      /^scheme-error: There is no object "none\.csv" in the bucket "(private|aircan)"/,
    );
  });

  test("an object larger than the limit is refused", async () => {
    expect(await failure(read(`${bucket}/long.csv`, { maxBytes: 1000 }))).toMatch(/^too-large: /);
  });
});

test("a bucket that is not there is an error that names it", async () => {
  expect(await failure(read("s3://none/x.csv"))).toBe('scheme-error: There is no bucket "none".');
});

test("a request with wrong keys, or none, is refused by S3 and said so", async () => {
  set({ AWS_SECRET_ACCESS_KEY: "wrong" });
  expect(await failure(read("s3://private/cities.csv"))).toBe(
    "scheme-error: s3://private/cities.csv may not be read with these keys: SignatureDoesNotMatch.",
  );
  set({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
  expect(await failure(read("s3://private/cities.csv"))).toMatch(
    /^scheme-error: s3:\/\/private\/cities\.csv may not be read without keys: /,
  );
});

test("on a server the keys serve the buckets that are allowed, and no endpoint but its own", async () => {
  const onServer = { allowLocal: false, allowPrivate: false };
  expect(await failure(read("s3://private/cities.csv", onServer))).toMatch(/ may not be read without keys: /);
  set({ AIRCAN_ALLOW_BUCKETS: "other, private" });
  expect(await read("s3://private/cities.csv", onServer)).toEqual(cities);
  expect(await failure(read("s3://private/cities.csv?endpoint=http://127.0.0.2:9", onServer))).toBe(
    "unsafe-path: 127.0.0.2 is an address in a private network, which is not allowed here.",
  );
});

test("the endpoint may stand in the address", async () => {
  set({ AIRCAN_S3_ENDPOINT: undefined });
  expect(await read(`s3://private/cities.csv?endpoint=${s3.endpoint}&region=eu-north-1`)).toEqual(cities);
});

test("a bucket with more objects than one page lists them all", async () => {
  const client = openS3({
    endpoint: s3.endpoint,
    region: "eu-north-1",
    keys: { accessKeyId: s3.id, secretAccessKey: s3.secret },
    allowPrivate: true,
    signal: context.signal,
  });
  const keys: string[] = [];
  for await (const { key } of client.list("many", "of many/")) keys.push(key);
  expect(keys).toEqual(Array.from({ length: 1100 }, (_, i) => `of many/${String(i).padStart(4, "0")}.txt`));
});

describe("FTP", () => {
  test("a file is read, without a login and with one", async () => {
    expect(await read(`ftp://127.0.0.1:${ftp.plain}/cities.csv`)).toEqual(cities);
    expect(await read(`ftp://ada:p%40ss%2Fword@127.0.0.1:${ftp.plain}/cities.csv`)).toEqual(cities);
  });

  test("a file with odd letters in its name is read", async () => {
    const path = encodeURIComponent("a+b & 100% (ü).csv");
    expect((await read(`ftp://127.0.0.1:${ftp.plain}/odd%20names/${path}`)).text).toBe("id,name\n1,Tromsø\n");
  });

  test("a transfer that breaks off twice goes on where it was", async () => {
    expect((await read(`ftp://cut:cut@127.0.0.1:${ftp.plain}/long.csv`)).text).toBe(long);
  });

  test("a wrong password is said, and shown nowhere", async () => {
    const address = `ftp://ada:wr0ng@127.0.0.1:${ftp.plain}/cities.csv`;
    expect(await failure(read(address))).toBe(
      `scheme-error: ftp://127.0.0.1:${ftp.plain}/cities.csv cannot be read: the server refuses the login.`,
    );
  });

  test("a file that is not there is an error that names it", async () => {
    expect(await failure(read(`ftp://127.0.0.1:${ftp.plain}/none.csv`))).toBe(
      `scheme-error: ftp://127.0.0.1:${ftp.plain}/none.csv is not there, or may not be read.`,
    );
  });

  test("a host in a private network is refused on a server", async () => {
    expect(await failure(read(`ftp://127.0.0.1:${ftp.plain}/cities.csv`, { allowPrivate: false }))).toBe(
      "unsafe-path: 127.0.0.1 is an address in a private network, which is not allowed here.",
    );
    expect(await failure(read(`ftp://localhost:${ftp.plain}/cities.csv`, { allowPrivate: false }))).toMatch(
      /^unsafe-path: localhost /,
    );
  });

  test("a file larger than the limit is refused", async () => {
    const address = `ftp://127.0.0.1:${ftp.plain}/long.csv`;
    expect(await failure(read(address, { maxBytes: 1000 }))).toMatch(/^too-large: /);
  });

  test("a server whose certificate nobody vouches for is refused", async () => {
    expect(await failure(read(`ftps://localhost:${ftp.tls}/cities.csv`))).toMatch(/self-signed certificate/);
  });
});
