import { AirCanError, messageOf } from "../base/errors.ts";
import { type OpenedSource, readSource } from "./open-source.ts";
import type { Member } from "./unpack-members.ts";
import { isTar, readTar } from "./unpack-tar.ts";
import { openZip } from "./zip-archive.ts";

/** A member of an archive with its bytes, which are read before the next one is asked for. */
export interface TakenMember {
  readonly member: Member;
  readonly bytes: AsyncIterable<Buffer>;
}

/** An archive that is open. Close it. */
export interface Archive {
  readonly kind: "zip" | "tar";
  readonly members: readonly Member[];
  /** @throws AirCanError `compression-error` for what is damaged or encrypted. */
  readonly take: (wanted: readonly Member[]) => AsyncGenerator<TakenMember>;
  readonly close: () => void;
}

/**
 * Opens an archive; undefined for what is none, and for workbooks and documents, which are zip archives too.
 *
 * @throws AirCanError `compression-error` if it is damaged.
 */
export async function openArchive(opened: OpenedSource, start: Buffer): Promise<Archive | undefined> {
  if (isZip(start)) return zipArchive(opened);
  return isTar(start) ? tarArchive(opened) : undefined;
}

/** True if a file that begins so is a zip archive. */
export const isZip = (start: Buffer): boolean =>
  ["PK\x03\x04", "PK\x05\x06"].includes(start.toString("latin1", 0, 4));

async function zipArchive({ path, source }: OpenedSource): Promise<Archive | undefined> {
  const zip = await openZip(path, source);
  const { entries } = zip;
  if (entries.has("[Content_Types].xml") || (entries.has("mimetype") && entries.has("content.xml"))) {
    zip.close();
    return undefined;
  }
  return {
    kind: "zip",
    members: [...entries].map(([name, { uncompressedSize: size }]) => ({ name, size })),
    take: async function* (wanted) {
      for (const member of wanted) {
        const entry = entries.get(member.name);
        if (entry) yield { member, bytes: zip.read(entry) };
      }
    },
    close: zip.close,
  };
}

async function tarArchive(opened: OpenedSource): Promise<Archive> {
  const members: Member[] = [];
  try {
    for await (const { name, size } of readTar(readSource(opened))) members.push({ name, size });
  } catch (error) {
    throw damaged(opened.source, error);
  }
  return {
    kind: "tar",
    members,
    take: async function* (wanted) {
      const names = new Set(wanted.map(({ name }) => name));
      for await (const { name, size, read } of readTar(readSource(opened)))
        if (names.has(name)) yield { member: { name, size }, bytes: sound(read(), opened.source) };
    },
    close: () => {},
  };
}

async function* sound(bytes: AsyncIterable<Buffer>, source: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw error instanceof AirCanError ? error : damaged(source, error);
  }
}

const damaged = (source: string, error: unknown) =>
  new AirCanError("compression-error", `${source} is damaged: ${messageOf(error)}.`, {
    cause: error,
    where: { source },
    hint: "Fetch or pack it again: it may have been cut off on its way.",
  });
