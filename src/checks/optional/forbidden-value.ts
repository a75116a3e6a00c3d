import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { row, textOf } from "../sql.ts";
import { isOneOfValues, values } from "../values.ts";

/** Values that a field may not have. */
export const forbiddenValue = defineCheck({
  name: "forbidden-value",
  level: "cell",
  config: z.strictObject({
    fieldName: z.string().describe("the field"),
    values: values.describe("values that it may not have"),
  }),
  example: { fieldName: "town", values: ["unknown", "n/a"] },
  find: async ({ fieldName, values }, table) => {
    const field = table.field(fieldName);
    const where = isOneOfValues(field, values);
    await table.reportRows(
      `SELECT ${row} AS "row", ${textOf(fieldName)} AS value FROM ${await table.sqlName()} WHERE ${where}`,
      ({ value }) => ({
        message: `"${value}" in the field "${fieldName}" is forbidden.`,
        note: `forbidden values are "${JSON.stringify(values)}"`,
        field: fieldName,
      }),
    );
  },
});
