import chardet from "chardet";

export interface EncodingGuess {
  /** WHATWG name. */
  readonly encoding: string;
  readonly confidence: number;
  readonly reason: string;
}

const marks: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** Legacy sets that need no Western prior: their byte patterns are evidence by themselves. */
const distinct = new Set([
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "big5",
  "koi8-r",
  "windows-1251",
  "windows-1253",
  "windows-1255",
  "windows-1256",
  "iso-8859-5",
  "iso-8859-7",
]);

/**
 * The encoding of a sample from the start of a file: byte order mark, else UTF-8 if every byte fits (a
 * character cut by the end of the sample aside), else UTF-16 by its zero bytes, else a detector's word
 * where the script is distinct, else windows-1252, which most files of the West are.
 */
export function guessEncoding(sample: Uint8Array): EncodingGuess {
  const marked = marks.find(([, mark]) => mark.every((byte, i) => sample[i] === byte));
  if (marked)
    return { encoding: marked[0], confidence: 1, reason: "the file begins with its byte order mark" };
  const zeros = zeroShare(sample);
  if (zeros.even > 0.3 && zeros.odd < 0.05)
    return { encoding: "utf-16be", confidence: 0.9, reason: "every other byte is zero" };
  if (zeros.odd > 0.3 && zeros.even < 0.05)
    return { encoding: "utf-16le", confidence: 0.9, reason: "every other byte is zero" };
  if (isUtf8(sample))
    return {
      encoding: "utf-8",
      confidence: sample.some((byte) => byte > 127) ? 1 : 0.9,
      reason: "every byte fits UTF-8",
    };
  const detected = chardet
    .analyse(sample)
    .map(({ name, confidence }) => ({ name: name.toLowerCase(), confidence }))
    .find(({ name }) => distinct.has(name));
  if (detected && detected.confidence >= 30) {
    return {
      encoding: detected.name,
      confidence: detected.confidence / 100,
      reason: "not UTF-8; its letters are typical of this encoding",
    };
  }
  return {
    encoding: "windows-1252",
    confidence: 0.5,
    reason: "not UTF-8, and nothing speaks for another legacy encoding",
  };
}

function zeroShare(sample: Uint8Array): { even: number; odd: number } {
  const counts = [0, 0];
  const length = Math.min(sample.length, 4096);
  for (let i = 0; i < length; i++) if (sample[i] === 0) counts[i % 2] = (counts[i % 2] ?? 0) + 1;
  return {
    even: (counts[0] ?? 0) / Math.max(1, length / 2),
    odd: (counts[1] ?? 0) / Math.max(1, length / 2),
  };
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

/** The WHATWG name of an encoding by any of its names; undefined if there is none such. */
export function encodingName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
