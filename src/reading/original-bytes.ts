import { createDecoder } from "./decode-text.ts";
import type { LocalTable } from "./local-table.ts";
import { unknownByte } from "./transcode.ts";

/** The encoding in which the bytes of findings in a text are counted. */
export function originalEncoding({ isSpooled, resource }: LocalTable): string {
  return isSpooled ? "utf-8" : (resource.encoding ?? "utf-8");
}

/** How many bytes a part of a copy as UTF-8, whole characters, has in the original. */
export type CountBytes = (data: Buffer, from: number, to: number) => number;

/** Counts the bytes of an encoding; null where they are those of UTF-8. */
export function byteCounter(encoding: string): CountBytes | null {
  if (encoding === "utf-8") return null;
  if (encoding.startsWith("utf-16")) return counter((code) => (code > 0xffff ? 4 : 2));
  if (encoding.startsWith("utf-32")) return counter(() => 4);
  const lengths = lengthsOf(encoding);
  const beyond = encoding === "gb18030" ? 4 : 2;
  return counter((code) => (code > 0xffff ? beyond : (lengths[code] ?? 4)));
}

function counter(bytesOf: (code: number) => number): CountBytes {
  return (data, from, to) => {
    let count = 0;
    for (let at = from; at < to; ) {
      const byte = data[at] ?? 0;
      if (byte === unknownByte) {
        count++;
        at++;
        continue;
      }
      const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      count += bytesOf(codeAt(data, at, length));
      at += length;
    }
    return count;
  };
}

function codeAt(data: Buffer, at: number, length: number): number {
  const byte = data[at] ?? 0;
  if (length === 1) return byte;
  let code = byte & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) code = (code << 6) | ((data[at + i] ?? 0) & 0x3f);
  return code;
}

const known = new Map<string, Uint8Array>();

/** For each character of the first plane how many bytes it takes; 4 where no run of one to three gives it. */
function lengthsOf(encoding: string): Uint8Array {
  const found = known.get(encoding);
  if (found) return found;
  const lengths = new Uint8Array(0x10000).fill(4);
  const decoder = createDecoder(encoding);
  for (const bytes of runsOf(encoding)) {
    const [first, ...more] = Array.from(decoder.write(Uint8Array.from(bytes)) + decoder.end());
    const code = first?.codePointAt(0) ?? 0xfffd;
    const [mark = ""] = more;
    if (encoding === "big5" && /^\p{M}$/u.test(mark)) lengths[mark.charCodeAt(0)] = 0; // two characters
    if (more.length > 0 || code > 0xffff || code === 0xfffd) continue;
    if (lengths[code] === 4 || bytes.length === 2) lengths[code] = bytes.length;
  }
  known.set(encoding, lengths);
  return lengths;
}

/** Runs of one to three bytes that may be a character. */
function* runsOf(encoding: string): Generator<number[]> {
  for (let byte = 0; byte < 0x100; byte++) yield [byte];
  for (const lead of encoding === "euc-jp" ? [[], [0x8f]] : [[]])
    for (let a = 0x80; a < 0x100; a++) for (let b = 0x30; b < 0x100; b++) yield [...lead, a, b];
}
