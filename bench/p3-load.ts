import { silentLog } from "../src/base/log.ts";
import { openDatabase } from "../src/sql/embedded.ts";
import { dataFolder, generate } from "./generate.ts";
import { compare, type Figure, measure, seconds, times } from "./measure.ts";

/** P3: `aircan load` into PostgreSQL, typed and checked, against COPY from a client into a bare table. */
export async function p3(rows: number, rounds: number): Promise<Figure> {
  const source = await generate(rows);
  const database = await openDatabase({ dataFolder: `${dataFolder}database`, log: silentLog });
  try {
    const { ours, theirs } = await compare(
      rounds,
      () => measure(["bin/aircan.js", "load", source, "--to", database.url, "--name", "ours", "--json"]),
      () => measure(["bench/yardsticks/copy.ts", source, database.url]),
    );
    const ratio = ours.seconds / theirs.seconds;
    return {
      id: "P3",
      title: "`aircan load` → PostgreSQL, typed and checked",
      measured: seconds(ours.seconds),
      yardstick: `COPY into a bare table: ${seconds(theirs.seconds)}`,
      ratio: times(ratio),
      reach: "≤ 1.5 ×",
      reached: ratio <= 1.5,
      peak: ours.peak,
    };
  } finally {
    await database.close();
  }
}
