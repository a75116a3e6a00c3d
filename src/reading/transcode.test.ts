import { Readable } from "node:stream";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { fullDialect } from "../descriptor/dialect.ts";
import { encodingName } from "./decode-text.ts";
import { readRecords } from "./records.ts";
import { asUtf8 } from "./transcode.ts";

/** Encodings, letters that each has, and bytes that it gives no meaning. */
const encodings: readonly (readonly [name: string, letters: string, bad: readonly number[] | null])[] = [
  ["windows-1252", "aé€ß,", [0x81]],
  ["windows-1251", "aЖшё,", [0x98]],
  ["windows-1253", "aΆως,", [0xff]],
  ["iso-8859-2", "ałčő,", null],
  ["koi8-r", "aЖш─,", null],
  ["macintosh", "aé√,", null],
  ["cp850", "aéß,", null],
  ["shift_jis", "aあ東ｱソ,", [0xff]],
  ["euc-jp", "aあ東ｱ丂,", [0xff]],
  ["euc-kr", "a가힣韓,", [0xff]],
  ["gb18030", "a中€𠀀é,", [0xff]],
  ["big5", "a中灣,", [0xff]],
  ["utf-16le", "aé中𠀀,", [0x00, 0xd8]],
  ["utf-16be", "aé中𠀀,", [0xdc, 0x00]],
  ["utf-32le", "aé中𠀀,", [0x00, 0xd8, 0x00, 0x00]],
  ["utf-32be", "aé中𠀀,", [0x00, 0x11, 0x00, 0x00]],
];

/** Bytes of a text in an encoding; `!` stands for bytes that it gives no meaning. */
function encode(text: string, encoding: string, bad: readonly number[]): Buffer {
  const parts = text.split("!").map((part) => iconv.encode(part, encoding));
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(bad), part])));
}

function chunked(bytes: Buffer, size: number): Readable {
  const count = Math.ceil(bytes.length / size);
  return Readable.from(Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)));
}

async function found(bytes: Buffer, encoding: string, size: number): Promise<string[]> {
  const rows: string[] = [];
  await readRecords(Readable.from(asUtf8(chunked(bytes, size), encoding)), {
    dialect: fullDialect({ header: false, headerRows: [] }),
    encoding,
    signal: new AbortController().signal,
    onRecord: ({ line, byteOffset, badByte = byteOffset, cells, problem, problemCell }) => {
      rows.push(`${line} ${badByte} ${problem ? `${problem} ${problemCell}` : cells.join("|")}`);
      return true;
    },
  });
  return rows;
}

/** What a reader that knows the lines says. */
function expected(lines: readonly string[], encoding: string, bad: readonly number[]): string[] {
  return lines.map((line, i) => {
    const [start, at] = [
      lines
        .slice(0, i)
        .map((each) => `${each}\n`)
        .join(""),
      line.indexOf("!"),
    ];
    const offset = encode(start + (at === -1 ? "" : line.slice(0, at)), encoding, bad).length;
    const cell = line.slice(0, at).split(",").length;
    return `${i + 1} ${offset} ${at === -1 ? line.split(",").join("|") : `encoding-error ${cell}`}`;
  });
}

test.each(encodings)(
  "rows in %s stand at their bytes, and bad bytes are found in their cells",
  async (encoding, letters, bad) => {
    const unit = fc.constantFrom(...letters, ...(bad ? ["!"] : []));
    const line = fc.array(unit, { minLength: 1, maxLength: 6 }).map((all) => all.join(""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const bytes = encode(`${lines.join("\n")}\n`, encoding, bad ?? []);
          expect(await found(bytes, encoding, size)).toEqual(expected(lines, encoding, bad ?? []));
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  },
);

test.each(encodings.filter(([, , bad]) => bad !== null))(
  "long lines in %s are cut between characters, and lines that end in carriage returns are lines",
  async (encoding, letters, bad) => {
    const long = letters.replace(",", "").repeat(40);
    const text = `${long},x\r${long}!,y\r${long.repeat(3)},z\r`;
    const bytes = encode(text, encoding, bad ?? []);
    const parts: Buffer[] = [];
    for await (const part of asUtf8(chunked(bytes, 7), encoding, 20)) parts.push(part);
    const mark = "\ufffd".repeat(encoding.startsWith("utf-") ? (bad?.length ?? 0) : 1);
    expect(Buffer.concat(parts).toString()).toBe(text.replace("!", mark));
  },
);

test("a byte order mark belongs to no cell, and bytes are counted after it", async () => {
  const bytes = Buffer.from("\ufeffa,b\n1,é\n", "utf16le");
  expect(await found(bytes, "utf-16le", 3)).toEqual(["1 2 a|b", "2 10 1|é"]);
});

test("an odd byte at the end of UTF-16 is an error of the last row", async () => {
  const bytes = Buffer.concat([Buffer.from("a,b\n1,é", "utf16le"), Buffer.from([65])]);
  expect(await found(bytes, "utf-16le", 100)).toEqual(["1 0 a|b", "2 14 encoding-error 2"]);
});

test.each([
  ["latin1", "windows-1252"],
  ["latin_1", "windows-1252"],
  ["cp1252", "windows-1252"],
  ["UTF8", "utf-8"],
  ["ascii", "utf-8"],
  ["utf-8-sig", "utf-8"],
  ["utf_16_le", "utf-16le"],
  ["sjis", "shift_jis"],
  ["shift_jis", "shift_jis"],
  ["gbk", "gbk"],
  ["cp949", "euc-kr"],
  ["IBM850", "cp850"],
  ["cp437", "cp437"],
  ["mac_roman", "macintosh"],
  ["utf-32", "utf-32le"],
  ["no such", undefined],
  ["base64", undefined],
])("%s is called %s", (label, name) => {
  expect(encodingName(label)).toBe(name);
});
