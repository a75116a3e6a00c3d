import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const host = hostname().replace(/[^A-Za-z0-9]/g, "");

test("folders of processes that are gone are removed, those of others stay", async () => {
  const parent = await mkdtemp(join(tmpdir(), "aircan-test-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const names = {
    left: `aircan-run-${host}-${gone}-abcdef`,
    alive: `aircan-run-${host}-${process.pid}-abcdef`,
    elsewhere: `aircan-run-other-${gone}-abcdef`,
    kind: `aircan-flow-${host}-${gone}-abcdef`,
  };
  for (const name of Object.values(names)) await mkdir(join(parent, name, "spilled"), { recursive: true });
  const made = await makeTemporaryFolder(parent, "aircan-run");
  const { left: _, ...stay } = names;
  expect((await readdir(parent)).map((name) => join(parent, name)).sort()).toEqual(
    [...Object.values(stay).map((name) => join(parent, name)), made].sort(),
  );
});
