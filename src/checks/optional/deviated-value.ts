import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { defineCheck } from "../definition.ts";
import { name, row, textOf } from "../sql.ts";
import { isNumber } from "../values.ts";

const averages = { mean: "avg", median: "median", mode: "mode" } as const;

/** Numbers further from the average of their field than some standard deviations (of the sample). */
export const deviatedValue = defineCheck({
  name: "deviated-value",
  level: "cell",
  config: z.strictObject({
    fieldName: z.string().describe("a field of numbers"),
    interval: z.number().positive().default(3).describe("standard deviations that a number may be away"),
    average: z.enum(["mean", "median", "mode"]).default("mean").describe("from which average"),
  }),
  example: { fieldName: "price", interval: 5, average: "median" },
  find: async ({ fieldName, interval, average }, table) => {
    if (!isNumber(table.field(fieldName)))
      throw new AirCanError("field-error", `The field "${fieldName}" has no numbers that could deviate.`);
    const t = await table.sqlName();
    const value = `TRY_CAST(${name(fieldName)} AS DOUBLE)`;
    const finite = `${value} IS NOT NULL AND isfinite(${value})`;
    const [facts] = await table.ask(
      `SELECT ${averages[average]}(${value}) AS average, stddev_samp(${value}) AS deviation FROM ${t} WHERE ${finite}`,
    );
    if (typeof facts?.average !== "number" || typeof facts.deviation !== "number") return;
    const least = facts.average - interval * facts.deviation;
    const most = facts.average + interval * facts.deviation;
    const range = `${shown(least)} to ${shown(most)}`;
    await table.reportRows(
      `SELECT ${row} AS "row", ${textOf(fieldName)} AS value FROM ${t} WHERE ${finite} AND NOT (${value} BETWEEN ${least} AND ${most})`,
      ({ value }) => ({
        message: `"${value}" in the field "${fieldName}" is far from the others, which lie from ${range}.`,
        note: `value "${value}" deviates from the ${average} by more than ${interval} standard deviations`,
        field: fieldName,
        expected: range,
      }),
    );
  },
});

const shown = (number: number) => String(Number(number.toPrecision(6)));
