import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { name, row, textOf } from "../sql.ts";

/** Text fields that may hold ASCII characters only. */
export const asciiValue = defineCheck({
  name: "ascii-value",
  level: "cell",
  config: z.strictObject({
    fields: z.array(z.string()).optional().describe("the fields; all of texts unless told"),
  }),
  example: { fields: ["code"] },
  find: async ({ fields }, table) => {
    const texts = table.fields
      .filter(({ type }) => type === "string" || type === "any")
      .map(({ name }) => name);
    for (const field of fields?.map((each) => table.field(each).name) ?? texts)
      await table.reportRows(
        `SELECT ${row} AS "row", regexp_extract(${textOf(field)}, '[^\\x00-\\x7F]') AS found FROM ${await table.sqlName()} WHERE regexp_matches(CAST(${name(field)} AS VARCHAR), '[^\\x00-\\x7F]')`,
        ({ found }) => ({
          message: `The field "${field}" has the character "${found}", which is not ASCII.`,
          note: "the cell contains non-ascii characters",
          field,
        }),
      );
  },
});
