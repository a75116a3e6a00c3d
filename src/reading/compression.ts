import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { AirCanError, messageOf } from "../base/errors.ts";
import { decompressBz2 } from "./compression-bz2.ts";

/** How a file, or one in an archive, can be compressed as a whole. */
export type Compression = "gz" | "zst" | "bz2" | "xz";

const beginnings: readonly (readonly [Compression, readonly number[]])[] = [
  ["gz", [0x1f, 0x8b]],
  ["zst", [0x28, 0xb5, 0x2f, 0xfd]],
  ...Array.from({ length: 16 }, (_, i) => ["zst", [0x50 + i, 0x2a, 0x4d, 0x18]] as const), // frames that are skipped
  ["bz2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

/** The compression of a file that begins so. */
export function compressionOf(start: Buffer): Compression | null {
  const found = beginnings.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte));
  return found?.[0] ?? null;
}

export interface CompressedFile {
  /** As the user wrote it. */
  readonly source: string;
  readonly path: string;
  readonly compression: Compression;
}

/**
 * The decompressed bytes of a file, in pieces.
 *
 * @throws AirCanError `compression-error` for damaged bytes, `too-large` for a bomb.
 */
export async function* decompress({ source, path, compression }: CompressedFile): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  const guard = bombGuard(source, (await stat(path)).size);
  try {
    for await (const chunk of decompressed(raw, compression)) {
      guard(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AirCanError) throw error;
    throw new AirCanError("compression-error", `${source} cannot be decompressed: ${messageOf(error)}.`, {
      cause: error,
      where: { source },
    });
  } finally {
    raw.destroy();
  }
}

/** Of unpacked bytes; the usual 16 kB are slow. */
const chunkSize = 1 << 18;

/** The decompressed bytes of a stream. @throws Error where they are damaged. */
export function decompressed(raw: Readable, compression: Compression): AsyncIterable<Buffer> {
  if (compression === "bz2") return decompressBz2(raw);
  if (compression === "xz") return decompressXz(raw);
  const plain = compression === "gz" ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize });
  raw.on("error", (error) => plain.destroy(error));
  return raw.pipe(plain);
}

async function* decompressXz(raw: Readable): AsyncGenerator<Buffer> {
  const { default: xz } = await import("xz-decompress");
  try {
    for await (const chunk of new xz.XzReadableStream(ReadableStream.from<Uint8Array>(raw)))
      yield Buffer.from(chunk); // a copy: the next piece is written over it
  } catch (error) {
    const code = /error code (\d)/.exec(messageOf(error))?.[1] ?? "";
    throw new Error(xzReasons[code] ?? messageOf(error), { cause: error });
  }
}

/** What the codes of xz-embedded mean (its xz.h, `enum xz_ret`). */
const xzReasons: Readonly<Record<string, string>> = {
  3: "there is not enough memory for it",
  4: "it needs more memory than it may take",
  5: "it is no xz file",
  6: "it was packed with an option that is not known, such as another check than CRC32 or CRC64",
  7: "it is damaged",
  8: "it ends in the middle",
};

/** What unpacks to more than this is measured by its ratio. */
const freeBytes = 1 << 30;
/** Tables of real life seldom pass 50. */
const maxRatio = 250;

/**
 * Counts what is unpacked from so many bytes.
 *
 * @throws AirCanError (the function) `too-large` when that is out of all proportion.
 */
export function bombGuard(source: string, packed: number): (unpacked: number) => void {
  let total = 0;
  return (unpacked) => {
    total += unpacked;
    if (total <= freeBytes || total <= packed * maxRatio) return;
    throw new AirCanError(
      "too-large",
      `${source} unpacks to more than ${maxRatio} times its size, as a bomb would; it was not read on.`,
      { hint: "If the data is really so, unpack it first and give what is in it.", where: { source } },
    );
  };
}

/** What is looked at of a compressed file before it is read by the engine, which does not count. */
const startBytes = 1 << 20;

/**
 * Looks whether a compressed file is a bomb: if its start unpacks to more than real tables do, all of it is
 * counted.
 *
 * @throws AirCanError `too-large`, `compression-error`.
 */
export async function refuseBomb(file: CompressedFile): Promise<void> {
  const raw = createReadStream(file.path, { end: startBytes - 1 });
  let unpacked = 0;
  try {
    for await (const chunk of decompressed(raw, file.compression)) {
      unpacked += chunk.length;
      if (unpacked > startBytes * maxRatio) break;
    }
  } catch {
    // the start is cut off in the middle of a block
  } finally {
    raw.destroy();
  }
  if (unpacked <= raw.bytesRead * maxRatio) return;
  for await (const _ of decompress(file)); // throws
}

/** Passes bytes on, each piece counted. */
export async function* guarded(
  bytes: AsyncIterable<Buffer>,
  guard: (count: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    guard(chunk.length);
    yield chunk;
  }
}
