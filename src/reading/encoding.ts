import { readLegacy } from "./legacy-encoding.ts";

export interface EncodingGuess {
  /** As `encodingName` gives it. */
  readonly encoding: string;
  readonly confidence: number;
  readonly reason: string;
  /** What speaks against an encoding that was told. */
  readonly doubt?: string;
}

/** Byte order marks. That of UTF-32 begins with that of UTF-16. */
const marks: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * The encoding of a sample from the start of a file: byte order mark, else UTF-32 or UTF-16 by its zero
 * bytes, else UTF-8 if every byte fits (a character cut by the end of the sample aside, and fewer broken ones
 * than sound ones), else the legacy encoding in which it reads best as words of some language.
 */
export function guessEncoding(sample: Uint8Array): EncodingGuess {
  const marked = marks.find(([, mark]) => mark.every((byte, i) => sample[i] === byte));
  if (marked)
    return { encoding: marked[0], confidence: 1, reason: "the file begins with its byte order mark" };
  const wide = wideEncoding(sample);
  if (wide) return { encoding: wide, confidence: 0.95, reason: "its zero bytes stand where it has them" };
  if (isUtf8(sample)) return utf8Guess(sample);
  const letters = lettersOf(sample);
  if (isBroken(sample))
    return { encoding: "utf-8", confidence: 0.6, reason: "all is ASCII, but for bytes of no letter" };
  if (letters.good > 2 * letters.bad)
    return {
      encoding: "utf-8",
      confidence: letters.good > 20 * letters.bad ? 0.8 : 0.6,
      reason: `${letters.good} letters fit UTF-8, and ${letters.bad} do not`,
    };
  return legacyGuess(sample);
}

/** Bytes that are no letter, or a hardly ever used one, in the encodings that are most frequent. */
const strayBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xfe, 0xff]);

/** True for ASCII with no more than three other bytes, all of them stray. */
function isBroken(sample: Uint8Array): boolean {
  const high = sample.filter((byte) => byte > 127);
  return high.length <= 3 && high.every((byte) => strayBytes.has(byte));
}

function utf8Guess(sample: Uint8Array): EncodingGuess {
  return sample.some((byte) => byte > 127)
    ? { encoding: "utf-8", confidence: 1, reason: "every byte fits UTF-8" }
    : { encoding: "utf-8", confidence: 0.9, reason: "every byte seen is ASCII" };
}

function legacyGuess(sample: Uint8Array): EncodingGuess {
  const { encoding, language, score, lead, bytes } = readLegacy(sample);
  if (score < 0.2)
    return {
      encoding: "windows-1252",
      confidence: 0.3,
      reason: "not UTF-8, and nothing speaks for another legacy encoding",
    };
  const evidence = 1 - 1 / (1 + bytes / 4);
  const sure = Math.min(0.5, Math.max(0, lead)) * 0.8 * evidence;
  return {
    encoding,
    confidence: Math.round((0.5 + sure) * 100) / 100,
    reason: `not UTF-8; in this encoding its letters are those of ${language ?? "several languages"}`,
  };
}

/** UTF-16 and UTF-32 without byte order mark: zeros on one side only, and line ends of two or four bytes. */
function wideEncoding(sample: Uint8Array): string | undefined {
  if (sample.length < 8 || !sample.includes(0)) return undefined;
  const view = Buffer.from(sample.buffer, sample.byteOffset, Math.min(sample.length, 4096) & ~3);
  const is32 = (read: (at: number) => number) => {
    const points = Array.from({ length: view.length / 4 }, (_, i) => read(4 * i));
    const usual = points.filter((point) => point < 0x10000).length;
    return usual > points.length / 2 && points.every((point) => point > 0 && point <= 0x10ffff);
  };
  if (is32((at) => view.readUInt32LE(at))) return "utf-32le";
  if (is32((at) => view.readUInt32BE(at))) return "utf-32be";
  const zeros = [0, 0];
  for (const [i, byte] of view.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const enough = view.length / 50;
  const hasEnd = (...bytes: number[]) => view.includes(Buffer.from(bytes));
  if (even > enough && odd < even / 20 && (hasEnd(0, 10) || hasEnd(0, 13))) return "utf-16be";
  if (odd > enough && even < odd / 20 && (hasEnd(10, 0) || hasEnd(13, 0))) return "utf-16le";
  return undefined;
}

/** Characters beyond ASCII that are UTF-8, and places that are not. */
function lettersOf(sample: Uint8Array): { good: number; bad: number } {
  let [good, bad] = [0, 0];
  for (const [letter] of new TextDecoder().decode(sample).matchAll(/[^\0-\x7f]/gu)) {
    if (letter === "\ufffd") bad++;
    else good++;
  }
  return { good, bad };
}

/** True if the bytes are UTF-8; a last character that the end cuts does not count. */
export function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
