import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as tick } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTurn } from "./folder-turns.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-turns-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("work on one folder is done one after the other, also after some of it failed", async () => {
  const path = join(folder, "lock");
  const state = { working: 0, most: 0 };
  const work = async (number: number) => {
    state.most = Math.max(state.most, ++state.working);
    await tick();
    state.working--;
    if (number % 2) throw new Error("no luck");
    return number;
  };
  const done = await Promise.allSettled([0, 1, 2, 3].map((number) => inTurn(path, () => work(number))));
  expect(done.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
  expect(state).toEqual({ working: 0, most: 1 });
});

test.each([
  ["of a process that is gone", "4194305 x", 0],
  ["of an earlier process of the same number", `${process.pid} x`, 0],
  ["of a number that is another's by now", "1 x", 600_000],
])("a lock %s is passed over", async (_, text, age) => {
  const path = join(folder, "left");
  await writeFile(path, text);
  const time = new Date(Date.now() - age);
  await utimes(path, time, time);
  expect(await inTurn(path, async () => "done")).toBe("done");
});
