import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { flow, load } from "aircan";
import { describe, expect, test } from "vitest";
import { zipOf } from "../../src/reading/formats/grid-testing.ts";
import { temporaryFolder } from "../library/temporary-folder.ts";

const csv = "a,b\n1,Å\n2,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
/** The same as `bzip2` and `xz` write it. */
const bz2 = Buffer.from(
  "QlpoOTFBWSZTWWYwtckAAATZxAAQQAQwADAAAEACAAgAIAAiGgPUEAMMJANct1y8XckU4UJBmMLXJA==",
  "base64",
);
const xz = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAvABRdADCLCECmdNP19WADSZeaQTMuJuAAADHuRqTnZi5kAAEwMHSzGdkftvN9AQAAAAAEWVo=",
  "base64",
);
const rows = [
  { a: 1, b: "Å" },
  { a: 2, b: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
];

/** A tar archive as POSIX describes it; long names in a pax header. */
function tarOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const entry = (name: string, content: Buffer, kind: string): Buffer[] => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100));
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(kind, 156);
    header.write("ustar\x0000", 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  };
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const record = (length: number): string =>
      String(length).length + ` path=${name}\n`.length === length
        ? `${length} path=${name}\n`
        : record(length + 1);
    const long = name.length > 100 ? entry("pax", Buffer.from(record(1)), "x") : [];
    return [...long, ...entry(name, Buffer.from(content), "0")];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

async function read(fileName: string, content: Uint8Array, config: Readonly<Record<string, unknown>> = {}) {
  const path = join(await temporaryFolder(), fileName);
  await writeFile(path, content);
  const { package: found, rows } = await flow(load(path, config)).results();
  return { resources: found.resources, rows: Object.values(rows)[0], all: rows, path };
}

/** What a program may write into a file of Zstandard for itself (RFC 8878, 3.1.2). */
const skippedFrame = Buffer.from("502a4d180400000001020304", "hex");

const longName = `${"folder/".repeat(20)}data.csv`;

describe("a table inside of", () => {
  test.each<[string, Uint8Array]>([
    ["data.csv.gz", gzipSync(csv)],
    ["data.csv.zst", zstdCompressSync(csv)],
    ["data.csv.bz2", bz2],
    ["data.csv.xz", xz],
    ["data.zip", zipOf({ "data.csv": csv })],
    ["data.tar", tarOf({ "./data.csv": csv })],
    ["data.tgz", gzipSync(tarOf({ "data.csv": csv }))],
    ["data.tar.bz2.zip", zipOf({ "data.csv.bz2": bz2 })],
    ["long.tar", tarOf({ [longName]: csv })],
    ["named-otherwise.csv", zipOf({ "data.csv": csv })],
    ["twice.gz", gzipSync(gzipSync(csv))],
    ["json.zip", zipOf({ "data.json": JSON.stringify(rows) })],
    ["by-bzip2.zip", zipOf({ "data.csv": { packed: bz2, data: csv, method: 12 } })],
    ["by-zstd.zip", zipOf({ "data.csv": { packed: zstdCompressSync(csv), data: csv, method: 93 } })],
    ["by-xz.zip", zipOf({ "data.csv": { packed: xz, data: csv, method: 95 } })],
    ["padded.csv.gz", Buffer.concat([gzipSync(csv), Buffer.alloc(512)])],
    ["two-members.csv.gz", Buffer.concat([gzipSync(csv.slice(0, 10)), gzipSync(csv.slice(10))])],
    ["with-a-skipped-frame.csv.zst", Buffer.concat([skippedFrame, zstdCompressSync(csv)])],
    ["in.zip", zipOf({ "inner.zip": zipOf({ "data.csv.gz": gzipSync(csv) }) })],
    ["two-streams.csv.bz2", Buffer.concat([bz2, Buffer.alloc(0)])],
  ])("%s", async (fileName, content) => {
    expect((await read(fileName, content)).rows).toEqual(rows);
  });

  test("a compressed database", async () => {
    const parquet = await read("data.csv", Buffer.from(csv));
    const target = join(dirname(parquet.path), "data.parquet");
    const { dumpToPath } = await import("aircan");
    await flow(load(parquet.path), dumpToPath(target, { format: "parquet" })).run();
    const [file] = (await readdir(target, { recursive: true })).filter((name) => name.endsWith(".parquet"));
    const { readFile } = await import("node:fs/promises");
    const packed = gzipSync(await readFile(join(target, String(file))));
    expect((await read("data.parquet.gz", packed)).rows).toEqual(rows);
  });
});

