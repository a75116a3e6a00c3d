import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitFiles, finishCommit } from "./commit-files.ts";

const journal = ".aircan-commit.json";

/** A target with old files, and new ones staged beside them. */
async function staged(): Promise<{ target: string; staging: string }> {
  const target = await mkdtemp(join(tmpdir(), "aircan-test-"));
  const staging = join(target, ".aircan-abc");
  await mkdir(join(staging, "deep"), { recursive: true });
  for (const file of ["a.csv", "deep/b.csv"]) await writeFile(join(staging, file), "new");
  await writeFile(join(target, "a.csv"), "old");
  return { target, staging };
}

const content = (target: string, file: string) => readFile(join(target, file), "utf8");

test("staged files take the places of the old ones, and nothing else is left", async () => {
  const { target, staging } = await staged();
  await commitFiles(staging, target, ["deep/b.csv", "a.csv"]);
  expect([await content(target, "a.csv"), await content(target, "deep/b.csv")]).toEqual(["new", "new"]);
  expect((await readdir(target)).sort()).toEqual(["a.csv", "deep"]);
});

test("a commit that was cut off between two files is finished", async () => {
  const { target } = await staged();
  const files = ["gone-already.csv", "deep/b.csv", "a.csv"];
  await writeFile(join(target, journal), JSON.stringify({ staging: ".aircan-abc", files }));
  await finishCommit(target);
  expect([await content(target, "a.csv"), await content(target, "deep/b.csv")]).toEqual(["new", "new"]);
  expect((await readdir(target)).sort()).toEqual(["a.csv", "deep"]);
});

test.each([
  [{ staging: "../elsewhere", files: ["a.csv"] }],
  [{ staging: ".aircan-abc", files: ["../a.csv"] }],
  [{ staging: ".aircan-abc", files: ["/tmp/a.csv"] }],
])("a journal that leads out of its folder moves nothing: %j", async (found) => {
  const { target } = await staged();
  await writeFile(join(target, journal), JSON.stringify(found));
  await finishCommit(target);
  expect(await content(target, "a.csv")).toBe("old");
});
