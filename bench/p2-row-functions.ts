import { dataFolder, generate } from "./generate.ts";
import { compare, type Figure, measure, seconds } from "./measure.ts";

/** P2: CSV → 2 row functions → CSV against the script that one writes by hand. */
export async function p2(rows: number, rounds: number): Promise<Figure> {
  const source = await generate(rows);
  const env = { BENCH_SOURCE: source, BENCH_TARGET: `${dataFolder}two-functions` };
  const { ours, theirs } = await compare(
    rounds,
    () => measure(["bin/aircan.js", "run", "bench/flows/two-functions.ts", "--json"], { env }),
    () => measure(["bench/yardsticks/csv-parse.ts", source, `${dataFolder}yardstick.csv`]),
  );
  const ratio = theirs.seconds / ours.seconds;
  return {
    id: "P2",
    title: "CSV → 2 row functions → CSV",
    measured: seconds(ours.seconds),
    yardstick: `csv-parse script: ${seconds(theirs.seconds)}`,
    ratio: `${ratio.toFixed(1)} × faster`,
    reach: "≥ 6 × faster",
    reached: ratio >= 6,
    peak: ours.peak,
  };
}
