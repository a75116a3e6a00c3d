import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { row, textOf } from "../sql.ts";

/** Shorter texts are never told of. */
const shortest = 5000;

/** Cells much longer than the others of their field, as a missing quote makes them. */
export const deviatedCell = defineCheck({
  name: "deviated-cell",
  level: "cell",
  config: z.strictObject({
    interval: z
      .number()
      .positive()
      .default(3)
      .describe("standard deviations that a length may be above the median"),
    ignoreFields: z.array(z.string()).default([]).describe("fields that are not looked at"),
  }),
  example: { interval: 5, ignoreFields: ["description"] },
  find: async ({ interval, ignoreFields }, table) => {
    for (const each of ignoreFields) table.field(each);
    const t = await table.sqlName();
    const texts = table.fields.filter(({ type, name }) => type === "string" && !ignoreFields.includes(name));
    for (const { name: field } of texts) {
      const length = `length(${textOf(field)})`;
      const limit = `(SELECT greatest(${shortest}, median(${length}) + ${interval} * coalesce(stddev_samp(${length}), 0)) FROM ${t})`;
      await table.reportRows(
        `SELECT ${row} AS "row", ${length} AS length FROM ${t} WHERE ${length} > ${limit}`,
        ({ length }) => ({
          message: `The cell of the field "${field}" has ${length} characters, many more than the others.`,
          note: `cell has length ${length}`,
          field,
        }),
      );
    }
  },
});