describe("members of an archive", () => {
  const archive = zipOf({
    "README.txt": `${"long ".repeat(100)}\n`,
    "__MACOSX/._b.csv": "x".repeat(1000),
    "a.csv": "a\n1\n",
    "sub/b.csv": "a\n1\n2\n3\n",
    "sub/c.txt": "a\n9\n",
  });
  const folder = tarOf({ "a.csv": "a\n1\n", "sub/b.csv": "a\n1\n2\n3\n" });

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["the largest table unless told", {}, { b: [{ a: 1 }, { a: 2 }, { a: 3 }] }],
    ["by its path", { member: "sub/c.txt" }, { c: [{ a: 9 }] }],
    ["by its name", { member: "b.csv" }, { b: [{ a: 1 }, { a: 2 }, { a: 3 }] }],
    ["several by a pattern", { member: "*.csv" }, { a: [{ a: 1 }], b: [{ a: 1 }, { a: 2 }, { a: 3 }] }],
    ["by a pattern with folders", { member: "sub/*" }, { b: [{ a: 1 }, { a: 2 }, { a: 3 }], c: [{ a: 9 }] }],
  ])("%s", async (_, config, expected) => {
    expect((await read("data.zip", archive, config)).all).toEqual(expected);
  });

  test("of a tar archive too", async () => {
    expect((await read("data.tar", folder, { member: "a.csv" })).all).toEqual({ a: [{ a: 1 }] });
  });

  test("are named in the descriptor, and the choice is said", async () => {
    const { resources, path } = await read("data.zip", archive);
    expect(resources[0]).toMatchObject({ path, innerpath: "sub/b.csv" });
    expect(resources[0]?.aircan?.guesses?.[0]).toMatchObject({
      property: "innerpath",
      reason: "the largest table of the archive; others are a.csv, sub/c.txt",
    });
    expect(resources[0]?.aircan?.notes).toEqual([
      {
        about: "member",
        text: 'read is "sub/b.csv", the largest table of the archive; it also has a.csv, sub/c.txt; name one with --member, or several by a pattern such as --member "*.csv"',
      },
    ]);
  });
});

describe("a data package in a zip archive", () => {
  const files = {
    "repo/datapackage.json": JSON.stringify({
      name: "p",
      resources: [{ name: "x", path: "data/x.csv", schema: { fields: [{ name: "a", type: "string" }] } }],
    }),
    "repo/data/x.csv": "a\n1\n",
  };
  test("is read as the package it is", async () => {
    expect((await read("p.zip", zipOf(files))).all).toEqual({ x: [{ a: "1" }] });
  });

  test("names no file outside of it", async () => {
    const escaping = { "datapackage.json": '{"name":"p","resources":[{"name":"x","path":"../../x.csv"}]}' };
    await expect(read("p.zip", zipOf(escaping))).rejects.toMatchObject({
      code: "resource-error",
      message: expect.stringMatching(/p\.zip\/datapackage\.json, line 1, .*"\.\.\/\.\.\/x\.csv"/),
    });
  });
});

test("a compressed file is described as it came", async () => {
  for (const [name, content] of [
    ["gz", gzipSync(csv)],
    ["bz2", bz2],
  ] as const)
    expect((await read(`data.csv.${name}`, content)).resources[0]).toMatchObject({
      compression: name,
      bytes: content.length,
      format: "csv",
    });
});

