import { decodeText } from "./decode-text.ts";
import { halfWidth, type Language, languages, type ManyLetters, manyLetters } from "./languages.ts";

/** How well a text reads in an encoding. */
export interface Reading {
  readonly encoding: string;
  /** The language that it reads best as; null: a mix. */
  readonly language: string | null;
  /** 1: every letter is one that the language often has; below 0: no language looks so. */
  readonly score: number;
  /** Bytes beyond ASCII that were looked at. */
  readonly bytes: number;
  /** How much worse the next encoding reads that gives another text. */
  readonly lead: number;
}

/** Bytes of lines with letters beyond ASCII that are looked at; more would not change the answer. */
const enoughBytes = 6000;

/** What is added to a score: encodings are not equally frequent. */
const prior: Readonly<Record<string, number>> = {
  "windows-1252": 0.08,
  "windows-1251": 0.02,
  "iso-8859-15": -0.01,
  "windows-1257": -0.08,
  "iso-8859-13": -0.1,
  "iso-8859-8": -0.02,
  macintosh: -0.12,
  "x-mac-cyrillic": -0.12,
  cp850: -0.12,
  cp852: -0.14,
  ibm866: -0.05,
};

/** Which encoding is named where several give the same text. */
const usual = ["windows-1252", "windows-1250", "windows-1251", "koi8-r", "windows-1253", "windows-1257"];

/** Pages of DOS and the Mac, which few letters do not prove. */
const old = new Set(["macintosh", "x-mac-cyrillic", "cp850", "cp852", "ibm866"]);

/** The encoding in which bytes that are not UTF-8 read best as words of some language. */
export function readLegacy(sample: Uint8Array): Reading {
  const bytes = linesBeyondAscii(sample);
  const beyond = bytes.filter((byte) => byte > 127);
  const texts = new Map<string, string>();
  const read = (encoding: string) => {
    const text = texts.get(encoding) ?? decodeText(bytes, encoding);
    texts.set(encoding, text);
    return text;
  };
  const readings = readingsBy(read, beyond).sort((a, b) => b.score - a.score);
  const [best = { encoding: "windows-1252", language: null, score: 0 }] = readings;
  const text = read(best.encoding);
  const next = readings.find(({ encoding }) => read(encoding) !== text);
  const encoding = usual.find((name) => read(name) === text) ?? best.encoding;
  return { ...best, encoding, bytes: beyond.length, lead: best.score - (next?.score ?? -1) };
}

type Scored = Pick<Reading, "encoding" | "language" | "score">;

/**
 * How well a text reads in each encoding as each language; `beyond`: its bytes beyond ASCII. A single one speaks for
 * no other than the most frequent encoding.
 */
function readingsBy(read: (encoding: string) => string, beyond: Uint8Array): Scored[] {
  const handicap = (encoding: string) =>
    (prior[encoding] ?? 0) -
    (old.has(encoding) ? 0.6 / beyond.length : 0) -
    (beyond.length > 1 || encoding === "windows-1252" ? 0 : 0.8);
  const one = languages.flatMap((language) =>
    language.encodings.map((encoding) => ({
      encoding,
      language: language.name,
      score: languageScore(read(encoding), language) + handicap(encoding),
    })),
  );
  const mixed = ["windows-1252", "windows-1250"].map((encoding) => ({
    encoding,
    language: null,
    score: mixScore(read(encoding)) + handicap(encoding),
  }));
  const many = manyLetters.flatMap((language) =>
    language.encodings.map((encoding) => ({
      encoding,
      language: language.name,
      score: manyScore(read(encoding), language) + handicap(encoding),
    })),
  );
  return [...one, ...mixed, ...many];
}

function linesBeyondAscii(sample: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let size = 0;
  for (let at = 0; at < sample.length && size < enoughBytes; ) {
    const end = sample.indexOf(10, at);
    const line = sample.subarray(at, end === -1 ? sample.length : end + 1);
    if (line.some((byte) => byte > 127)) {
      lines.push(line);
      size += line.length;
    }
    at += line.length;
  }
  return Buffer.concat(lines).subarray(0, enoughBytes);
}

/** Signs that stand in texts of all languages, by the places that they have there. */
const opening = /[¿¡“„«‹‘‚£]/;
const closing = /[”»›€¥]/;
const afterNumbers = /[ªº²³½¼¾°µ]/;
const anywhere = /[\u00a0\u00ad’–—…§©®™·•×±†‰№،؛؟]|\u200c|\u200d|\u200e|\u200f/u;
const letter = /\p{L}|\p{M}/u;
const latin = /\p{Script=Latin}/u;
const lower = /\p{Ll}/u;
const upper = /\p{Lu}/u;

