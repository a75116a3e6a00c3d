import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hashFile, hashWhileWritten } from "./hash.ts";

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-hash-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "data");
}

test("a file hashed while it is written has the hash of the whole file", async () => {
  const path = await newPath();
  const chunk = Buffer.alloc(3_000_000, "0123456789");
  const { result, hash } = await hashWhileWritten(path, async () => {
    for (let i = 0; i < 5; i++) await appendFile(path, chunk);
    return "written";
  });
  expect(result).toBe("written");
  expect(hash).toBe(await hashFile(path));
});

test("an empty file has the hash of nothing", async () => {
  const path = await newPath();
  const { hash } = await hashWhileWritten(path, () => writeFile(path, ""), "md5");
  expect(hash).toBe("d41d8cd98f00b204e9800998ecf8427e");
});

test("what fails to write says why", async () => {
  const write = async () => {
    throw new Error("no space");
  };
  await expect(hashWhileWritten(await newPath(), write)).rejects.toThrow("no space");
});
