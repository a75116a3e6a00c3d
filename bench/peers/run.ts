import { rmSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderTable } from "../../src/cli/table.ts";
import { dataFolder, generate } from "../generate.ts";
import { type Measurement, measure, measureCommand, megabytes, seconds } from "../measure.ts";
import { runToParquet } from "../p1-parquet.ts";
import { python } from "./python.ts";

/** The same work by AirCan and by its peers, one after another: `node bench/peers/run.ts [--rows N]`. */
const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const rows = Number(values.rows);

const here = fileURLToPath(new URL(".", import.meta.url));

/** A peer's script on the file, into an empty folder. */
function peer(script: string, source: string): Promise<Measurement> {
  const target = `${dataFolder}peer-${script}`;
  rmSync(target, { recursive: true, force: true });
  return measureCommand(python(), [`${here}${script}`, source, target]);
}

const source = await generate(rows);
const env = { BENCH_SOURCE: source, BENCH_TARGET: `${dataFolder}two-functions` };
const runs: readonly (readonly [string, string, () => Promise<Measurement>])[] = [
  ["typed CSV → Parquet", "AirCan", () => runToParquet(source)],
  ["", "dlt 1.31.0 (Arrow)", () => peer("dlt_parquet.py", source)],
  [
    "CSV → 2 row functions → CSV",
    "AirCan",
    () => measure(["bin/aircan.js", "run", "bench/flows/two-functions.ts", "--json"], { env }),
  ],
  ["", "dataflows 0.5.12", () => peer("dataflows_two_functions.py", source)],
  [
    "",
    "csv-parse script",
    () => measure(["bench/yardsticks/csv-parse.ts", source, `${dataFolder}yardstick.csv`]),
  ],
];

const table: string[][] = [];
for (const [work, who, run] of runs) {
  process.stderr.write(`${who} …\n`);
  const found = await run();
  const pace = `${Math.round(rows / found.seconds / 1000)} k`;
  table.push([work, who, seconds(found.seconds), pace, megabytes(found.peak)]);
}
const day = new Date().toISOString().slice(0, 10);
console.log(
  `${day}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${rows} rows\n`,
);
const columns = ["work", "who", "time", "rows/s", "peak"].map((title) => ({ title }));
console.log(renderTable(columns, table, { width: 200 }));
