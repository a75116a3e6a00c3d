import type { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { AirCanError, messageOf } from "../base/errors.ts";
import { bombGuard, type Compression, decompressed } from "./compression.ts";
import { firstBytes } from "./open-source.ts";

/** A zip archive that is open. Close it. */
export interface ZipArchive {
  /** Its files by their path, as it is written in the archive, with `/` between folders. */
  readonly entries: ReadonlyMap<string, Entry>;
  /**
   * The bytes of a file, whose checksum must be right at the end.
   *
   * @throws AirCanError `compression-error` if they are damaged or encrypted, `too-large` for a bomb.
   */
  readonly read: (entry: Entry) => AsyncGenerator<Buffer>;
  readonly close: () => void;
}

const maxEntries = 100_000;

/**
 * Opens a zip archive by its central directory.
 *
 * @throws AirCanError `compression-error` if it is none, or is cut off.
 */
export async function openZip(path: string, source: string): Promise<ZipArchive> {
  const file = await openPromise(path, { autoClose: false, lazyEntries: true }).catch(
    async (error: unknown) => {
      const start = await firstBytes(path, 2);
      throw start.toString("latin1") === "PK" ? damaged(source, error) : noZip(source, error);
    },
  );
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of file.eachEntry()) {
      if (entries.size >= maxEntries)
        throw new AirCanError("too-large", `${source} holds more than ${maxEntries} files.`);
      if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
    }
  } catch (error) {
    file.close();
    throw error instanceof AirCanError ? error : damaged(source, error);
  }
  return { entries, read: (entry) => unpacked(file, entry, source), close: () => file.close() };
}

async function* unpacked(file: ZipFile, entry: Entry, source: string): AsyncGenerator<Buffer> {
  if (entry.isEncrypted())
    throw new AirCanError("compression-error", `${source} is protected by a password.`, {
      hint: "Save it without a password.",
      where: { source },
    });
  const guard = bombGuard(source, entry.compressedSize);
  let sum = 0;
  try {
    const packed = await file.openReadStreamPromise(entry, { decodeFileData: false });
    for await (const chunk of inflated(packed, entry, source)) {
      guard(chunk.length);
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
  } catch (error) {
    throw error instanceof AirCanError ? error : damaged(source, error);
  }
}

/** Numbers of methods (APPNOTE.TXT 4.4.5). */
const compressions: Readonly<Record<number, Compression>> = { 12: "bz2", 20: "zst", 93: "zst", 95: "xz" };
const otherMethods: Readonly<Record<number, string>> = { 9: "Deflate64", 14: "LZMA", 98: "PPMd" };

function inflated(packed: Readable, { compressionMethod, fileName }: Entry, source: string) {
  if (compressionMethod === 0) return packed;
  const compression = compressions[compressionMethod];
  if (compression) return decompressed(packed, compression);
  if (compressionMethod !== 8)
    throw new AirCanError(
      "compression-error",
      `${fileName} in ${source} is packed as ${otherMethods[compressionMethod] ?? `method ${compressionMethod}`}, which cannot be unpacked.`,
      { hint: "Pack it again in the usual way of zip (deflate), or as .gz.", where: { source } },
    );
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  packed.on("error", (error) => inflate.destroy(error));
  inflate.on("close", () => packed.destroy());
  return packed.pipe(inflate);
}

const noZip = (source: string, cause: unknown) =>
  new AirCanError("format-error", `${source} is no zip archive, as a workbook would be.`, {
    cause,
    where: { source },
    hint: "Leave `--format` out, or fetch the file again: look at what it holds.",
  });

const damaged = (source: string, error: unknown) =>
  new AirCanError("compression-error", `${source} is damaged: ${reasonOf(error)}.`, {
    cause: error,
    where: { source },
    hint: "Fetch or save it again: it may have been cut off on its way.",
  });

function reasonOf(error: unknown): string {
  const reason = messageOf(error).replace(/\.$/, "");
  return /^End of central directory/i.test(reason) ? "it ends in the middle" : reason;
}
