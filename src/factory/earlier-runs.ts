import type { Database, Tables } from "./database/database.ts";
import type { Run } from "./model.ts";
import { counted, type RunRow, runColumns, runOf } from "./queries.ts";

/** What a run was about: its dataset and resource, else its source (for an upload, the name it was given). */
const subject = `coalesce(
  dataset || ' ' || coalesce(resource, conf->>'name', ''),
  case when conf->'resource'->>'path' ~ '^[a-z][a-z0-9+.-]*://' then conf->'resource'->>'path' end,
  conf->>'name', conf->>'source', '')`;

const most = 20;

/** Runs of the same DAG about the same data that were created before a run and have ended, newest first. */
export async function runsBefore(database: Tables, id: string): Promise<readonly Run[]> {
  const rows = await database.query<RunRow>(
    `with this as (select dag, created, ${subject} as subject from aircan.run where id = $1)
     select ${runColumns}
     from (select run.* from aircan.run run, this
           where run.dag = this.dag and run.created < this.created and run.status in ('DONE', 'FAILED')
             and ${subject} = this.subject
           order by run.created desc limit ${most}) run
     ${counted} order by created desc, run.id desc`,
    [id],
  );
  return rows.map(runOf);
}

/** The last run over a dataset that ended and tested its data. */
export async function lastChecked(database: Database, dataset: string): Promise<Run | undefined> {
  const [row] = await database.query<RunRow>(
    `select ${runColumns}
     from (select * from aircan.run
           where dataset = $1 and status in ('DONE', 'FAILED') and job_type in ('VALIDATE', 'LOAD')
           order by created desc limit 1) run ${counted}`,
    [dataset],
  );
  return row && runOf(row);
}
