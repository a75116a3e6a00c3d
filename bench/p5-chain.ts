import { mkdtempSync, rmSync } from "node:fs";
import { silentLog } from "../src/base/log.ts";
import { openDatabase } from "../src/sql/embedded.ts";
import { chainLength } from "./chain/length.ts";
import { dataFolder } from "./generate.ts";
import { compare, type Figure, type Measurement, measure, seconds, times } from "./measure.ts";

/** What the script measured itself, without the start of its process. */
async function measureInside(args: readonly string[]): Promise<Measurement> {
  const found = await measure(args);
  return { ...found, seconds: Number(found.stdout) };
}

/** P5: a DAG of 40 trivial tasks in a chain, against DBOS alone doing 40 queued child workflows. */
export async function p5(rounds: number): Promise<Figure> {
  const database = await openDatabase({ dataFolder: `${dataFolder}database`, log: silentLog });
  const folder = mkdtempSync(`${dataFolder}chain-`);
  try {
    const { ours, theirs } = await compare(
      rounds,
      () => measureInside(["bench/chain/factory.ts", database.url, folder]),
      () => measureInside(["bench/yardsticks/dbos-chain.ts", database.url]),
    );
    const ratio = ours.seconds / theirs.seconds;
    return {
      id: "P5",
      title: `DAG of ${chainLength} trivial tasks in a chain`,
      measured: seconds(ours.seconds),
      yardstick: `DBOS alone, ${chainLength} queued child workflows: ${seconds(theirs.seconds)}`,
      ratio: times(ratio),
      reach: "≤ 1.3 ×, < 0.7 s",
      reached: ratio <= 1.3 && ours.seconds < 0.7,
      peak: ours.peak,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await database.close();
  }
}