/** Letters that come with names from abroad. */
const foreign = new Set("éçôíáüöñåèãä");

/** The mean over all characters beyond ASCII. */
function languageScore(text: string, { letters, habit }: Language): number {
  const order = Array.from(letters);
  const [most, fall] = order.length > 20 ? [1.2, 1.2] : [1, 0.6];
  const weights = new Map(order.map((each, i) => [each, most - (fall * i) / Math.max(8, order.length)]));
  const odd = habit ? oddPlaces(text.replaceAll("İ", "i").toLowerCase(), habit) : new Set<number>();
  return meanOver(text, (character, at) => {
    const small = character === "İ" ? "i" : character.toLowerCase();
    const weight = weights.get(small);
    if (weight === undefined) return foreign.has(small) ? 0 : -0.6;
    return odd.has(at) ? -0.2 : weight;
  });
}

function oddPlaces(text: string, { letters, places }: NonNullable<Language["habit"]>): Set<number> {
  const good = new Set(Array.from(text.matchAll(places), ({ index }) => index));
  const all = Array.from(text.matchAll(new RegExp(`[${letters}]`, "gu")), ({ index }) => index);
  return new Set(all.filter((index) => !good.has(index)));
}

/** For a list of names from many countries. */
function mixScore(text: string): number {
  return meanOver(text, (character) => (latin.test(character) ? 0.4 : -0.6));
}

/** The mean of the letters' scores, signs and letters in unlikely places taken into account. */
function meanOver(text: string, ofLetter: (letter: string, at: number) => number): number {
  let [sum, count] = [0, 0];
  for (const { 0: character, index } of text.matchAll(/[^\0-\x7f]/gu)) {
    count++;
    const [before = "", after = ""] = [text[index - 1], text[index + character.length]];
    if (letter.test(character) && !afterNumbers.test(character))
      sum += ofLetter(character, index) - oddPlace(character, before, after);
    else sum += signScore(character, before, after);
  }
  return count === 0 ? 0 : sum / count;
}

/** Latin letters that are words in some language. */
const word = /[àéèóáíåöøý]/iu;

/** A capital after a small letter, a small letter amid capitals, a letter at a number or alone, or scripts mixed in a word. */
function oddPlace(character: string, before: string, after: string): number {
  if (!latin.test(character) && (/[a-z]/i.test(before) || /[a-z]/i.test(after))) return 1.2;
  if (/\d/.test(before) || /\d/.test(after)) return 0.9;
  if (!letter.test(before) && !letter.test(after)) return word.test(character) ? 0.3 : 0.9;
  if (upper.test(character)) return lower.test(before) ? 0.8 : 0;
  return lower.test(character) && upper.test(before) && upper.test(after) ? 0.6 : 0;
}

function signScore(character: string, before: string, after: string): number {
  if (character === "\ufffd" || /[\u0080-\u009f\ue000-\uf8ff]/.test(character)) return -2;
  if (opening.test(character)) return letter.test(before) ? -0.5 : 0.45;
  if (closing.test(character)) return letter.test(after) ? -0.5 : 0.45;
  if (character === "µ" && /[gmlsAVF]/.test(after)) return letter.test(before) ? -0.5 : 0.9;
  if (afterNumbers.test(character))
    return letter.test(after) || /(?![mnoNM])\p{L}/u.test(before) ? -0.5 : 0.45;
  return anywhere.test(character) ? 0.45 : -0.5;
}

/** The mean over the characters of a text in a language of many letters. */
function manyScore(text: string, { letters, scripts }: ManyLetters): number {
  const common = new Set(letters);
  let [sum, count] = [0, 0];
  for (const { 0: character, index } of text.matchAll(/[^\0-\x7f]/gu)) {
    count++;
    if (/[a-z]|^[A-Z]{2}$/.test(`${text[index - 1]}${text[index + 1]}`)) sum -= 0.8;
    if (common.has(character)) sum += 1;
    else if (/[\uff01-\uff5e\u3000-\u303f]/.test(character)) sum += 0.5;
    else if (character === "\ufffd") sum -= 2;
    else if (halfWidth.test(character) && !halfWidth.test(`${text[index - 1]}${text[index + 1]}`)) sum -= 0.5;
    else sum += scripts.find(([script]) => script.test(character))?.[1] ?? -0.5;
  }
  return count === 0 ? 0 : sum / count;
}
