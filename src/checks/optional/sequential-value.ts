import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { defineCheck } from "../definition.ts";
import { name, row, textOf } from "../sql.ts";
import { isNumber } from "../values.ts";

/** A field that counts its rows: each value is one more than the one before. Only the first miss is told. */
export const sequentialValue = defineCheck({
  name: "sequential-value",
  level: "cell",
  config: z.strictObject({ fieldName: z.string().describe("a field of whole numbers") }),
  example: { fieldName: "id" },
  find: async ({ fieldName }, table) => {
    if (!isNumber(table.field(fieldName)))
      throw new AirCanError(
        "field-error",
        `The field "${fieldName}" has no numbers, which cannot follow one another.`,
      );
    const value = `TRY_CAST(${name(fieldName)} AS HUGEINT)`;
    const before = `SELECT ${row}, ${textOf(fieldName)} AS value, ${value} AS number, lag(${value}) OVER (ORDER BY ${row}) AS before, row_number() OVER (ORDER BY ${row}) AS place FROM ${await table.sqlName()}`;
    const misses = `SELECT ${row} AS "row", value, before FROM (${before}) WHERE number IS NULL OR (place > 1 AND number IS DISTINCT FROM before + 1) ORDER BY 1 LIMIT 1`;
    await table.reportRows(misses, ({ value, before }) => ({
      message:
        value === null
          ? `The field "${fieldName}" is not a whole number here, so that it does not count on.`
          : `"${value}" in the field "${fieldName}" does not follow on ${before ?? "an empty cell"}.`,
      note: "the value is not sequential",
      field: fieldName,
    }));
  },
});
