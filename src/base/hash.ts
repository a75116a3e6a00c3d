import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";

/** SHA-256 of a text, in hexadecimal. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** SHA-256 of a JSON value whose keys are put in order first, so that equal values have equal hashes. */
export function hashJson(value: unknown): string {
  return hashText(canonicalJson(value));
}

/** JSON with the keys of every object in code-point order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

export type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha512";

/** Hash of a file's bytes, in hexadecimal, streamed. */
export async function hashFile(path: string, algorithm: HashAlgorithm = "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/**
 * Hash of a file that `write` makes, by reading what is there while the rest is written: a writer that only
 * appends. The file may be empty or not there at first.
 */
export async function hashWhileWritten<Result>(
  path: string,
  write: () => Promise<Result>,
  algorithm: HashAlgorithm = "sha256",
): Promise<{ readonly result: Result; readonly hash: string }> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafe(1 << 20);
  let written = false;
  const writing = write().finally(() => {
    written = true;
  });
  writing.catch(() => {}); // it is awaited below
  let file: FileHandle | undefined;
  try {
    for (;;) {
      const last = written;
      file ??= await open(path).catch(() => undefined);
      const { bytesRead = 0 } = (await file?.read(buffer, 0, buffer.length)) ?? {};
      hash.update(buffer.subarray(0, bytesRead));
      if (bytesRead === 0 && last) break;
      if (bytesRead < buffer.length && !last) await Promise.race([writing.catch(() => {}), pause(20)]);
    }
    return { result: await writing, hash: hash.digest("hex") };
  } finally {
    await file?.close();
  }
}
