import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { outputPlace } from "./output-place.ts";

test.each([
  ["a new file", "new.csv", "new.csv", false],
  ["a file that is there", "old.csv", "old.csv", false],
  ["a link, which stays one", "link.csv", "old.csv", false],
])("%s is replaced as a whole", async (_, name, path, isStream) => {
  const folder = await mkdtemp(join(tmpdir(), "aircan-place-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "old.csv"), "");
  await symlink("old.csv", join(folder, "link.csv"));
  expect(await outputPlace(join(folder, name))).toEqual({ path: join(folder, path), isStream });
});

test.runIf(process.platform !== "win32").each(["/dev/null", "/dev/stdout"])(
  "the device %s is written to",
  async (path) => {
    expect(await outputPlace(path)).toEqual({ path, isStream: true });
  },
);
