import type { Database } from "./database/database.ts";
import type { DatasetFilter, Page } from "./factory-types.ts";
import { pageSize, patternOf } from "./filters.ts";
import type { Dataset } from "./model.ts";
import { counted, type RunRow, runColumns, runOf } from "./queries.ts";

/** From the index, one look per dataset, however many runs each has. */
const latest = `with recursive latest as (
    (select dataset, id from aircan.run where dataset is not null order by dataset, created desc limit 1)
    union all
    select next.dataset, next.id from latest, lateral
      (select dataset, id from aircan.run where dataset > latest.dataset order by dataset, created desc limit 1) next)`;

/** The datasets that runs were for, by name, each with its newest run. The cursor is the last name. */
export async function listDatasets(database: Database, filter: DatasetFilter): Promise<Page<Dataset>> {
  const size = pageSize(filter);
  const like = patternOf(filter.q ?? "");
  const [rows, totals] = await Promise.all([
    database.query<RunRow & { dataset: string }>(
      `${latest} select ${runColumns} from (select id as latest_id from latest
         where dataset ilike $1 and ($2::text is null or dataset > $2) order by dataset limit ${size + 1}) wanted
       join aircan.run on run.id = latest_id ${counted} order by dataset`,
      [like, filter.cursor ?? null],
    ),
    database.query<{ total: number }>(
      `${latest} select count(*)::int as total from latest where dataset ilike $1`,
      [like],
    ),
  ]);
  const items = rows.slice(0, size).map((row) => ({ id: row.dataset, last_run: runOf(row) }));
  return {
    items,
    next_cursor: rows.length > size ? (items.at(-1)?.id ?? null) : null,
    total: totals[0]?.total ?? 0,
  };
}
