import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { flow, load } from "aircan";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const script = fileURLToPath(new URL("dump-forever.ts", import.meta.url));
const seed = Number(process.env.AIRCAN_SEED ?? 20261121);
const rounds = Number(process.env.AIRCAN_KILLS ?? 6);

/** Numbers in [0, 1), the same for the same seed. */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Starts the writer, kills it some time after its first package; gives the last version that it said was done. */
async function writeUntilKilled(target: string, first: number, after: number): Promise<number> {
  const writer = spawn(process.execPath, [script, target, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  writer.stdout.setEncoding("utf8").on("data", (text: string) => said.push(text));
  await once(writer.stdout, "data");
  await pause(after);
  writer.kill("SIGKILL");
  await once(writer, "close");
  return Number(said.join("").trim().split("\n").at(-1));
}

test(`a package whose writer is killed is the old one or the new one, whole (AIRCAN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const target = await temporaryFolder();
  const random = randomOf(seed);
  let next = 1;
  for (let round = 0; round < rounds; round++) {
    const done = await writeUntilKilled(target, next, random() * 300);
    const { rows } = await flow(load(target)).results();
    const tables = Object.values(rows);
    const version = Number(tables[0]?.[0]?.version);
    expect([done, done + 1]).toContain(version);
    expect(tables).toEqual(Array.from({ length: 12 }, () => [{ version }, { version }]));
    next = version + 1;
  }
  const { package: written } = await flow(load(target)).run();
  expect(written.resources).toHaveLength(12);
  expect((await readdir(target)).filter((name) => name.startsWith(".aircan-commit"))).toEqual([]);
});
