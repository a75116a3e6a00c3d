import type { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { AirCanError, messageOf } from "../base/errors.ts";
import { bombGuard } from "./compression.ts";

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
  const file = await openPromise(path, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw damaged(source, error);
  });
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
    for await (const chunk of inflated(packed, entry)) {
      guard(chunk.length);
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
  } catch (error) {
    throw error instanceof AirCanError ? error : damaged(source, error);
  }
}

function inflated(packed: Readable, { compressionMethod }: Entry): Readable {
  if (compressionMethod === 0) return packed;
  if (compressionMethod !== 8) throw new Error(`compression method ${compressionMethod} is not known`);
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  packed.on("error", (error) => inflate.destroy(error));
  inflate.on("close", () => packed.destroy());
  return packed.pipe(inflate);
}

const damaged = (source: string, error: unknown) =>
  new AirCanError("compression-error", `${source} is damaged: ${messageOf(error)}.`, {
    cause: error,
    where: { source },
    hint: "Fetch or save it again: it may have been cut off on its way.",
  });
