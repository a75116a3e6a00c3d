import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryFolder } from "./temporary-folder.ts";

test("what a process that is gone has left is removed, what lives or is another's stays", async () => {
  const parent = await mkdtemp(join(tmpdir(), "aircan-test-"));
  const host = hostname().replace(/[^A-Za-z0-9]/g, "");
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const mine = await makeTemporaryFolder(parent, "aircan-run");
  const others = [
    `aircan-run-elsewhere9-${gone}-abcdef`,
    `aircan-flow-${host}-${gone}-abcdef`,
    "aircan-run-x",
  ];
  for (const name of [...others, `aircan-run-${host}-${gone}-abcdef`])
    await mkdir(join(parent, name, "deep"), { recursive: true });
  const next = await makeTemporaryFolder(parent, "aircan-run");
  expect((await readdir(parent)).sort()).toEqual([...others, basename(mine), basename(next)].sort());
});
