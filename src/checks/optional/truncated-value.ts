import { z } from "zod";
import type { Field } from "../../descriptor/types.ts";
import { type CheckedTable, defineCheck } from "../definition.ts";
import { name, row, textOf } from "../sql.ts";

/** A text column of a database often ends here. */
const cutLength = 255;
/** The largest numbers of integer types, and of spreadsheets' rows. */
const cutNumbers = [
  "18446744073709551616",
  "18446744073709551615",
  "9223372036854775807",
  "4294967295",
  "2147483647",
  "2097152",
  "65535",
  "32767",
];

/** Texts of exactly 255 characters, and numbers that are the largest of a machine's type. */
export const truncatedValue = defineCheck({
  name: "truncated-value",
  level: "cell",
  config: z.strictObject({}),
  example: {},
  find: async (_, table) => {
    for (const field of table.fields) await findIn(field, table);
  },
});

async function findIn({ name: fieldName, type }: Field, table: CheckedTable): Promise<void> {
  if (type !== "string" && type !== "integer") return;
  const isCut =
    type === "string"
      ? `length(${name(fieldName)}) = ${cutLength}`
      : `${textOf(fieldName)} IN (${cutNumbers.map((number) => `'${number}'`).join(", ")})`;
  const why =
    type === "string" ? `has exactly ${cutLength} characters` : "is the largest of a machine's numbers";
  await table.reportRows(
    `SELECT ${row} AS "row", left(${textOf(fieldName)}, 50) AS value FROM ${await table.sqlName()} WHERE ${isCut}`,
    ({ value }) => ({
      message: `"${value}" in the field "${fieldName}" ${why}, so that it may be cut off.`,
      note: "value is probably truncated",
      field: fieldName,
    }),
  );
}
