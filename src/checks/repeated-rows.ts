import type { Ask } from "../plan/engine.ts";
import { name, row } from "./sql.ts";

export interface Repeating {
  /** SQL name of a table with the numbers of its rows. */
  readonly table: string;
  /** Fields whose values together are compared. */
  readonly fields: readonly string[];
  /** Whether rows without one of the values are compared, too. */
  readonly nulls: "equal" | "left out";
  readonly ask: Ask;
}

/**
 * A query that gives, for each row whose values stand in an earlier row already, its number as `row` and that
 * of the latest earlier one as `before`; null if no values repeat. What it has to remember goes to disk.
 */
export async function repeatedRows({ table, fields, nulls, ask }: Repeating): Promise<string | null> {
  const names = fields.map(name);
  const list = names.join(", ");
  const whole = nulls === "equal" ? "" : ` WHERE ${names.map((each) => `${each} IS NOT NULL`).join(" AND ")}`;
  const repeated = `SELECT ${list} FROM ${table}${whole} GROUP BY ${list} HAVING count(*) > 1`;
  if (fields.length === 0 || (await ask(`SELECT 1 FROM (${repeated}) LIMIT 1`)).length === 0) return null;
  const same = names.map((each) => `t.${each} IS NOT DISTINCT FROM k.${each}`).join(" AND ");
  const suspects = `SELECT ${names.map((each) => `t.${each}`).join(", ")}, t.${row} FROM ${table} AS t SEMI JOIN (${repeated}) AS k ON ${same}`;
  const placed = `SELECT ${row} AS "row", lag(${row}) OVER (PARTITION BY ${list} ORDER BY ${row}) AS before FROM (${suspects})`;
  return `SELECT * FROM (${placed}) WHERE before IS NOT NULL`;
}
