import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { defineCheck } from "../definition.ts";
import { name } from "../sql.ts";

const units = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** How old data may be: by the newest date of a field, or by the last change of the file. */
export const freshness = defineCheck({
  name: "freshness",
  level: "table",
  config: z.strictObject({
    fieldName: z.string().optional().describe("a field of dates; the last change of the file unless told"),
    maxAge: z
      .string()
      .regex(/^[0-9]+[hdw]$/)
      .describe("such as `36h`, `7d` or `2w`"),
  }),
  example: { fieldName: "day", maxAge: "7d" },
  find: async ({ fieldName, maxAge }, table) => {
    const newest =
      fieldName === undefined ? table.lastModified : await newestOf(table.field(fieldName), table);
    const what =
      fieldName === undefined ? "The file was last changed" : `The newest value of "${fieldName}" is of`;
    if (newest === null) {
      if (fieldName === undefined)
        throw new AirCanError("check-error", "The source does not say when it was last changed.", {
          hint: "Name a field of dates in the check.",
        });
      table.report(`The field "${fieldName}" has no date, so that nothing is as new as ${maxAge}.`, {
        fieldName,
      });
      return;
    }
    const unit = units[maxAge.slice(-1) as keyof typeof units]; // the pattern allows no other
    if (table.now() - newest.getTime() <= Number.parseInt(maxAge, 10) * unit) return;
    table.report(
      `${what} ${newest.toISOString().replace("T00:00:00.000Z", "")}, which is older than ${maxAge}.`,
      {
        ...(fieldName === undefined ? {} : { fieldName }),
        expected: `at most ${maxAge} old`,
      },
    );
  },
});

type Find = Parameters<(typeof freshness)["find"]>[1];

async function newestOf(field: ReturnType<Find["field"]>, table: Find): Promise<Date | null> {
  if (field.type !== "date" && field.type !== "datetime")
    throw new AirCanError("field-error", `The field "${field.name}" has no dates.`);
  const [answer] = await table.ask(
    `SELECT epoch_ms(CAST(max(${name(field.name)}) AS TIMESTAMP)) AS newest FROM ${await table.sqlName()}`,
  );
  return typeof answer?.newest === "number" ? new Date(answer.newest) : null;
}
