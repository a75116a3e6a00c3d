import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { renderTable } from "../src/cli/table.ts";
import type { Figure } from "./measure.ts";
import { megabytes } from "./measure.ts";

/**
 * Every figure that is published, each against its yardstick in the same run: `npm run bench`, with `--short`
 * on a small file and one round (does it run at all?), or with the figures wanted: `npm run bench -- P1 P3`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    rows: { type: "string" },
    rounds: { type: "string" },
  },
});
const rows = Number(values.rows ?? (values.short ? 20_000 : 1_000_000));
const rounds = Number(values.rounds ?? (values.short ? 1 : 5));

const chain = new URL("p5-chain.ts", import.meta.url);
const figures: Readonly<Record<string, () => Promise<Figure | readonly Figure[]>>> = {
  P1: async () => (await import("./p1-parquet.ts")).p1(rows, rounds),
  P2: async () => (await import("./p2-row-functions.ts")).p2(rows, rounds),
  P3: async () => (await import("./p3-load.ts")).p3(rows, rounds),
  ...(existsSync(chain) ? { P5: async () => (await import(chain.href)).p5(values.short ? 1 : rounds) } : {}),
  P6: async () => (await import("./p6-ten-times.ts")).p6(rows, rounds),
  P7: async () => (await import("./p7-starts.ts")).p7(rows, rounds),
  V1: async () => (await import("./v1-validate.ts")).v1(rows, rounds),
  V2: async () => (await import("./v1-validate.ts")).v2(rows, rounds),
  V3: async () => (await import("./v3-describe.ts")).v3(rows, rounds),
  V4: async () => (await import("./v1-validate.ts")).v4(),
  V5: async () => (await import("./v5-xlsx.ts")).v5(rows, rounds),
  V6: async () => (await import("./v6-ten-gigabytes.ts")).v6(rows),
};

const found: Figure[] = [];
for (const [id, run] of Object.entries(figures)) {
  if (positionals.length > 0 && !positionals.includes(id)) continue;
  process.stderr.write(`${id} …\n`);
  found.push(...[await run()].flat());
}

const day = new Date().toISOString().slice(0, 10);
console.log(
  `${day}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${rows} rows, median of ${rounds}, Node ${process.versions.node}\n`,
);
console.log(
  renderTable(
    ["", "what", "measured", "against", "ratio", "reach", "", "peak"].map((title) => ({ title })),
    found.map((figure) => [
      figure.id,
      figure.title,
      figure.measured,
      figure.yardstick,
      figure.ratio,
      figure.reach,
      figure.reached ? "reached" : "missed",
      figure.peak === 0 ? "" : megabytes(figure.peak),
    ]),
    { width: 320 },
  ),
);
