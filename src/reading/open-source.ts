import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../base/errors.ts";
import { writeError } from "../storage/local.ts";
import { withoutPassword } from "../storage/without-password.ts";
import { type Compression, decompress } from "./compression.ts";
import type { ReadingContext } from "./options.ts";
import { remembered } from "./remembered.ts";
import type { Incoming, SourceFacts } from "./sources/definition.ts";
import { localFile, openError, openPipe } from "./sources/local.ts";
import { isAddress, shownAddress, sourceFor } from "./sources/registry.ts";
import { spoolPath } from "./spool-path.ts";

/** A source whose bytes are on this machine. */
export interface OpenedSource {
  /** As the user wrote it. */
  readonly source: string;
  readonly path: string;
  /** File name, without query or folder; `stdin` for `-`. */
  readonly fileName: string;
  readonly bytes: number;
  readonly compression: "gz" | "zst" | null;
  /** How it came, if it was compressed as a whole and is so no more. */
  readonly packed?: { readonly compression: Compression; readonly bytes: number };
  /** Where it lies in an archive; `source` is then the archive's with the member's path behind it. */
  readonly member?: ArchiveMember;
  /** What its server told of it. */
  readonly facts?: SourceFacts;
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

export { isAddress as isUrl } from "./sources/registry.ts";

/**
 * Brings a source to this machine: a path is used where it is; an address, a pipe or standard input (`-`) is
 * spooled.
 *
 * @throws AirCanError `scheme-error` (missing, a folder, unreachable), `unsafe-path`, `timeout`, `too-large`,
 *   `source-error` (empty).
 */
export async function openSource(source: string, context: ReadingContext): Promise<OpenedSource> {
  const once = (open: () => Promise<OpenedSource>) =>
    rememberedSource([context.temporaryFolder, source], open);
  if (source === "-") return once(() => spooled(source, pipeOf(source, context), context));
  if (isAddress(source) && !/^file:/i.test(source))
    return once(async () => spooled(nameOf(source), await sourceFor(source).open(source, context), context));
  const { path, isRegular } = await localFile(source, context);
  return isRegular
    ? opened(source, path, { fileName: basename(path) })
    : once(() => spooled(source, pipeOf(source, context), context));
}

const rememberedSource = remembered<OpenedSource>(1000);

/** How messages and descriptors call an address: without its password, and not the whole of a file. */
function nameOf(address: string): string {
  return address.length > 500 && /^data:/i.test(address) ? shownAddress(address) : withoutPassword(address);
}

function pipeOf(source: string, context: ReadingContext): Incoming {
  const fileName = source === "-" ? "stdin" : basename(source);
  return { body: openPipe(source, context), fileName, bytes: null, facts: {} };
}

async function spooled(
  source: string,
  { body, fileName, bytes, facts }: Incoming,
  context: ReadingContext,
): Promise<OpenedSource> {
  const path = spoolPath(fileName, context);
  const { onBytes, signal } = context;
  let done = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      done += chunk.length;
      onBytes?.({ source, done, total: bytes });
      yield chunk;
    }
  };
  try {
    await pipeline(body, count, createWriteStream(path), { signal });
  } catch (error) {
    throw error instanceof AirCanError ? error : writeError(error, path);
  }
  return opened(source, path, { fileName, facts });
}

async function opened(
  source: string,
  path: string,
  known: Pick<OpenedSource, "fileName" | "facts">,
): Promise<OpenedSource> {
  const { size } = await stat(path);
  if (size === 0)
    throw new AirCanError("source-error", `${source} is empty.`, {
      hint: "It has no bytes: export or fetch it again.",
      where: { source },
    });
  const magic = await firstBytes(path, 4).catch((error: unknown) => {
    throw openError(source, error);
  });
  const compression =
    magic[0] === 0x1f && magic[1] === 0x8b ? "gz" : magic.readUInt32LE(0) === 0xfd2fb528 ? "zst" : null;
  return { source, path, ...known, bytes: size, compression };
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
