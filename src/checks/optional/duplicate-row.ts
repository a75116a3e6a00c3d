import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { repeatedRows } from "../repeated-rows.ts";

/** Rows whose values are all the same as those of an earlier row. */
export const duplicateRow = defineCheck({
  name: "duplicate-row",
  level: "row",
  config: z.strictObject({
    ignoreFields: z
      .array(z.string())
      .default([])
      .describe("fields that may differ, such as a running number"),
  }),
  example: { ignoreFields: ["id"] },
  find: async ({ ignoreFields }, table) => {
    for (const name of ignoreFields) table.field(name);
    const fields = table.fields.map(({ name }) => name).filter((name) => !ignoreFields.includes(name));
    const sql = await repeatedRows({ table: await table.sqlName(), fields, nulls: "equal", ask: table.ask });
    if (sql === null) return;
    await table.reportRows(sql, ({ before }) => ({
      message: `The row is the same as row ${before}.`,
      note: `the same as row at position "${before}"`,
    }));
  },
});
