import { type FileHandle, open } from "node:fs/promises";
import type { OpenedSource } from "./open-source.ts";
import { type Sniffed, sniff } from "./sniff.ts";

const pieceBytes = 64 * 1024;

/** Records from the middle and the end of a file as UTF-8, read from the first line break after the place. */
export async function furtherRecords(
  { path, bytes }: OpenedSource,
  sniffed: Sniffed,
): Promise<(readonly string[])[]> {
  const places = [bytes >> 1, bytes - pieceBytes].filter((place) => place > 4 * pieceBytes);
  const file = await open(path);
  try {
    const found = await Promise.all(places.map((place) => recordsFrom(file, place, sniffed)));
    return found.flat();
  } finally {
    await file.close();
  }
}

async function recordsFrom(file: FileHandle, place: number, { dialect, width }: Sniffed) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, place);
  const text = buffer.toString("utf8", 0, bytesRead);
  const told = { ...dialect, header: false, headerRows: [], commentRows: [] };
  const { records } = sniff(text.slice(text.indexOf("\n") + 1), bytesRead < pieceBytes, { dialect: told });
  return records.filter((cells) => cells.length === width);
}
