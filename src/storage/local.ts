import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AirCanError, messageOf } from "../base/errors.ts";
import { normaliseAddress } from "./address.ts";
import type { Storage, StoredFile } from "./storage.ts";

/** Files of runs in a folder of this machine. Half-written files are never seen under their address. */
export function openLocalStorage(folder: string): Storage {
  const root = resolve(folder);
  const pathOf = (address: string) => join(root, normaliseAddress(address));
  return {
    root,
    localPath: pathOf,
    write: (address, content, signal) =>
      write(pathOf(address), address, { content, ...(signal ? { signal } : {}) }),
    read: async (address, range) => {
      await requireFile(pathOf(address), address);
      return createReadStream(pathOf(address), { ...range });
    },
    stat: async (address) => {
      const found = await stat(pathOf(address)).catch(() => undefined);
      return found?.isFile() ? { address: normaliseAddress(address), bytes: found.size } : undefined;
    },
    list: (prefix) => list(root, normaliseAddress(prefix)),
    remove: async (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
  };
}

interface Writing {
  readonly content: Readable | string | Uint8Array;
  readonly signal?: AbortSignal;
}

async function write(path: string, address: string, { content, signal }: Writing): Promise<StoredFile> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const source = content instanceof Readable ? content : Readable.from([content]);
    await pipeline(source, createWriteStream(temporary, { flush: true }), { ...(signal ? { signal } : {}) });
    await rename(temporary, path);
    return { address: normaliseAddress(address), bytes: (await stat(path)).size };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof AirCanError ? error : writeError(error, address);
  }
}

/** What a failed write to a disk means. */
export function writeError(error: unknown, place: string): AirCanError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ABORT_ERR")
    return new AirCanError("interrupted", `Writing ${place} was cancelled.`, { cause: error });
  const reason =
    code === "ENOSPC"
      ? "the disk is full"
      : code === "EACCES" || code === "EPERM"
        ? "it may not be written"
        : messageOf(error);
  return new AirCanError("storage-error", `${place} cannot be written: ${reason}.`, {
    cause: error,
    where: { address: place },
  });
}

async function requireFile(path: string, address: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new AirCanError("not-found", `There is no file at ${address}.`, { where: { address } });
}

async function* list(root: string, prefix: string): AsyncIterable<StoredFile> {
  const entries = await readdir(join(root, prefix), { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    if (!entry.isFile() || entry.name.endsWith(".tmp")) continue;
    const path = join(entry.parentPath, entry.name);
    yield { address: path.slice(root.length + 1), bytes: (await stat(path)).size };
  }
}
