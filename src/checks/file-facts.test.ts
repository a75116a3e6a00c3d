import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import type { Report } from "./report.ts";
import { validateSources } from "./validate-sources.ts";

const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-facts-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validate(resource: Readonly<Record<string, unknown>>): Promise<Report> {
  const context = contextIn(folder);
  await writeFile(join(folder, "one.resource.json"), JSON.stringify({ name: "one", ...resource }));
  return validateSources(["one.resource.json"], { engine, context });
}

const hashed = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const typesOf = ({ tasks }: Report) => tasks.flatMap(({ errors }) => errors.map(({ type }) => type));
const csv = Buffer.from("a,b\n1,x\n");

test.each<[name: string, facts: object, expected: string[], warnings: string[]]>([
  ["fields", { fields: 3 }, ["field-count"], []],
  ["rows", { rows: 3 }, ["row-count"], []],
  ["bytes", { bytes: 3 }, ["byte-count"], []],
  ["a hash without its algorithm, which is md5", { hash: hashed("md5", csv) }, [], []],
  ["another md5", { hash: hashed("md5", Buffer.from("")) }, ["hash-count"], []],
  ["a sha1", { hash: `sha1:${"0".repeat(40)}` }, ["hash-count"], []],
  ["a sha512", { hash: `sha512:${"0".repeat(128)}` }, ["hash-count"], []],
  [
    "a hash that is not known",
    { hash: "crc32:00000000" },
    [],
    ["hash-count: the hash is by crc32, which is not known; known are md5, sha1, sha256, sha512"],
  ],
])("%s of a descriptor", async (_, facts, expected, warnings) => {
  await writeFile(join(folder, "facts.csv"), csv);
  const report = await validate({ path: "facts.csv", ...facts });
  expect(typesOf(report)).toEqual(expected);
  expect(report.tasks[0]?.warnings).toEqual(warnings);
  expect(report.tasks[0]?.stats.bytes).toBe(csv.length);
});

const files: readonly [name: string, file: string, content: Buffer, resource: object][] = [
  ["in another encoding", "latin.csv", Buffer.from("a,b\n1,æ\n", "latin1"), { encoding: "iso-8859-1" }],
  ["in gzip", "packed.csv.gz", gzipSync(csv), {}],
  ["of JSON", "rows.json", Buffer.from('[{"a":1}]'), {}],
  ["of a page", "page.html", Buffer.from("<table><tr><th>a<th>b<tr><td>1<td>x</table>"), {}],
];

test.each(files)("bytes and hash are of the file as it lies there: %s", async (_, path, content, more) => {
  await writeFile(join(folder, path), content);
  const right = { bytes: content.length, hash: `sha256:${hashed("sha256", content)}` };
  expect(typesOf(await validate({ path, ...more, ...right }))).toEqual([]);
  const wrong = await validate({ path, ...more, bytes: 5, hash: hashed("md5", csv) });
  expect(wrong.tasks[0]?.errors.map(({ type, note }) => [type, note])).toEqual([
    ["byte-count", `expected is "5" and actual is "${content.length}"`],
    ["hash-count", `expected is "${hashed("md5", csv)}" and actual is "${hashed("md5", content)}"`],
  ]);
  expect(wrong.tasks[0]?.stats.bytes).toBe(content.length);
});

test("bytes and hash of several files are those of all, one after the other", async () => {
  await writeFile(join(folder, "part1.csv"), csv);
  await writeFile(join(folder, "part2.csv"), "2,y\n");
  const path = ["part1.csv", "part2.csv"];
  const all = Buffer.concat([csv, Buffer.from("2,y\n")]);
  expect(typesOf(await validate({ path, bytes: all.length, hash: hashed("md5", all) }))).toEqual([]);
  expect(typesOf(await validate({ path, bytes: 8 }))).toEqual(["byte-count"]);
  await writeFile(join(folder, "part2.csv"), "a,b\n2,y\n");
  const report = await validate({ path, bytes: 8 });
  expect(typesOf(report)).toEqual([]);
  expect(report.tasks[0]?.warnings).toContainEqual(expect.stringContaining("are not compared"));
});
