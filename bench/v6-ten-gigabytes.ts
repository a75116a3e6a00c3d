import { fullSchema } from "./full-schema.ts";
import { generate } from "./generate.ts";
import { type Figure, measure, megabytes, seconds } from "./measure.ts";

/** Memory that validation may take, whatever the size of the file. */
const most = 600e6;

/** V6: memory of a validation with a primary key, on a file 47 times as large (10 GB for 1,000,000 rows). */
export async function v6(rows: number): Promise<Figure> {
  const source = await generate(rows * 47);
  const schema = fullSchema();
  const run = await measure(["bin/aircan.js", "validate", source, "--schema", schema, "--trusted", "--json"]);
  return {
    id: "V6",
    title: `validate ${rows * 47} rows with a primary key: memory`,
    measured: `${seconds(run.seconds)}, peak ${megabytes(run.peak)}`,
    yardstick: "–",
    ratio: "–",
    reach: "under 600 MB",
    reached: run.peak < most,
    peak: run.peak,
  };
}
