import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AirCanError, messageOf } from "../base/errors.ts";
import { writeError } from "../storage/local.ts";
import { decompress } from "./compression.ts";
import type { ReadingContext } from "./options.ts";

/** A source whose bytes are on this machine. */
export interface OpenedSource {
  /** As the user wrote it. */
  readonly source: string;
  readonly path: string;
  /** File name, without query or folder; `stdin` for `-`. */
  readonly fileName: string;
  readonly bytes: number;
  readonly compression: "gz" | "zst" | null;
  /** Where it lies in an archive; `source` is then the archive's with the member's path behind it. */
  readonly member?: ArchiveMember;
}

/** A file in an archive. */
export interface ArchiveMember {
  /** The archive, as the user wrote it. */
  readonly archive: string;
  /** Its path in the archive; several in archives in archives. */
  readonly path: readonly string[];
  /** Other tables in the archive, where nobody told which one is meant. */
  readonly others: readonly string[];
}

export const isUrl = (source: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(source);

/**
 * Brings a source to this machine: a path is used where it is, a URL or standard input (`-`) is spooled.
 *
 * @throws AirCanError `scheme-error` (missing, a folder, unreachable), `unsafe-path`, `source-error` (empty).
 */
export async function openSource(source: string, context: ReadingContext): Promise<OpenedSource> {
  if (source === "-") return spooled(source, "stdin", { body: process.stdin, context });
  if (/^https?:\/\//i.test(source)) {
    const { openUrl } = await import("../storage/http.ts"); // only who fetches waits for the client to load
    const fetched = await openUrl(source, context);
    return spooled(source, decodeURIComponent(basename(new URL(fetched.url).pathname)) || "index", {
      body: fetched.body,
      context,
    });
  }
  const path = localPath(source, context);
  const found = await stat(path).catch((error: unknown) => {
    throw openError(source, error);
  });
  if (found.isDirectory()) {
    throw new AirCanError("scheme-error", `${source} is a folder, not a file.`, {
      hint: "Name a file in it, or its datapackage.json.",
    });
  }
  return opened(source, path, basename(path));
}

function localPath(source: string, context: ReadingContext): string {
  if (isUrl(source) && !source.startsWith("file://")) {
    throw new AirCanError(
      "scheme-error",
      `${source.split(":")[0]}:// is no scheme that can be read; known are file paths, http:// and https://.`,
    );
  }
  if (!context.allowLocal) {
    throw new AirCanError("unsafe-path", `${source} is a path on the server, which is not allowed here.`, {
      hint: "Give a URL or upload the file; or allow a folder with AIRCAN_ALLOW_LOCAL.",
    });
  }
  const path = source.replace(/^file:\/\//, "");
  return isAbsolute(path) ? path : resolve(context.folder, path);
}

function openError(source: string, error: unknown): AirCanError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const reason =
    code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : messageOf(error);
  return new AirCanError("scheme-error", `${source} cannot be opened: ${reason}.`, {
    cause: error,
    where: { source },
  });
}

interface Spooling {
  readonly body: Readable;
  readonly context: ReadingContext;
}

async function spooled(source: string, fileName: string, { body, context }: Spooling): Promise<OpenedSource> {
  const path = join(
    context.temporaryFolder,
    `${spools++}-${fileName.replace(/[^A-Za-z0-9._-]/g, "_").slice(-100)}`,
  );
  try {
    await pipeline(body, createWriteStream(path), { signal: context.signal });
  } catch (error) {
    throw error instanceof AirCanError ? error : writeError(error, path);
  }
  return opened(source, path, fileName);
}

let spools = 0;

/** Several sources put together as one file: the parts of a resource whose path is a list. */
export async function joinSources(sources: readonly string[], context: ReadingContext): Promise<string> {
  const [first = ""] = sources;
  const name = basename(first).replace(/[^A-Za-z0-9._-]/g, "_");
  const path = join(context.temporaryFolder, `${spools++}-${name.replace(/\.(gz|zst)$/i, "")}`);
  for (const source of sources) {
    const part = await openSource(source, context);
    await pipeline(readSource(part), createWriteStream(path, { flags: "a" }), { signal: context.signal });
  }
  return path;
}

async function opened(source: string, path: string, fileName: string): Promise<OpenedSource> {
  const { size } = await stat(path);
  if (size === 0) throw new AirCanError("source-error", `${source} is empty.`, { where: { source } });
  const magic = await firstBytes(path, 4).catch((error: unknown) => {
    throw openError(source, error);
  });
  const compression =
    magic[0] === 0x1f && magic[1] === 0x8b ? "gz" : magic.readUInt32LE(0) === 0xfd2fb528 ? "zst" : null;
  return { source, path, fileName, bytes: size, compression };
}

/** The first bytes of a file, padded with zeros. */
export async function firstBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(length);
    await file.read(buffer, 0, length, 0);
    return buffer;
  } finally {
    await file.close();
  }
}

/** The decompressed bytes of an opened source, from the start. */
export function readSource(opened: Pick<OpenedSource, "source" | "path" | "compression">): Readable {
  const { path, compression } = opened;
  if (compression === null) return createReadStream(path, { highWaterMark });
  return Readable.from(decompress({ ...opened, compression }), { objectMode: false, highWaterMark });
}

const highWaterMark = 1 << 20;

/** The start of the decompressed bytes, and whether that is all. */
export async function readSample(
  opened: OpenedSource,
  length: number,
): Promise<{ sample: Buffer; complete: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of readSource(opened)) {
    parts.push(chunk);
    size += chunk.length;
    if (size > length) break;
  }
  return { sample: Buffer.concat(parts).subarray(0, length), complete: size <= length };
}
