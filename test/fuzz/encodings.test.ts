import { Readable } from "node:stream";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { decodeText } from "../../src/reading/decode-text.ts";
import { guessEncoding } from "../../src/reading/encoding.ts";
import { byteCounter } from "../../src/reading/original-bytes.ts";
import { asUtf8 } from "../../src/reading/transcode.ts";
import { budget, patience } from "./budget.ts";

const names = [
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1253",
  "windows-1255",
  "windows-1256",
  "windows-874",
  "iso-8859-2",
  "iso-8859-15",
  "koi8-r",
  "macintosh",
  "cp437",
  "cp850",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "big5",
  "utf-16le",
  "utf-16be",
  "utf-32le",
  "utf-32be",
];

async function utf8Of(bytes: Uint8Array, encoding: string, size: number): Promise<Buffer> {
  const count = Math.ceil(bytes.length / size);
  const chunks = Array.from({ length: count }, (_, i) =>
    Buffer.from(bytes.subarray(i * size, (i + 1) * size)),
  );
  const parts: Buffer[] = [];
  for await (const part of asUtf8(Readable.from(chunks), encoding)) parts.push(part);
  return Buffer.concat(parts);
}

test("any bytes in any encoding are read, and each byte is counted once", { timeout: patience }, async () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.constantFrom(...names),
      fc.integer({ min: 1, max: 9 }),
      async (data, encoding, size) => {
        const whole = await utf8Of(data, encoding, 100);
        expect(await utf8Of(data, encoding, size)).toEqual(whole);
        const counted = byteCounter(encoding)?.(whole, 0, whole.length);
        if (isExact(data, encoding)) expect(counted).toBe(data.length);
      },
    ),
    budget(3000),
  );
});

/** Some letters can be written in two ways of other lengths: what is counted is the usual one. */
const isExact = (data: Uint8Array, encoding: string) =>
  !/^(gb18030|big5|euc-kr|shift_jis)$/.test(encoding) ||
  Buffer.from(iconv.encode(iconv.decode(Buffer.from(data), encoding), encoding)).equals(Buffer.from(data));

test("any bytes have an encoding, and are read as it", { timeout: patience }, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      const { encoding, confidence } = guessEncoding(data);
      expect(confidence).toBeGreaterThan(0);
      expect(typeof decodeText(data, encoding)).toBe("string");
    }),
    budget(1000),
  );
});

/** Encodings that files in a language are found in. */
const languages: readonly (readonly [language: string, encodings: readonly string[]])[] = [
  ["fr", ["windows-1252"]],
  ["de", ["windows-1252"]],
  ["es", ["windows-1252"]],
  ["pt", ["windows-1252"]],
  ["sv", ["windows-1252"]],
  ["da", ["windows-1252"]],
  ["is", ["windows-1252"]],
  ["pl", ["windows-1250", "iso-8859-2"]],
  ["cs", ["windows-1250", "iso-8859-2"]],
  ["hu", ["windows-1250"]],
  ["hr", ["windows-1250"]],
  ["tr", ["windows-1254"]],
  ["lt", ["windows-1257"]],
  ["lv", ["windows-1257"]],
  ["ru", ["windows-1251", "koi8-r", "iso-8859-5", "ibm866"]],
  ["uk", ["windows-1251"]],
  ["bg", ["windows-1251"]],
  ["el", ["windows-1253"]],
  ["he", ["windows-1255"]],
  ["ar", ["windows-1256"]],
  ["th", ["windows-874"]],
  ["ja", ["shift_jis", "euc-jp"]],
  ["zh", ["gb18030"]],
  ["zh-Hant", ["big5"]],
  ["ko", ["euc-kr"]],
];

const regions = [
  "AD",
  "AE",
  "AL",
  "AR",
  "AT",
  "BA",
  "BE",
  "BR",
  "CA",
  "CH",
  "CL",
  "CN",
  "CY",
  "CZ",
  "DE",
  "DK",
  "EE",
  "EG",
  "ES",
  "FI",
  "FR",
  "GB",
  "GE",
  "GR",
  "HR",
  "HU",
  "IE",
  "IN",
  "IS",
  "IT",
  "JP",
  "KR",
  "LT",
  "LV",
  "MA",
  "MX",
  "NL",
  "NO",
  "PL",
  "PT",
  "RO",
  "RU",
  "SE",
  "SI",
  "SK",
  "TH",
  "TR",
  "UA",
  "US",
  "ZA",
];

test("lists of countries in many languages are read as they were written", { timeout: patience }, () => {
  let [all, right] = [0, 0];
  const picked = fc.uniqueArray(fc.constantFrom(...regions), { minLength: 15, maxLength: 30 });
  const written = fc.constantFrom(
    ...languages.flatMap(([language, encodings]) => encodings.map((each) => [language, each] as const)),
  );
  fc.assert(
    fc.property(picked, written, (codes, [language, encoding]) => {
      const name = new Intl.DisplayNames(language, { type: "region" });
      const bytes = iconv.encode(
        `id,name\n${codes.map((code, i) => `${i},${name.of(code)}\n`).join("")}`,
        encoding,
      );
      const text = iconv.decode(bytes, encoding);
      if (!/[^\0-\x7f]/.test(text)) return;
      all++;
      if (decodeText(bytes, guessEncoding(bytes).encoding) === text) right++;
    }),
    budget(500),
  );
  expect(right / all).toBeGreaterThan(0.97);
});
