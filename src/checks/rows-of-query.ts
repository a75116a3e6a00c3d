import type { Answer, Ask } from "../plan/engine.ts";
import type { FindingList } from "./finding-list.ts";

/** How many rows a query with a column `row` gives, and the first of them: as many as a list takes. */
export async function rowsOfQuery(
  sql: string,
  ask: Ask,
  { limit, isWatched }: Pick<FindingList, "limit" | "isWatched">,
): Promise<{ readonly count: number; readonly rows: readonly Answer[] }> {
  const rows = await ask(`SELECT * FROM (${sql}) ORDER BY "row"${isWatched ? "" : ` LIMIT ${limit + 1}`}`);
  if (isWatched || rows.length <= limit) return { count: rows.length, rows };
  const [counted] = await ask(`SELECT count(*) AS n FROM (${sql})`);
  return { count: Number(counted?.n ?? rows.length), rows: rows.slice(0, limit) };
}
