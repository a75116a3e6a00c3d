import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, posix, resolve, sep } from "node:path";
import { type Readable, Transform } from "node:stream";
import { AirCanError } from "../../base/errors.ts";
import { shownAddress, sourceFor } from "../../reading/sources/registry.ts";
import { normaliseAddress } from "../../storage/address.ts";
import { decodePercents } from "../../storage/decode-percents.ts";
import { readConf } from "./conf.ts";
import { writeJson } from "./files.ts";
import type { LoadTaskBody, LoadTaskContext, LoadTaskParts } from "./task.ts";
import { bytesText } from "./texts.ts";

/** Bytes on their way in, and what is known of them. */
interface Opened {
  readonly body: Readable;
  /** As people may see it: without password and query. */
  readonly shown: string;
  readonly fileName: string;
  readonly bytes: number | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** `load.fetch`: brings the source into the storage, and says what came: bytes, hash, and what the server told. */
export const fetch: LoadTaskBody = async (context, parts) => {
  const { resource } = readConf(context.conf);
  const opened = await open(resource.path, context, parts);
  context.log(
    "info",
    `Fetching ${opened.shown}${opened.bytes === null ? "" : ` (${bytesText(opened.bytes)})`}.`,
  );
  const address = `${context.address}${opened.fileName}`;
  const hash = createHash("sha256");
  const body = counting(opened, hash, context);
  body.on("error", () => {}); // whoever reads it is told, also if it breaks before the reading begins
  opened.body.on("error", (error) => body.destroy(error)).pipe(body);
  const { bytes } = await context.storage.write(address, body, context.signal);
  const found = `sha256:${hash.digest("hex")}`;
  warnOfOtherHash(resource.hash, found, context);
  const described = {
    ...resource,
    path: opened.fileName,
    bytes,
    hash: found,
    aircan: { source: { path: opened.shown, ...opened.facts } },
  };
  context.log("info", `Fetched ${bytesText(bytes)}, ${found}.`);
  return {
    stats: { bytes, hash: found },
    outputs: [
      { name: opened.fileName, bytes, hash: found },
      await writeJson(context, "resource.json", described),
    ],
    summary: `Fetched ${bytesText(bytes)}`,
  };
};

function open(path: string, context: LoadTaskContext, parts: LoadTaskParts): Promise<Opened> {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(path) && !isAbsolute(path)) return openStored(path, context);
  return isAbsolute(path) || /^file:/i.test(path)
    ? openLocal(path.replace(/^file:\/\//i, ""), parts)
    : openRemote(path, context, parts);
}

async function openRemote(
  address: string,
  { signal }: LoadTaskContext,
  { allowPrivate, fetching }: LoadTaskParts,
): Promise<Opened> {
  const source = sourceFor(address);
  const { body, bytes, fileName, facts } = await source.open(address, {
    ...fetching,
    signal,
    allowPrivate,
    allowLocal: false,
    temporaryFolder: tmpdir(),
  });
  const { etag, lastModified, contentType } = facts;
  const told = { etag, last_modified: lastModified, content_type: contentType };
  const known = Object.entries(told).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    body,
    bytes,
    shown: shownAddress(address),
    fileName: nameOf(fileName),
    facts: Object.fromEntries(known),
  };
}

async function openStored(path: string, { storage }: LoadTaskContext): Promise<Opened> {
  const address = normaliseAddress(path);
  const found = await storage.stat(address);
  if (!found)
    throw new AirCanError("scheme-error", `There is no upload at ${address}.`, {
      hint: "Upload the file again, or give a URL.",
      where: { address },
    });
  return {
    body: await storage.read(address),
    bytes: found.bytes,
    shown: posix.basename(address),
    fileName: nameOf(address),
    facts: {},
  };
}

async function openLocal(path: string, { allowLocal }: LoadTaskParts): Promise<Opened> {
  const folders = await Promise.all(
    allowLocal.map((folder) => realpath(folder).catch(() => resolve(folder))),
  );
  const real = await realpath(path).catch(() => undefined);
  const place = real ?? resolve(path); // what is not there is told of allowed folders only
  if (!folders.some((folder) => place.startsWith(folder + sep))) throw notAllowed(path);
  if (real === undefined) throw new AirCanError("scheme-error", `There is no file at ${path}.`);
  const { size } = await stat(real);
  return { body: createReadStream(real), bytes: size, shown: path, fileName: nameOf(path), facts: {} };
}

function notAllowed(path: string): AirCanError {
  return new AirCanError("unsafe-path", `${path} is a path on the server, which is not allowed here.`, {
    hint: "Give a URL or upload the file; or allow a folder with AIRCAN_ALLOW_LOCAL.",
  });
}

/** A name that is safe everywhere and keeps the extension, by which formats are known. */
function nameOf(path: string): string {
  const last = decodePercents(posix.basename(path)).normalize("NFC");
  const safe = last
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._]+/, "")
    .slice(-100);
  return ["", "resource.json", "report.json", "dataset.json"].includes(safe)
    ? `data-${safe || "file"}`
    : safe;
}

/** Counts and hashes what goes through. */
function counting(
  { bytes }: Opened,
  hash: ReturnType<typeof createHash>,
  { progress }: LoadTaskContext,
): Transform {
  let done = 0;
  return new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      done += chunk.length;
      progress({ rows: 0, fraction: bytes ? Math.min(1, done / bytes) : null });
      next(null, chunk);
    },
  });
}

function warnOfOtherHash(declared: string | undefined, found: string, { log }: LoadTaskContext): void {
  if (!declared?.startsWith("sha256:") || declared.toLowerCase() === found) return;
  log("warning", `The file is not the one that was described: its hash should be ${declared}.`);
}
