import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { Resource } from "../descriptor/types.ts";
import {
  bombGuard,
  type Compression,
  compressionOf,
  decompress,
  guarded,
  refuseBomb,
} from "./compression.ts";
import { spool } from "./formats/record-spool.ts";
import { formatNamed, formatOf } from "./formats/registry.ts";
import { firstBytes, type OpenedSource, readSample } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import { type Archive, isZip, openArchive } from "./unpack-archive.ts";
import { chooseMembers, otherTables, packedEnding } from "./unpack-members.ts";
import { isTar } from "./unpack-tar.ts";

/** What tells which members of an archive are wanted, and how they are read. */
interface Unpacking extends ReadingOptions {
  readonly resource?: Partial<Resource>;
}

/** Archives in archives, no deeper than this. */
const maxDepth = 4;

/**
 * The files in an archive (zip, tar) that are to be read, as plain files; a file that is none is itself. Of a
 * large compressed file the first rows are read as it is. Names of members are never used as paths on this
 * machine.
 *
 * @throws AirCanError `compression-error`, `too-large` (a bomb), `format-error` (no such member).
 */
export async function unpack(
  opened: OpenedSource,
  options: Unpacking,
  context: ReadingContext,
): Promise<readonly OpenedSource[]> {
  return unpackAt(opened, options, { context, depth: 0 });
}

interface Place {
  readonly context: ReadingContext;
  readonly depth: number;
}

async function unpackAt(
  opened: OpenedSource,
  options: Unpacking,
  { context, depth }: Place,
): Promise<readonly OpenedSource[]> {
  const { source, path } = opened;
  if (depth > maxDepth)
    throw new AirCanError(
      "too-large",
      `${source} is packed more than ${maxDepth} times, as a bomb would be.`,
      {
        hint: "Unpack it first and give what is in it.",
        where: { source },
      },
    );
  const deeper = { context, depth: depth + 1 };
  const start = await firstBytes(path, 512);
  const archive = await openArchive(opened, start);
  if (archive) return membersOf(opened, { archive, options }, deeper);
  const compression = compressionOf(start);
  if (compression === null) return [opened];
  if (context.firstRows && (await canStayPacked(opened, options))) {
    await refuseBomb({ ...opened, compression });
    return [opened];
  }
  return unpackAt(await decompressed(opened, compression, context), options, deeper);
}

/** What is unpacked for its first rows too. */
const smallBytes = 16 * 1024 * 1024;

/** The engine reads some files as they are, but does not notice where the last of one is cut off. */
async function canStayPacked(opened: OpenedSource, { format, resource }: Unpacking): Promise<boolean> {
  if (opened.compression === null || opened.bytes <= smallBytes) return false;
  const { sample } = await readSample(opened, 64 * 1024);
  if (isTar(sample) || isZip(sample) || compressionOf(sample) !== null) return false;
  const found = formatNamed(format ?? resource?.format ?? "") ?? formatOf(opened.fileName, sample);
  return ["csv", "tsv", "json", "ndjson"].includes(found.name);
}

async function decompressed(
  opened: OpenedSource,
  compression: Compression,
  context: ReadingContext,
): Promise<OpenedSource> {
  const fileName = opened.fileName.replace(/\.t([gx]z|bz2?|zst)$/i, ".tar").replace(packedEnding, "");
  const packed = opened.packed ?? { compression, bytes: opened.bytes };
  return spooled({ ...opened, fileName, packed }, decompress({ ...opened, compression }), context);
}

interface Opened {
  readonly archive: Archive;
  readonly options: Unpacking;
}

/** The chosen members of an archive, unpacked in their turn. */
async function membersOf(
  opened: OpenedSource,
  { archive, options }: Opened,
  at: Place,
): Promise<readonly OpenedSource[]> {
  const { source, bytes } = opened;
  const innerpath = options.resource?.innerpath;
  const told = options.member ?? (typeof innerpath === "string" ? innerpath : undefined);
  const guard = bombGuard(source, bytes);
  const { member: _, ...further } = options;
  const files: OpenedSource[] = [];
  try {
    const chosen = chooseMembers(archive.members, told, source);
    for await (const { member, bytes } of archive.take(chosen)) {
      const facts = {
        source: `${source}/${member.name}`,
        fileName: posix.basename(member.name),
        member: {
          archive: opened.member?.archive ?? source,
          path: [opened.member?.path ?? [], member.name].flat(),
          others: told === undefined ? otherTables(archive.members, member) : [],
        },
      };
      files.push(...(await unpackAt(await spooled(facts, guarded(bytes, guard), at.context), further, at)));
    }
  } finally {
    archive.close();
  }
  return files;
}

/** Writes the bytes of a source that was packed into the temporary folder. */
async function spooled(
  facts: Omit<OpenedSource, "path" | "bytes" | "compression">,
  bytes: AsyncIterable<Buffer>,
  context: ReadingContext,
): Promise<OpenedSource> {
  const path = await spool(bytes, facts.fileName, context);
  const { size } = await stat(path);
  if (size === 0)
    throw new AirCanError("source-error", `${facts.source} is empty.`, {
      hint: "It has no bytes: export or fetch it again.",
      where: { source: facts.source },
    });
  const found = compressionOf(await firstBytes(path, 8));
  return { ...facts, path, bytes: size, compression: found === "gz" || found === "zst" ? found : null };
}
