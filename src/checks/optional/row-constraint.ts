import { z } from "zod";
import { parseExpression } from "../../plan/parse-expression.ts";
import { defineCheck } from "../definition.ts";
import { row } from "../sql.ts";

/** A rule between the cells of each row. A rule whose cells are empty is not kept, unless it asks for that. */
export const rowConstraint = defineCheck({
  name: "row-constraint",
  level: "row",
  config: z.strictObject({
    formula: z
      .string()
      .describe(
        "an expression that must be true for each row, such as `salary == bonus * 5`; where a cell is empty it is not, unless it asks for that: `bonus is null or bonus > 0`",
      ),
  }),
  example: { formula: "price * quantity = total" },
  find: async ({ formula }, table) => {
    const names = table.fields.map(({ name }) => name);
    const broken = await table.rowsAgainst(parseExpression(formula, names));
    await table.reportRows(`SELECT ${row} AS "row" FROM ${broken}`, () => ({
      message: `The row breaks the rule "${formula}".`,
      note: `the row constraint to conform is "${formula}"`,
      expected: formula,
    }));
  },
});
