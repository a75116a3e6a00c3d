import { generate } from "./generate.ts";
import { type Figure, median, megabytes, seconds, times } from "./measure.ts";
import { runToParquet } from "./p1-parquet.ts";

/** P6: the same work on ten times the rows: time, and memory that does not grow with the file. */
export async function p6(rows: number, rounds: number): Promise<Figure> {
  const [one, ten] = [await generate(rows), await generate(rows * 10)];
  const small = median(await repeat(one, rounds));
  const large = median(await repeat(ten, Math.max(1, rounds - 2)));
  const ratio = large.seconds / small.seconds;
  const growth = large.peak / small.peak - 1;
  return {
    id: "P6",
    title: "the same file 10 × longer",
    measured: `${seconds(large.seconds)}, ${megabytes(large.peak)}`,
    yardstick: `itself: ${seconds(small.seconds)}, ${megabytes(small.peak)}`,
    ratio: `${times(ratio)}, memory ${growth < 0 ? "−" : "+"}${Math.abs(Math.round(growth * 100))} %`,
    reach: "≤ 10.5 ×, ≤ +20 %, under 1 GB",
    reached: ratio <= 10.5 && growth <= 0.2 && large.peak < 1e9,
    peak: large.peak,
  };
}

async function repeat(source: string, rounds: number) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await runToParquet(source));
  return runs;
}
