import { z } from "zod";
import { defineCheck } from "../definition.ts";

const percent = z.number().nonnegative().optional();

/** How much the number of rows may change from one run to the next. Without a run before there is nothing to compare. */
export const rowCountChange = defineCheck({
  name: "row-count-change",
  level: "table",
  config: z.strictObject({
    maxIncrease: percent.describe("percent that the table may grow"),
    maxDecrease: percent.describe("percent that the table may shrink"),
  }),
  example: { maxIncrease: 50, maxDecrease: 10 },
  find: async ({ maxIncrease, maxDecrease }, table) => {
    const before = table.before?.stats.rows;
    if (before === undefined) return;
    const change =
      before === 0 ? (table.rows === 0 ? 0 : Number.POSITIVE_INFINITY) : (table.rows / before - 1) * 100;
    const grown = change > (maxIncrease ?? Number.POSITIVE_INFINITY);
    if (!grown && -change <= (maxDecrease ?? Number.POSITIVE_INFINITY)) return;
    const shown = Number.isFinite(change) ? `${Math.abs(Math.round(change * 10) / 10)} %` : "all of it";
    table.report(
      `The table has ${table.rows} rows, where it had ${before}: ${shown} ${grown ? "more" : "fewer"}, and at most ${grown ? maxIncrease : maxDecrease} % may be.`,
      { expected: `at most ${grown ? maxIncrease : maxDecrease} % ${grown ? "more" : "fewer"}` },
    );
  },
});
