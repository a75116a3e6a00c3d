import { generate } from "./generate.ts";
import { compare, type Figure, measure, seconds, times } from "./measure.ts";

/** V3: types found over the whole file, against DuckDB's sniffer and a full scan with the types that it found. */
export async function v3(rows: number, rounds: number): Promise<Figure> {
  const source = await generate(rows);
  const { ours, theirs } = await compare(
    rounds,
    () => measure(["bin/aircan.js", "describe", source, "--json"]),
    () => measure(["bench/yardsticks/duckdb-sniff.ts", source]),
  );
  const ratio = ours.seconds / theirs.seconds;
  return {
    id: "V3",
    title: "describe, types over the whole file, whole process",
    measured: seconds(ours.seconds),
    yardstick: `DuckDB alone, sniff_csv and a typed scan: ${seconds(theirs.seconds)}`,
    ratio: times(ratio),
    reach: "≤ 1.5 ×",
    reached: ratio <= 1.5,
    peak: ours.peak,
  };
}
