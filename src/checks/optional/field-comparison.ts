import { z } from "zod";
import { call, type Expression, field as fieldOf } from "../../plan/expression.ts";
import { defineCheck } from "../definition.ts";
import { row, textOf } from "../sql.ts";

const words = {
  "<": "less than",
  "<=": "at most",
  "=": "equal to",
  "!=": "different from",
  ">=": "at least",
  ">": "more than",
} as const;

/** Two fields of which one must be less, more or the same as the other. Rows without one of them are let pass. */
export const fieldComparison = defineCheck({
  name: "field-comparison",
  level: "cell",
  config: z.strictObject({
    fieldName: z.string().describe("the field"),
    operator: z.enum(["<", "<=", "=", "!=", ">=", ">"]).describe("how it must compare"),
    otherField: z.string().describe("with which field of the same row"),
  }),
  example: { fieldName: "start", operator: "<=", otherField: "end" },
  find: async ({ fieldName, operator, otherField }, table) => {
    const [left, right] = [table.field(fieldName), table.field(otherField)].map(({ name }) =>
      fieldOf(name),
    ) as [Expression, Expression]; // two names give two fields
    const absent = call("or", call("is_null", left), call("is_null", right));
    const broken = await table.rowsAgainst(call("or", absent, call(operator, left, right)));
    await table.reportRows(
      `SELECT ${row} AS "row", ${textOf(fieldName)} AS a, ${textOf(otherField)} AS b FROM ${broken}`,
      ({ a, b }) => ({
        message: `"${a}" in the field "${fieldName}" must be ${words[operator]} "${b}" of the field "${otherField}".`,
        field: fieldName,
        expected: `${words[operator]} ${otherField}`,
      }),
    );
  },
});
