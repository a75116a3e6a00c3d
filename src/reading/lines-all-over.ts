import { open } from "node:fs/promises";
import type { OpenedSource } from "./open-source.ts";

const pieces = 16;
const pieceBytes = 64 * 1024;

/** Whole lines from places all over a file that is not compressed, as bytes. */
export async function linesAllOver({ path, bytes }: Pick<OpenedSource, "path" | "bytes">): Promise<Buffer> {
  const file = await open(path);
  try {
    const found: Buffer[] = [];
    for (let i = 1; i <= pieces; i++) {
      const place = Math.max(0, Math.round((bytes * i) / pieces) - pieceBytes);
      const piece = Buffer.alloc(pieceBytes);
      const { bytesRead } = await file.read(piece, 0, pieceBytes, place);
      const read = piece.subarray(0, bytesRead);
      const [from, to] = [read.indexOf(10) + 1, read.lastIndexOf(10) + 1];
      if (from > 0 && to > from) found.push(read.subarray(from, to));
    }
    return Buffer.concat(found);
  } finally {
    await file.close();
  }
}
