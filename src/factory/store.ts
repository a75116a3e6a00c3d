import { AirCanError } from "../base/errors.ts";
import { upstreamOf } from "./dag.ts";
import type { Connection, Tables } from "./database/database.ts";
import {
  eventKey,
  type Fact,
  foldRun,
  foldTask,
  newTask,
  type RunFact,
  type RunState,
  type TaskFact,
  type TaskState,
  type Timed,
} from "./events.ts";
import { type Item, itemKey } from "./graph.ts";
import type { DagDefinition } from "./task.ts";

/** What the tables know of a run when something is recorded. */
export interface Known {
  /** Grows with each change of the run: what was decided by an older one is decided again. */
  readonly version: number;
  readonly run: RunState;
  /** States of the tasks asked for, by `task/mapIndex`. */
  readonly tasks: ReadonlyMap<string, TaskState>;
}

/** What to record, decided by what is known; it may be asked more than once. */
export interface Change {
  /** The tasks whose states matter. */
  readonly items: readonly Item[];
  readonly facts: (known: Known) => readonly Fact[];
}

/** Called between lock and write: decides by the state of the run what to record. */
export type Decide = (state: RunState, connection: Connection) => Promise<readonly Fact[]>;

/** So often it is tried without a lock. */
const optimism = 5;

/**
 * Records facts of a run and the states that follow from them, all in one statement. A fact that is known
 * already changes nothing. Gives the state of the run after it.
 *
 * @throws AirCanError `not-found`
 */
export async function record(
  tables: Tables,
  run: string,
  change: readonly Fact[] | Change,
): Promise<RunState> {
  const { items, facts } = "facts" in change ? change : { items: itemsOf(change), facts: () => change };
  for (let nth = 0; nth < optimism; nth++) {
    const known = await readKnown(tables.query, run, items);
    const decided = facts(known);
    if (decided.length === 0) return known.run;
    const after = await writeFacts(tables.query, run, { known, facts: decided });
    if (after) return after;
  }
  return recordLocked(tables, run, async (_state, connection) => {
    return facts(await readKnown(queryOf(connection), run, items));
  });
}

/** The same with the run's row locked, for decisions that need to read more. */
export async function recordLocked(tables: Tables, run: string, decide: Decide): Promise<RunState> {
  return tables.transaction(async (connection) => {
    const answer = await connection.query<{ state: RunState }>(
      "select state from aircan.run where id = $1 for update",
      [run],
    );
    const found = answer.rows[0];
    if (!found) throw unknownRun(run);
    return write(connection, run, await decide(found.state, connection));
  });
}

/** Writes facts of a run whose row is locked, or was made in this transaction. */
export async function write(connection: Connection, run: string, facts: readonly Fact[]): Promise<RunState> {
  const query = queryOf(connection);
  const known = await readKnown(query, run, itemsOf(facts));
  if (facts.length === 0) return known.run;
  const after = await writeFacts(query, run, { known, facts });
  if (!after) throw new AirCanError("bug", `Run "${run}" was changed although it is locked.`);
  return after;
}

type Query = Tables["query"];

function queryOf(connection: Connection): Query {
  return async (sql, values) => (await connection.query(sql, values ? [...values] : [])).rows;
}

function itemsOf(facts: readonly Fact[]): readonly Item[] {
  return facts.filter((fact) => "task" in fact);
}

function unknownRun(run: string): AirCanError {
  return new AirCanError("not-found", `There is no run "${run}".`, { where: { run } });
}

async function readKnown(query: Query, run: string, items: readonly Item[]): Promise<Known> {
  const rows = await query<{ version: number; run: RunState; tasks: Record<string, TaskState> | null }>(
    `select version, state as run,
            (select jsonb_object_agg(task || '/' || map_index, task.state) from aircan.task
             where run_id = $1 and (task, map_index) in (select * from unnest($2::text[], $3::int[]))) as tasks
     from aircan.run where id = $1`,
    [run, items.map(({ task }) => task), items.map(({ mapIndex }) => mapIndex)],
  );
  const found = rows[0];
  if (!found) throw unknownRun(run);
  return { ...found, tasks: new Map(Object.entries(found.tasks ?? {})) };
}

