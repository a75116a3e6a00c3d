import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { isValue, values } from "../values.ts";

/** Values that must stand somewhere in a field. */
export const requiredValue = defineCheck({
  name: "required-value",
  level: "table",
  config: z.strictObject({
    fieldName: z.string().describe("the field"),
    values: values.describe("values each of which must be there"),
  }),
  example: { fieldName: "region", values: ["north", "south"] },
  find: async ({ fieldName, values }, table) => {
    const field = table.field(fieldName);
    const asked = values.map((value, i) => `count(*) FILTER (${isValue(field, value)}) AS v${i}`);
    const [answer] = await table.ask(`SELECT ${asked.join(", ")} FROM ${await table.sqlName()}`);
    for (const [i, value] of values.entries())
      if (answer?.[`v${i}`] === 0)
        table.report(`The field "${fieldName}" nowhere has the value "${value}".`, {
          note: `the value "${value}" is required to be present in field "${fieldName}"`,
          fieldName,
          expected: String(value),
        });
  },
});
