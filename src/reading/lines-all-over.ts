import { isAscii } from "node:buffer";
import { open } from "node:fs/promises";
import { type OpenedSource, readSource } from "./open-source.ts";

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

/** Files up to this size are looked through for letters beyond ASCII, which takes some 30 ms; packed ones up to a tenth. */
export const quicklyRead = 64 * 1024 * 1024;

/** Lines of a file, from the first that has a byte beyond ASCII; nothing if none has. */
export async function linesBeyondAscii(opened: OpenedSource): Promise<Buffer> {
  const found: Buffer[] = [];
  let last = Buffer.alloc(0);
  for await (const chunk of readSource(opened)) {
    const data: Buffer = chunk;
    if (found.length === 0 && isAscii(data)) {
      last = Buffer.from(data.subarray(data.lastIndexOf(10) + 1));
      continue;
    }
    found.push(...(found.length === 0 ? [last, data] : [data]));
    if (found.length > 2) break;
  }
  return fromFirstLetter(Buffer.concat(found));
}

function fromFirstLetter(data: Buffer): Buffer {
  const first = data.findIndex((byte) => byte > 127);
  return first === -1 ? Buffer.alloc(0) : data.subarray(data.lastIndexOf(10, first) + 1);
}
