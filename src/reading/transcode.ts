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

/** The bytes of a text as UTF-8, whole lines at a time. A byte order mark stays one. */
export async function* asUtf8(source: Readable, encoding: string): AsyncGenerator<Buffer> {
  const unit = encoding.startsWith("utf-16") ? 2 : encoding.startsWith("utf-32") ? 4 : 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end =
      data.length > longestLine ? data.length - (data.length % unit) : afterLastLine(data, encoding);
    rest = data.subarray(end);
    if (end > 0) yield blockAsUtf8(data.subarray(0, end), encoding);
  }
  if (rest.length > 0) yield blockAsUtf8(rest, encoding);
}

/** Where the last whole line ends; a line feed is never a part of another character. */
function afterLastLine(data: Buffer, encoding: string): number {
  const lineFeed = lineFeeds[encoding] ?? lineFeeds.other ?? Buffer.from("\n");
  const unit = lineFeed.length;
  for (let from = data.length; from >= 0; ) {
    const at = data.lastIndexOf(lineFeed, from);
    if (at === -1) return 0;
    if (at % unit === 0) return at + unit;
    from = at - 1;
  }
  return 0;
}

const lineFeeds: Readonly<Record<string, Buffer>> = {
  "utf-16le": Buffer.from([10, 0]),
  "utf-16be": Buffer.from([0, 10]),
  "utf-32le": Buffer.from([10, 0, 0, 0]),
  "utf-32be": Buffer.from([0, 0, 0, 10]),
  other: Buffer.from([10]),
};

function blockAsUtf8(data: Buffer, encoding: string): Buffer {
  const text = decodeWhole(data, encoding);
  if (!hasUnknown(text, encoding)) return Buffer.from(text);
  if (encoding.startsWith("utf-")) return unitsAsUtf8(data, encoding);
  const lines: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const end = data.indexOf(10, at);
    const line = data.subarray(at, end === -1 ? data.length : end + 1);
    const lineText = decodeWhole(line, encoding);
    lines.push(hasUnknown(lineText, encoding) ? lettersAsUtf8(line, encoding) : Buffer.from(lineText));
    at += line.length;
  }
  return Buffer.concat(lines);
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