describe("a large compressed file that lacks its end loses no row in silence", () => {
  const large = `a,b\n${Array.from({ length: 200_000 }, (_, i) => `${i},${i * 7919}\n`).join("")}`;
  const bytes = gzipSync(large);
  test.each<[string, Uint8Array]>([
    ["zst", zstdCompressSync(large).subarray(0, -4)],
    ["gz", bytes.subarray(0, -8)],
    ["gz", Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(8, 1)])],
  ])("%s", async (name, content) => {
    await expect(read(`data.csv.${name}`, content)).rejects.toMatchObject({
      code: "compression-error",
      message: expect.stringMatching(/data\.csv\.(gz|zst) cannot be decompressed/),
    });
  });
});

describe("what is refused", () => {
  const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 20);
  const piece = gzipSync(Buffer.alloc(1 << 23, "1,1\n"));
  const bomb = Buffer.concat(Array.from({ length: 160 }, () => piece));
  test.each<[string, string, Uint8Array, string, RegExp]>([
    [
      "a gzip file that is cut off",
      "a.csv.gz",
      cut(gzipSync(csv.repeat(1000))),
      "compression-error",
      /a\.csv\.gz cannot be decompressed/,
    ],
    ["a bzip2 file that is cut off", "a.csv.bz2", cut(bz2), "compression-error", /it ends in the middle/],
    [
      "a bzip2 file that is damaged",
      "a.csv.bz2",
      Buffer.from(bz2).fill(7, 30, 34),
      "compression-error",
      /a\.csv\.bz2 cannot be decompressed/,
    ],
    [
      "an xz file that is cut off",
      "a.csv.xz",
      cut(xz),
      "compression-error",
      /a\.csv\.xz cannot be decompressed: it ends in the middle/,
    ],
    [
      "a zip archive that is cut off",
      "a.zip",
      cut(zipOf({ "a.csv": csv })),
      "compression-error",
      /a\.zip is damaged: it ends in the middle\./,
    ],
    [
      "a member that is packed as none of these",
      "a.zip",
      zipOf({ "a.csv": { packed: bz2, data: csv, method: 14 } }),
      "compression-error",
      /a\.csv in .*a\.zip is packed as LZMA, which cannot be unpacked/,
    ],
    [
      "a tar archive that is cut off",
      "a.tar",
      tarOf({ "a.csv": csv.repeat(50) }).subarray(0, 1000),
      "compression-error",
      /a\.tar is damaged: it ends in the middle/,
    ],
    [
      "a name that leads outside",
      "a.zip",
      zipOf({ "../../evil.csv": csv }),
      "compression-error",
      /invalid relative path/,
    ],
    [
      "an archive without a table",
      "a.zip",
      zipOf({ "a.shp": "x", "b.dbf": "y" }),
      "format-error",
      /holds no table that can be read; it has a\.shp, b\.dbf/,
    ],
    ["an empty member", "a.zip", zipOf({ "a.csv": "" }), "source-error", /a\.zip\/a\.csv is empty/],
    ["a bomb", "a.csv.gz", bomb, "too-large", /more than 250 times its size/],
    [
      "a bomb in an archive",
      "a.zip",
      zipOf({ "a.csv.gz": bomb }),
      "too-large",
      /more than 250 times its size/,
    ],
  ])("%s", async (_, fileName, content, code, message) => {
    await expect(read(fileName, content)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("a member that is not there, with those that are", async () => {
    await expect(read("a.zip", zipOf({ "a.csv": csv }), { member: "b.csv" })).rejects.toMatchObject({
      code: "format-error",
      message: expect.stringMatching(/a\.zip holds no "b\.csv"; it has a\.csv\./),
    });
    expect(existsSync("evil.csv")).toBe(false);
  });
});
