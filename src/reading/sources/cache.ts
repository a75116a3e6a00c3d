import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { isJsonObject } from "../../descriptor/problem.ts";
import type { Fetched, Version } from "../../storage/http.ts";

/** Bytes that a file may have to be kept, and all that is kept. */
const largestFile = 1024 ** 3;
const largestCache = 4 * 1024 ** 3;

interface Copy extends Version {
  readonly address: string;
  readonly fileName: string | null;
  readonly contentType: string | null;
}

const keyOf = (address: string) => createHash("sha256").update(address).digest("hex").slice(0, 40);

/** The version of an address that is kept; undefined if there is none. */
export async function cachedVersion(folder: string, address: string): Promise<Version | undefined> {
  const copy = await readFacts(folder, address);
  return copy && existsSync(join(folder, keyOf(address))) ? copy : undefined;
}

async function readFacts(folder: string, address: string): Promise<Copy | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, `${keyOf(address)}.json`), "utf8"));
    if (!isJsonObject(value) || value.address !== address) return undefined;
    const text = (name: keyof Copy) => (typeof value[name] === "string" ? value[name] : null);
    const facts = { fileName: text("fileName"), contentType: text("contentType") };
    return { address, etag: text("etag"), lastModified: text("lastModified"), ...facts };
  } catch {
    return undefined;
  }
}

/** The copy that is kept of an address, as it would come in. */
export async function readCopy(
  folder: string,
  address: string,
): Promise<{ readonly body: Readable; readonly bytes: number; readonly fileName?: string }> {
  const path = join(folder, keyOf(address));
  const facts = await readFacts(folder, address);
  const { size } = await stat(path);
  await utimes(path, new Date(), new Date()); // what was used last is removed last
  return {
    body: createReadStream(path),
    bytes: size,
    ...(facts?.fileName ? { fileName: facts.fileName } : {}),
  };
}

/** The body of a file, which is kept beside as it goes through, if its server says which version it is. */
export async function keepCopy(folder: string, address: string, fetched: Fetched): Promise<Readable> {
  const { body, etag, lastModified, fileName, contentType, bytes } = fetched;
  if ((etag === null && lastModified === null) || (bytes ?? 0) > largestFile) return body;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy: Copy = { address, etag, lastModified, fileName, contentType };
  return Readable.from(kept(body, folder, copy), { objectMode: false });
}

async function* kept(body: AsyncIterable<Buffer>, folder: string, copy: Copy): AsyncGenerator<Buffer> {
  const path = join(folder, keyOf(copy.address));
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const output = createWriteStream(temporary, { mode: 0o600 });
  const written = finished(output).then(
    () => true,
    () => false, // a full disk costs the copy, not the reading
  );
  let size = 0;
  let isWhole = false;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size <= largestFile && !output.errored && !output.write(chunk)) await drained(output);
      yield chunk;
    }
    isWhole = size <= largestFile;
  } finally {
    output.end();
    if ((await written) && isWhole) {
      await writeFile(`${path}.json`, JSON.stringify(copy), { mode: 0o600 });
      await rename(temporary, path);
      await removeOldest(folder);
    } else await rm(temporary, { force: true });
  }
}

function drained(output: NodeJS.WritableStream): Promise<void> {
  return new Promise((done) => {
    output.once("drain", done).once("error", () => done());
  });
}

/** Keeps the cache below its size: what was not used for the longest time goes first. */
async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{40}$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, ...(await sizeAndTime(join(folder, name))) })),
  );
  let total = 0;
  for (const { name, bytes } of files.sort((a, b) => b.time - a.time)) {
    total += bytes;
    if (total <= largestCache) continue;
    await rm(join(folder, name), { force: true });
    await rm(join(folder, `${name}.json`), { force: true });
  }
}

async function sizeAndTime(path: string): Promise<{ bytes: number; time: number }> {
  const found = await stat(path).catch(() => undefined);
  return { bytes: found?.size ?? 0, time: found?.mtimeMs ?? 0 };
}
