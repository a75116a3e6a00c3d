import { z } from "zod";
import { defineCheck } from "../definition.ts";

const count = z.int().nonnegative().optional();

const bounds = [
  ["numRows", "rows", "=", "exactly"],
  ["minRows", "rows", ">=", "at least"],
  ["maxRows", "rows", "<=", "at most"],
  ["numFields", "fields", "=", "exactly"],
  ["minFields", "fields", ">=", "at least"],
  ["maxFields", "fields", "<=", "at most"],
] as const;

/** How many rows and fields a table may have; each bound is tested alone. */
export const tableDimensions = defineCheck({
  name: "table-dimensions",
  level: "table",
  config: z.strictObject({
    numRows: count.describe("rows there must be"),
    minRows: count.describe("fewest rows"),
    maxRows: count.describe("most rows"),
    numFields: count.describe("fields there must be"),
    minFields: count.describe("fewest fields"),
    maxFields: count.describe("most fields"),
  }),
  example: { minRows: 1, numFields: 15 },
  find: async (config, table) => {
    const found = { rows: table.rows, fields: table.fields.length };
    for (const [name, of, operator, words] of bounds) {
      const told = config[name];
      const is = found[of];
      if (
        told === undefined ||
        (operator === "=" ? is === told : operator === ">=" ? is >= told : is <= told)
      )
        continue;
      table.report(`The table has ${is} ${of}, where it must have ${words} ${told}.`, {
        note: `${name} is ${told}`,
        expected: String(told),
      });
    }
  },
});
