import { expect, test } from "vitest";
import { encodingName, guessEncoding } from "./encoding.ts";

const norwegian = "navn,by\nÅse,Ålesund\nBjørn,Tromsø\n";
const russian = "имя,город\nИван,Москва\nОльга,Санкт-Петербург\nПетр,Новосибирск\n".repeat(4);
const koi8 = new Map(
  Array.from(
    new TextDecoder("koi8-r").decode(Uint8Array.from({ length: 128 }, (_, i) => i + 128)),
    (letter, i) => [letter, i + 128],
  ),
);
const cp1251 = new Map(
  Array.from(
    new TextDecoder("windows-1251").decode(Uint8Array.from({ length: 128 }, (_, i) => i + 128)),
    (letter, i) => [letter, i + 128],
  ),
);
const encoded = (text: string, letters: ReadonlyMap<string, number>) =>
  Buffer.from(Array.from(text, (letter) => letters.get(letter) ?? letter.charCodeAt(0)));

test.each<[string, Uint8Array, string]>([
  ["ASCII", Buffer.from("a,b\n1,2\n"), "utf-8"],
  ["UTF-8", Buffer.from(norwegian), "utf-8"],
  ["UTF-8, a character cut at the end", Buffer.from(norwegian).subarray(0, 9), "utf-8"],
  ["UTF-8 with its mark", Buffer.from(`\ufeff${norwegian}`), "utf-8"],
  [
    "UTF-8 with a broken byte among many letters",
    Buffer.concat([Buffer.from(norwegian.repeat(10)), Buffer.from([0xff, 10])]),
    "utf-8",
  ],
  ["UTF-16 with its mark", Buffer.from(`\ufeff${norwegian}`, "utf16le"), "utf-16le"],
  ["UTF-16 without", Buffer.from(norwegian, "utf16le"), "utf-16le"],
  ["UTF-16, the other order", Buffer.from(norwegian, "utf16le").swap16(), "utf-16be"],
  ["Latin 1, which is read as Windows-1252", Buffer.from(norwegian, "latin1"), "windows-1252"],
  ["Windows-1251", encoded(russian, cp1251), "windows-1251"],
  ["KOI8-R", encoded(russian, koi8), "koi8-r"],
])("%s is found", (_, bytes, encoding) => {
  expect(guessEncoding(bytes).encoding).toBe(encoding);
});

test.each([
  ["latin1", "windows-1252"],
  ["cp1252", "windows-1252"],
  ["UTF8", "utf-8"],
  ["sjis", "shift_jis"],
  ["no such", undefined],
])("%s is called %s", (label, name) => {
  expect(encodingName(label)).toBe(name);
});
