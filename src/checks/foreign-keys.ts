import { z } from "zod";
import type { Field, Schema } from "../descriptor/types.ts";
import { name, row, textOf } from "./sql.ts";

/** The text of a value; a number is written as a whole number if it is one, and without zeros at its end. */
function comparable(field: Field): string {
  const text = textOf(field.name);
  if (field.type !== "number") return text;
  const whole = `CAST(TRY_CAST(${text} AS HUGEINT) AS VARCHAR)`;
  return `CASE WHEN contains(${text}, 'e') THEN coalesce(${whole}, ${text}) WHEN contains(${text}, '.') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}

const foreignKeySchema = z.object({
  fields: z.array(z.string()).min(1),
  reference: z.object({
    resource: z.string().default(""),
    package: z.string().optional(),
    fields: z.array(z.string()).min(1),
  }),
});

export type ForeignKey = z.infer<typeof foreignKeySchema>;

/** The foreign keys of a schema; what is none was found by its validation. */
export function foreignKeysOf({ foreignKeys }: Schema): ForeignKey[] {
  return (Array.isArray(foreignKeys) ? foreignKeys : []).flatMap((key) => {
    const { data } = foreignKeySchema.safeParse(key);
    return data && data.fields.length === data.reference.fields.length ? [data] : [];
  });
}

export interface Referring {
  /** SQL names of the table that refers, and of the one that is referred to. */
  readonly table: string;
  readonly fields: readonly Field[];
  readonly there: string;
  readonly thereFields: readonly Field[];
}

/**
 * A query that gives the number of each row, as `row`, whose values do not stand in the other table. Values are
 * compared by their texts, so that `1` of one type meets `1` of another; rows with no value at all refer to nothing.
 */
export function missingRows({ table, fields, there, thereFields }: Referring): string {
  const here = fields.map((each, i) => `${comparable(each)} AS k${i}`);
  const known = thereFields.map((each, i) => `${comparable(each)} AS k${i}`);
  const some = fields.map((each) => `${name(each.name)} IS NOT NULL`).join(" OR ");
  const same = fields.map((_, i) => `a.k${i} IS NOT DISTINCT FROM b.k${i}`).join(" AND ");
  return `SELECT a."row" FROM (SELECT ${row} AS "row", ${here.join(", ")} FROM ${table} WHERE ${some}) AS a ANTI JOIN (SELECT ${known.join(", ")} FROM ${there}) AS b ON ${same}`;
}
