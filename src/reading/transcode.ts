import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { writeError } from "../storage/local.ts";
import { createDecoder } from "./decode-text.ts";
import { type OpenedSource, readSource } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";

/** Stands in a copy as UTF-8 for a byte that the encoding of the original does not know. UTF-8 has no such byte. */
export const unknownByte = 0xff;

/**
 * Copies a source of another encoding to a file as UTF-8. Each byte that is no part of a character becomes
 * `unknownByte`, so that the tokenizer names the row that holds it, and the other rows are read.
 *
 * @throws AirCanError `storage-error`; what the source throws.
 */
export async function transcode(
  opened: OpenedSource,
  encoding: string,
  context: ReadingContext,
): Promise<{ path: string; bytes: number; compression: null }> {
  const path = join(context.temporaryFolder, `${basename(opened.path)}.utf-8`);
  const output = createWriteStream(path);
  output.on("error", (error) => output.destroy(writeError(error, path)));
  await pipeline(asUtf8(readSource(opened), encoding), output, { signal: context.signal });
  return { path, bytes: output.bytesWritten, compression: null };
}

/** Lines that are longer are decoded in parts. */
const longestLine = 1 << 24;

/**
 * The bytes of a text as UTF-8, whole lines at a time, or parts of a line of more than `longest` bytes. A byte order
 * mark stays one.
 */
export async function* asUtf8(
  source: Readable,
  encoding: string,
  longest = longestLine,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const line = afterLastLine(data, encoding);
    const end = line === 0 && data.length > longest ? afterLastLetter(data, encoding) : line;
    rest = data.subarray(end);
    if (end > 0) yield blockAsUtf8(data.subarray(0, end), encoding);
  }
  if (rest.length > 0) yield blockAsUtf8(rest, encoding);
}

const unitOf = (encoding: string) =>
  encoding.startsWith("utf-16") ? 2 : encoding.startsWith("utf-32") ? 4 : 1;

/** Where the last whole line ends; a line feed or carriage return is never a part of another character. */
function afterLastLine(data: Buffer, encoding: string): number {
  return Math.max(...[10, 13].map((code) => afterLast(data, code, encoding)));
}

function afterLast(data: Buffer, code: number, encoding: string): number {
  const unit = unitOf(encoding);
  const mark = Buffer.alloc(unit);
  mark[encoding.endsWith("be") ? unit - 1 : 0] = code;
  for (let from = data.length; from >= 0; ) {
    const at = data.lastIndexOf(mark, from);
    if (at === -1) return 0;
    if (at % unit === 0) return at + unit;
    from = at - 1;
  }
  return 0;
}

/** Bytes below are characters of their own in every encoding of one to four bytes a character. */
const firstTrailing = 0x30;

/** Where the last whole character of a part of a line ends, or one before it. */
function afterLastLetter(data: Buffer, encoding: string): number {
  const unit = unitOf(encoding);
  if (unit > 1) {
    const end = data.length - (data.length % unit);
    const last = unit === 2 ? data.subarray(end - 2, end) : Buffer.alloc(2);
    const isHalf = isHighSurrogate(encoding.endsWith("le") ? last.readUInt16LE() : last.readUInt16BE());
    return isHalf ? end - 2 : end;
  }
  const at = data.findLastIndex((byte) => byte < firstTrailing);
  if (at !== -1) return at + 1;
  const cut = [0, 1, 2, 3].find((bytes) => endsWhole(data.subarray(0, data.length - bytes), encoding)) ?? 0;
  return data.length - cut;
}

function endsWhole(data: Buffer, encoding: string): boolean {
  const decoder = createDecoder(encoding);
  decoder.write(data);
  return decoder.end() === "";
}

function blockAsUtf8(data: Buffer, encoding: string): Buffer {
  const text = decodeWhole(data, encoding);
  if (!hasUnknown(text, encoding)) return Buffer.from(text);
  if (encoding.startsWith("utf-")) return unitsAsUtf8(data, encoding);
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const part = data.subarray(at, partEnd(data, at));
    const partText = decodeWhole(part, encoding);
    parts.push(hasUnknown(partText, encoding) ? lettersAsUtf8(part, encoding) : Buffer.from(partText));
    at += part.length;
  }
  return Buffer.concat(parts);
}

const usualPart = 4096;

/** Where a part of a text ends that is looked through letter by letter: at a line's end, or between characters of a long line. */
function partEnd(data: Buffer, start: number): number {
  const ends = [data.indexOf(10, start), data.indexOf(13, start)].filter((at) => at !== -1);
  const line = Math.min(data.length, ...ends.map((at) => at + 1));
  if (line - start <= usualPart) return line;
  const at = data.subarray(start + usualPart, line).findIndex((byte) => byte < firstTrailing);
  return at === -1 ? line : start + usualPart + at + 1;
}

function decodeWhole(data: Buffer, encoding: string): string {
  const decoder = createDecoder(encoding);
  return decoder.write(data) + decoder.end();
}

/** Windows leaves some bytes without a meaning; the Encoding Standard reads them as control characters. */
function hasUnknown(text: string, encoding: string): boolean {
  const unknown = encoding.startsWith("windows-") ? /[\ufffd\u0080-\u009f]/ : /\ufffd/;
  return unknown.test(text) || !text.isWellFormed();
}

/** One character after the other: the shortest run of bytes that is one. */
function lettersAsUtf8(line: Buffer, encoding: string): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < line.length; ) {
    const { text, length } = letterAt(line, at, encoding);
    parts.push(text === undefined ? Buffer.from([unknownByte]) : Buffer.from(text));
    at += length;
  }
  return Buffer.concat(parts);
}

function letterAt(line: Buffer, at: number, encoding: string): { text?: string; length: number } {
  for (let length = 1; length <= 4 && at + length <= line.length; length++) {
    const text = decodeWhole(line.subarray(at, at + length), encoding);
    if (!hasUnknown(text, encoding)) return { text, length };
    if (encoding.startsWith("windows-")) break;
  }
  return { length: 1 };
}

/** UTF-16 and UTF-32 unit by unit: half of a pair, a number that is no character and a cut end are unknown. */
function unitsAsUtf8(data: Buffer, encoding: string): Buffer {
  const size = encoding.startsWith("utf-16") ? 2 : 4;
  const isLittle = encoding.endsWith("le");
  const unitAt = (at: number): number => {
    if (at + size > data.length) return -1;
    if (size === 2) return isLittle ? data.readUInt16LE(at) : data.readUInt16BE(at);
    return isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at);
  };
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += size) {
    const unit = unitAt(at);
    if (size === 2 && isHighSurrogate(unit) && isLowSurrogate(unitAt(at + 2))) {
      parts.push(Buffer.from(String.fromCharCode(unit, unitAt(at + 2))));
      at += size;
    } else if (unit === -1) parts.push(Buffer.alloc(data.length - at, unknownByte));
    else if (unit > 0x10ffff || isHighSurrogate(unit) || isLowSurrogate(unit))
      parts.push(Buffer.alloc(size, unknownByte));
    else parts.push(Buffer.from(String.fromCodePoint(unit)));
  }
  return Buffer.concat(parts);
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
