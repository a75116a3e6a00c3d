import type { Answer, Ask } from "../plan/engine.ts";
import type { FindingList, RowFinding } from "./finding-list.ts";

/** Rows that are held at once while somebody hears of all of them. */
const page = 50_000;

let tables = 0;

/** Rows that a query gives, as errors of one type. */
export interface FoundRows {
  /** A query with a column `row`. */
  readonly sql: string;
  readonly type: string;
  readonly find: (answer: Answer) => RowFinding;
}

/** Notes each row that a query gives: all are counted, as many are kept as the list takes. */
export async function noteRows(
  { sql, type, find }: FoundRows,
  ask: Ask,
  findings: FindingList,
): Promise<void> {
  if (findings.isWatched) return noteAll({ sql, type, find }, ask, findings);
  const { limit } = findings;
  const rows = await ask(`SELECT * FROM (${sql}) ORDER BY "row" LIMIT ${limit + 1}`);
  const count = rows.length <= limit ? rows.length : await countOf(sql, ask);
  findings.addRows(type, count, rows.slice(0, limit).map(find));
}

async function countOf(sql: string, ask: Ask): Promise<number> {
  const [counted] = await ask(`SELECT count(*) AS n FROM (${sql})`);
  return Number(counted?.n ?? 0);
}

/** The same, page by page, for a list that somebody watches. */
async function noteAll({ sql, type, find }: FoundRows, ask: Ask, findings: FindingList): Promise<void> {
  const table = `found_${++tables}`;
  await ask(`CREATE TABLE ${table} AS SELECT * FROM (${sql}) ORDER BY "row"`);
  const count = await countOf(`FROM ${table}`, ask);
  for (let from = 0; from < count; from += page) {
    const rows = await ask(`SELECT * FROM ${table} WHERE rowid >= ${from} AND rowid < ${from + page}`);
    findings.addRows(type, rows.length, rows.map(find));
  }
  await ask(`DROP TABLE ${table}`);
}
