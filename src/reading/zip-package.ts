import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { dirname, join, posix, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../base/errors.ts";
import { writeError } from "../storage/local.ts";
import { bombGuard, guarded } from "./compression.ts";
import { isUrl, type OpenedSource, openSource } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import { descriptorOf, type ReadDescriptor, readDescriptor } from "./read-descriptor.ts";
import { openZip, type ZipArchive } from "./zip-archive.ts";

/**
 * The descriptor that a source is: a descriptor file, a folder with one, or a zip archive with a
 * `datapackage.json` in it, also behind an address; undefined for any other source.
 *
 * @throws AirCanError as `readDescriptor`; `compression-error`, `too-large` for the archive.
 */
export async function openDescriptor(
  source: string,
  { member }: ReadingOptions,
  context: ReadingContext,
): Promise<ReadDescriptor | undefined> {
  const path = descriptorOf(source, context);
  if (path !== undefined) return readDescriptor(path, context);
  const isArchive = isUrl(source) ? /\.zip([?#]|$)/i.test(source) : /\.zip$/i.test(source);
  if (!isArchive || member !== undefined) return undefined;
  const opened = await openSource(source, context).catch(() => undefined);
  const archive = opened && (await openZip(opened.path, source).catch(() => undefined));
  if (opened === undefined || archive === undefined) return undefined; // who opens it as a file says why
  try {
    const descriptor = descriptorAmong([...archive.entries.keys()]);
    if (descriptor === undefined) return undefined;
    const folder = await unpackAll(archive, opened, context);
    const inside = { ...context, folder, allowLocal: true, trusted: context.trusted && context.allowLocal };
    return await readDescriptor(join(folder, descriptor), inside, `${source}/${descriptor}`);
  } finally {
    archive.close();
  }
}

/** The descriptor that lies least deep. */
function descriptorAmong(names: readonly string[]): string | undefined {
  const found = names.filter((name) => posix.basename(name) === "datapackage.json" && isSafe(name));
  return found.sort((a, b) => a.split("/").length - b.split("/").length)[0];
}

/** True for a name that leads to no place outside of a folder, and is no hidden file. */
const isSafe = (name: string) =>
  !/^\/|\\|^[a-z]:|\0/i.test(name) && name.split("/").every((part) => part !== "" && !part.startsWith("."));

/** Writes what is in an archive into a folder of its own; other names than safe ones are left out. */
async function unpackAll(
  archive: ZipArchive,
  { source, bytes }: OpenedSource,
  { temporaryFolder, signal }: ReadingContext,
): Promise<string> {
  const folder = await mkdtemp(join(temporaryFolder, "package-"));
  const guard = bombGuard(source, bytes);
  for (const [name, entry] of archive.entries) {
    if (!isSafe(name)) continue;
    const path = join(folder, ...name.split("/"));
    if (!path.startsWith(`${folder}${sep}`)) continue;
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(guarded(archive.read(entry), guard), createWriteStream(path), { signal });
    } catch (error) {
      throw error instanceof AirCanError ? error : writeError(error, path);
    }
  }
  return folder;
}
