import { writeFileSync } from "node:fs";
import { dataFolder, generate } from "./generate.ts";
import { compare, type Figure, type Measurement, measure, seconds, times } from "./measure.ts";

/** `aircan run` of load → dump_to_path as Parquet, as a whole process. */
export async function runToParquet(source: string): Promise<Measurement> {
  const file = `${dataFolder}to-parquet.json`;
  const target = `${dataFolder}parquet`;
  writeFileSync(
    file,
    JSON.stringify({
      flow: [{ load: { from: source } }, { dump_to_path: { path: target, format: "parquet" } }],
    }),
  );
  return measure(["bin/aircan.js", "run", file, "--json"]);
}

/** P1: typed CSV → Parquet against DuckDB alone with the types given. */
export async function p1(rows: number, rounds: number): Promise<Figure> {
  const source = await generate(rows);
  const { ours, theirs } = await compare(
    rounds,
    () => runToParquet(source),
    () => measure(["bench/yardsticks/duckdb-parquet.ts", source, `${dataFolder}yardstick.parquet`]),
  );
  const ratio = ours.seconds / theirs.seconds;
  return {
    id: "P1",
    title: "typed CSV → Parquet, whole process",
    measured: seconds(ours.seconds),
    yardstick: `DuckDB alone, types given: ${seconds(theirs.seconds)}`,
    ratio: times(ratio),
    reach: "≤ 1.3 ×",
    reached: ratio <= 1.3,
    peak: ours.peak,
  };
}