/** Undefined if the run has changed since it was read. */
async function writeFacts(
  query: Query,
  run: string,
  { known, facts }: { readonly known: Known; readonly facts: readonly Fact[] },
): Promise<RunState | undefined> {
  const time = new Date().toISOString();
  const timed = facts.map((fact): Timed => ({ ...fact, time }));
  const after = timed.filter(isRunFact).reduce((before, fact) => foldRun(fact, before), known.run);
  const lasting = timed.some(({ type }) => !forgettable.has(type));
  const rows = await query(writeSql, [
    run,
    known.version,
    JSON.stringify(timed.map(eventRow)),
    JSON.stringify(foldTasks(known, timed.filter(isTaskFact))),
    JSON.stringify(after),
    time,
    after.ended && !known.run.ended ? after.attempt : null,
    lasting,
  ]);
  return rows.length > 0 ? after : undefined;
}

/** What is told again after a crash of the database: its commit need not wait for the disk. */
const forgettable: ReadonlySet<string> = new Set([
  "run.started",
  "task.queued",
  "task.started",
  "task.progress",
]);

/** Everything hangs on the row of the run, locked in the version that was read: else nothing is written. */
const writeSql = `
  with locked as materialized (
    select id, callback_url from aircan.run where id = $1 and version = $2 for update
  ), said as (
    insert into aircan.event (run_id, key, type, task, map_index, time, data)
    select locked.id, key, type, task, map_index, $6, data
    from locked, jsonb_to_recordset($3) as new(key text, type text, task text, map_index int, data jsonb)
    on conflict (run_id, key) do nothing
  ), stood as (
    insert into aircan.task (run_id, task, map_index, position, state)
    select locked.id, task, map_index,
           coalesce((select position from aircan.task t where t.run_id = $1 and t.task = new.task limit 1), 0), state
    from locked, jsonb_to_recordset($4) as new(task text, map_index int, state jsonb)
    on conflict (run_id, task, map_index) do update set state = excluded.state
  ), asked as (
    insert into aircan.callback (run_id, attempt)
    select id, $7::int from locked where callback_url is not null and $7::int is not null
    on conflict do nothing returning run_id
  ), changed as (
    update aircan.run set state = $5, updated = $6, version = version + 1 from locked where run.id = locked.id
  )
  select pg_notify('aircan_event', id), (select pg_notify('aircan_callback', run_id) from asked),
         case when not $8 then set_config('synchronous_commit', 'off', true) end from locked`;

function isTaskFact(fact: Timed): fact is Timed<TaskFact> {
  return "task" in fact;
}

function isRunFact(fact: Timed): fact is Timed<RunFact> {
  return !("task" in fact);
}

function eventRow(fact: Timed): object {
  const { type, time: _time, ...data } = fact;
  const place = isTaskFact(fact) ? { task: fact.task, map_index: fact.mapIndex } : {};
  return { key: eventKey(fact), type, data, ...place };
}

/** The rows of the tasks that the facts are about, after them. */
function foldTasks({ tasks }: Known, facts: readonly Timed<TaskFact>[]): readonly object[] {
  const changed = new Map<string, { task: string; map_index: number; state: TaskState }>();
  for (const fact of facts) {
    const key = itemKey(fact);
    const before = changed.get(key)?.state ?? tasks.get(key) ?? newTask;
    changed.set(key, { task: fact.task, map_index: fact.mapIndex, state: foldTask(fact, before) });
  }
  return [...changed.values()];
}

/** The rows of a new run's tasks, all waiting, in the order of the definition. */
export async function insertTasks(connection: Connection, run: string, dag: DagDefinition): Promise<void> {
  const rows = Object.keys(dag.tasks).map((task, position) => ({ task, position }));
  await connection.query(
    `insert into aircan.task (run_id, task, map_index, position, state)
     select $1, task, -1, position, $3 from jsonb_to_recordset($2) as new(task text, position int)`,
    [run, JSON.stringify(rows), JSON.stringify(newTask)],
  );
}

/** States of a run's tasks by `task/mapIndex`; -1 stands for the task itself. */
export async function taskStates(
  database: Tables,
  run: string,
): Promise<readonly { readonly task: string; readonly mapIndex: number; readonly state: TaskState }[]> {
  return database.query(
    `select task, map_index as "mapIndex", state from aircan.task where run_id = $1 order by position, map_index`,
    [run],
  );
}

/** The tasks named and all that stand after them. */
export function withDownstream(dag: DagDefinition, tasks: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(tasks);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [id, task] of Object.entries(dag.tasks))
      if (upstreamOf(task).some((upstream) => found.has(upstream))) found.add(id);
  }
  return found;
}
