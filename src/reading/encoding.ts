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
 * character cut by the end of the sample aside, and a few broken ones among many), else UTF-16 by its zero bytes, else a detector's word
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
  const letters = lettersOf(sample);
  if (letters.good > 20 * letters.bad)
    return {
      encoding: "utf-8",
      confidence: 0.8,
      reason: `${letters.good} letters fit UTF-8, and ${letters.bad} do not`,
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
  const script = guessScript(sample);
  if (script) return script;
  return {
    encoding: "windows-1252",
    confidence: 0.5,
    reason: "not UTF-8, and nothing speaks for another legacy encoding",
  };
}

/** Encodings of one byte a letter for scripts other than Latin, and a word as it is written in each. */
const scripts: readonly (readonly [encoding: string, script: string, word: RegExp])[] = [
  ["windows-1251", "Cyrillic", /^(\p{Lu}?\p{Ll}*|\p{Lu}+)$/u],
  ["koi8-r", "Cyrillic", /^(\p{Lu}?\p{Ll}*|\p{Lu}+)$/u],
  ["iso-8859-5", "Cyrillic", /^(\p{Lu}?\p{Ll}*|\p{Lu}+)$/u],
  ["windows-1253", "Greek", /^(\p{Lu}?\p{Ll}*|\p{Lu}+)$/u],
  ["windows-1255", "Hebrew", /^\p{Lo}+$/u],
  ["windows-1256", "Arabic", /^\p{Lo}+$/u],
];

/** Texts too short for the detector: where most letters are not ASCII, the encoding that gives words. */
function guessScript(sample: Uint8Array): EncodingGuess | undefined {
  const [high, ascii] = [sample.filter((byte) => byte > 127).length, sample.filter(isAsciiLetter).length];
  if (high < ascii) return undefined;
  const found = scripts.map(([encoding, script, word]) => {
    const words = new TextDecoder(encoding).decode(sample).match(/[^\0-\x7f]+/g) ?? [];
    const letters = new RegExp(`^\\p{Script=${script}}+$`, "u");
    const good = words.filter((each) => letters.test(each) && word.test(each));
    return { encoding, script, share: good.join("").length / Math.max(1, words.join("").length) };
  });
  const best = found.reduce((a, b) => (b.share > a.share ? b : a));
  if (best.share < 0.8) return undefined;
  return {
    encoding: best.encoding,
    confidence: 0.6,
    reason: `not UTF-8; in it ${Math.round(best.share * 100)} % are words in ${best.script} letters`,
  };
}

const isAsciiLetter = (byte: number) => (byte > 64 && byte < 91) || (byte > 96 && byte < 123);

/** Characters beyond ASCII that are UTF-8, and places that are not. */
function lettersOf(sample: Uint8Array): { good: number; bad: number } {
  let [good, bad] = [0, 0];
  for (const [letter] of new TextDecoder().decode(sample).matchAll(/[^\0-\x7f]/gu)) {
    if (letter === "\ufffd") bad++;
    else good++;
  }
  return { good, bad };
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
