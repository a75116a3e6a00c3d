import { AirCanError, type ErrorObject } from "../base/errors.ts";
import { upstreamOf } from "./dag.ts";
import type { Database } from "./database/database.ts";
import type { RunState, TaskState } from "./events.ts";
import type { ListFilter, Page } from "./factory-types.ts";
import { conditionOf, cursorOf, type Position, pageSize } from "./filters.ts";
import type { Job, Output, Run, RunEvent, Task } from "./model.ts";
import type { DagDefinition } from "./task.ts";

export interface RunRow {
  readonly id: string;
  readonly dag: string;
  readonly job_id: string;
  readonly job_type: string;
  readonly conf: Record<string, unknown>;
  readonly trigger: Run["trigger"];
  readonly dataset: string | null;
  readonly resource: string | null;
  readonly user: string | null;
  readonly note: string | null;
  readonly created: Date;
  readonly updated: Date;
  readonly state: RunState;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

/** Of a `RunRow`, where `counted` is joined. */
export const runColumns = `run.id, run.dag, job_id, job_type, conf, trigger, dataset, resource, "user", note, created, updated, run.state,
  counts.total, counts.done, counts.failed, counts.running`;

/** A task that fans out counts once, whatever the length of its list. */
export const counted = `left join lateral (
    select count(*) filter (where map_index < 0)::int as total,
           count(*) filter (where map_index < 0 and status = 'DONE')::int as done,
           count(*) filter (where map_index < 0 and status = 'FAILED')::int as failed,
           count(distinct task) filter (where status = 'RUNNING')::int as running
    from aircan.task where task.run_id = run.id) counts on true`;

/** A page of runs, newest first. */
export async function listRuns(database: Database, filter: ListFilter): Promise<Page<Run>> {
  return mapPage(await pageOfRows(database, filter), runOf);
}

async function pageOfRows(database: Database, filter: ListFilter): Promise<Page<RunRow>> {
  const size = pageSize(filter);
  const { where, values } = conditionOf(filter);
  const after = filter.cursor === undefined ? undefined : cursorOf(filter.cursor);
  const place = after ? ` and (created, id) < ($${values.length + 1}, $${values.length + 2})` : "";
  const [rows, totals] = await Promise.all([
    database.query<RunRow>(
      `select ${runColumns}
       from (select * from aircan.run where ${where}${place} order by created desc, id desc limit ${size + 1}) run
       ${counted} order by created desc, run.id desc`,
      after ? [...values, after.created, after.id] : values,
    ),
    database.query<{ total: number }>(`select count(*)::int as total from aircan.run where ${where}`, values),
  ]);
  const items = rows.slice(0, size);
  const last = rows.length > size ? items.at(-1) : undefined;
  const position: Position | undefined = last && { created: last.created.toISOString(), id: last.id };
  return {
    items,
    next_cursor: position ? Buffer.from(JSON.stringify(position)).toString("base64url") : null,
    total: totals[0]?.total ?? 0,
  };
}

function mapPage<From, To>({ items, ...page }: Page<From>, map: (item: From) => To): Page<To> {
  return { ...page, items: items.map(map) };
}

export async function showRun(database: Database, id: string): Promise<Run> {
  return runOf(await runRow(database, "run.id", id));
}

async function runRow(database: Database, column: "run.id" | "job_id", value: string): Promise<RunRow> {
  const rows = await database.query<RunRow>(
    `select ${runColumns} from aircan.run ${counted} where ${column} = $1`,
    [value],
  );
  if (rows[0]) return rows[0];
  const what = column === "job_id" ? "job" : "run";
  throw new AirCanError("not-found", `There is no ${what} "${value}".`, { where: { [what]: value } });
}

/** The newest run of each of the DAGs. */
export async function lastRuns(
  database: Database,
  dags: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  const rows = await database.query<RunRow>(
    `select ${runColumns}
     from unnest($1::text[]) as wanted(dag)
     cross join lateral (select * from aircan.run where run.dag = wanted.dag order by created desc, id desc limit 1) run
     ${counted}`,
    [dags],
  );
  return new Map(rows.map((row) => [row.dag, runOf(row)]));
}

/** The run that a row holds. */
export function runOf(row: RunRow): Run {
  const { state, total, done, failed, running } = row;
  const { id, dag, job_id, job_type, trigger, dataset, resource, user, note, conf } = row;
  return {
    ...{ id, dag, job_id, job_type, status: state.status, attempt: state.attempt, trigger },
    ...{ dataset, resource, user, note, conf },
    created: row.created.toISOString(),
    started: state.started ?? null,
    ended: state.ended?.time ?? null,
    seconds: secondsBetween(state.started, state.ended?.time),
    tasks: { total, done, failed, running },
    summary: summaryOf(row),
    error: shownError(state.ended?.error),
  };
}

function summaryOf({ state, done, total }: RunRow): string {
  if (state.ended) return state.ended.summary;
  if (state.cancelling) return "Being cancelled.";
  return state.status === "RUNNING" ? `${done} of ${total} tasks are done.` : "Waits for its turn.";
}

function shownError(error: ErrorObject | undefined): Run["error"] {
  return error ? { ...error, where: { ...error.where } } : null;
}

function secondsBetween(from: string | undefined, to: string | undefined): number | null {
  return from === undefined || to === undefined
    ? null
    : Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000;
}

interface TaskRow {
  readonly task: string;
  readonly map_index: number;
  readonly state: TaskState;
}

interface TaskSet {
  readonly run: string;
  readonly snapshot: DagDefinition;
  readonly rows: readonly TaskRow[];
}

async function readTasks(database: Database, run: string): Promise<TaskSet> {
  const [runs, rows] = await Promise.all([
    database.query<{ snapshot: DagDefinition }>("select snapshot from aircan.run where id = $1", [run]),
    database.query<TaskRow>(
      "select task, map_index, state from aircan.task where run_id = $1 order by position, map_index",
      [run],
    ),
  ]);
  const found = runs[0];
  if (!found) throw new AirCanError("not-found", `There is no run "${run}".`, { where: { run } });
  return { run, snapshot: found.snapshot, rows };
}

/** The tasks of a run in the order of its DAG; the items of a task that fans out stand after it. */
export async function listTasks(database: Database, run: string): Promise<readonly Task[]> {
  const set = await readTasks(database, run);
  return set.rows.map((row) => taskOf(set, row));
}

function taskOf(set: TaskSet, { task, map_index, state }: TaskRow): Task {
  const definition = set.snapshot.tasks[task];
  const folder = `${set.snapshot.dag}/${set.run}/${task}/`;
  const begun = map_index < 0 && !state.ended && set.rows.some((row) => isBegunItem(row, task));
  return {
    id: task,
    title: definition?.title ?? task,
    after: definition ? [...upstreamOf(definition)] : [],
    map_index: map_index < 0 ? null : map_index,
    status: begun ? "RUNNING" : state.status,
    try: state.try,
    max_tries: state.maxTries,
    started: state.started ?? null,
    ended: state.ended?.time ?? null,
    seconds: secondsBetween(state.started, state.ended?.time),
    address: map_index < 0 ? folder : `${folder}${map_index}/`,
    stats: { ...state.ended?.result?.stats },
    progress: state.progress ?? null,
    error: shownError(state.ended?.error),
  };
}

function isBegunItem(row: TaskRow, task: string): boolean {
  return row.task === task && row.map_index >= 0 && row.state.started !== undefined;
}

export async function showTask(
  database: Database,
  run: string,
  { task, mapIndex }: { readonly task: string; readonly mapIndex: number | null },
): Promise<Task> {
  const set = await readTasks(database, run);
  const row = set.rows.find((one) => one.task === task && one.map_index === (mapIndex ?? -1));
  if (row) return taskOf(set, row);
  const known = [...new Set(set.rows.map((one) => one.task))].join(", ");
  throw new AirCanError("not-found", `Run "${run}" has no task "${task}"; it has ${known}.`, {
    where: { run, task },
  });
}

/** What the finished tasks of runs made, by run. */
async function outputsOf(
  database: Database,
  runs: readonly string[],
): Promise<ReadonlyMap<string, readonly Output[]>> {
  const rows = await database.query<TaskRow & { run_id: string; dag: string }>(
    `select run_id, run.dag, task, map_index, task.state
     from aircan.task join aircan.run on run.id = run_id
     where run_id = any($1) and task.state->'ended'->'result'->'outputs' is not null
     order by run_id, position, map_index`,
    [runs],
  );
  const found = new Map<string, Output[]>();
  for (const row of rows) {
    const folder = `${row.dag}/${row.run_id}/${row.task}/${row.map_index < 0 ? "" : `${row.map_index}/`}`;
    const outputs = (row.state.ended?.result?.outputs ?? []).map((one) => ({
      task: row.task,
      name: one.name,
      address: `${folder}${one.name}`,
      format: one.format ?? null,
      rows: one.rows ?? null,
      bytes: one.bytes ?? null,
      hash: one.hash ?? null,
    }));
    found.set(row.run_id, [...(found.get(row.run_id) ?? []), ...outputs]);
  }
  return found;
}

export async function listOutputs(database: Database, run: string): Promise<readonly Output[]> {
  await runRow(database, "run.id", run);
  return (await outputsOf(database, [run])).get(run) ?? [];
}

/** A page of jobs, newest first: each stands for its run. */
export async function listJobs(database: Database, filter: ListFilter): Promise<Page<Job>> {
  const page = await pageOfRows(database, filter);
  const outputs = await outputsOf(
    database,
    page.items.map(({ id }) => id),
  );
  return mapPage(page, (row) => jobOf(row, outputs.get(row.id) ?? []));
}

export async function showJob(database: Database, id: string): Promise<Job> {
  const row = await runRow(database, "job_id", id);
  return jobOf(row, (await outputsOf(database, [row.id])).get(row.id) ?? []);
}

function jobOf(row: RunRow, outputs: readonly Output[]): Job {
  const run = runOf(row);
  const { dag, attempt, seconds, summary, tasks, error } = run;
  return {
    id: run.job_id,
    factory_id: run.id,
    job_type: run.job_type,
    created: run.created,
    updated: row.updated.toISOString(),
    dataset: run.dataset,
    resource: run.resource,
    user: run.user,
    status: run.status,
    info: { dag, attempt, seconds, summary, tasks, outputs, ...(error ? { error } : {}) },
  };
}

const mostEvents = 1_000;

/** Events after an id, oldest first. */
export async function listEvents(
  database: Database,
  query: { readonly run?: string; readonly after?: number; readonly limit?: number },
): Promise<readonly RunEvent[]> {
  const rows = await database.query<Omit<RunEvent, "time"> & { time: Date }>(
    `select id::int as id, run_id, type, task, time, data from aircan.event
     where ($1::text is null or run_id = $1) and id > $2 order by id limit $3`,
    [query.run ?? null, query.after ?? 0, Math.min(query.limit ?? mostEvents, mostEvents)],
  );
  return rows.map((row) => ({ ...row, time: row.time.toISOString() }));
}
