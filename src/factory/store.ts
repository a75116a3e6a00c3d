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
import type { DagDefinition } from "./task.ts";

/** Called between lock and write: decides by the state of the run what to record. */
export type Decide = (state: RunState, connection: Connection) => Promise<readonly Fact[]> | readonly Fact[];

/**
 * Records facts of a run and the states that follow from them in one transaction. A fact that is known already
 * changes nothing. Gives the state of the run after it.
 *
 * @throws AirCanError `not-found`
 */
export async function record(
  database: Tables,
  run: string,
  facts: readonly Fact[] | Decide,
): Promise<RunState> {
  return database.transaction(async (connection) => {
    const state = await lockRun(connection, run);
    const decided = typeof facts === "function" ? await facts(state, connection) : facts;
    return write(connection, run, { state, facts: decided });
  });
}

async function lockRun(connection: Connection, run: string): Promise<RunState> {
  const answer = await connection.query<{ state: RunState }>(
    "select state from aircan.run where id = $1 for update",
    [run],
  );
  const found = answer.rows[0];
  if (!found) throw new AirCanError("not-found", `There is no run "${run}".`, { where: { run } });
  return found.state;
}

interface Writing {
  readonly state: RunState;
  readonly facts: readonly Fact[];
}

/** Writes facts of a run whose row is locked, or was made in this transaction. */
export async function write(
  connection: Connection,
  run: string,
  { state, facts }: Writing,
): Promise<RunState> {
  if (facts.length === 0) return state;
  const time = new Date().toISOString();
  const timed = facts.map((fact): Timed => ({ ...fact, time }));
  await insertEvents(connection, run, timed);
  await foldTasks(connection, run, timed.filter(isTaskFact));
  const after = timed.filter(isRunFact).reduce((before, fact) => foldRun(fact, before), state);
  await connection.query(
    `with changed as (update aircan.run set state = $2, updated = $3 where id = $1 and state <> $2)
     select pg_notify('aircan_event', $1)`,
    [run, JSON.stringify(after), time],
  );
  if (after.ended && !state.ended) await askForCallback(connection, run, after.attempt);
  return after;
}

async function askForCallback(connection: Connection, run: string, attempt: number): Promise<void> {
  await connection.query(
    `insert into aircan.callback (run_id, attempt)
     select id, $2 from aircan.run where id = $1 and callback_url is not null on conflict do nothing`,
    [run, attempt],
  );
}

function isTaskFact(fact: Timed): fact is Timed<TaskFact> {
  return "task" in fact;
}

function isRunFact(fact: Timed): fact is Timed<RunFact> {
  return !("task" in fact);
}

async function insertEvents(connection: Connection, run: string, facts: readonly Timed[]): Promise<void> {
  const rows = facts.map((fact) => {
    const { type, time, ...data } = fact;
    const place = isTaskFact(fact) ? { task: fact.task, map_index: fact.mapIndex } : {};
    return { key: eventKey(fact), type, time, data, ...place };
  });
  await connection.query(
    `insert into aircan.event (run_id, key, type, task, map_index, time, data)
     select $1, key, type, task, map_index, time, data
     from jsonb_to_recordset($2) as new(key text, type text, task text, map_index int, time timestamptz, data jsonb)
     on conflict (run_id, key) do nothing`,
    [run, JSON.stringify(rows)],
  );
}

async function foldTasks(
  connection: Connection,
  run: string,
  facts: readonly Timed<TaskFact>[],
): Promise<void> {
  if (facts.length === 0) return;
  const states = await readTasks(connection, run, [...new Set(facts.map((fact) => fact.task))]);
  const changed = new Map<string, { task: string; map_index: number; state: TaskState }>();
  for (const fact of facts) {
    const key = `${fact.task}/${fact.mapIndex}`;
    const before = changed.get(key)?.state ?? states.get(key) ?? newTask;
    changed.set(key, { task: fact.task, map_index: fact.mapIndex, state: foldTask(fact, before) });
  }
  await connection.query(
    `insert into aircan.task (run_id, task, map_index, position, state)
     select $1, task, map_index,
            coalesce((select position from aircan.task t where t.run_id = $1 and t.task = new.task limit 1), 0), state
     from jsonb_to_recordset($2) as new(task text, map_index int, state jsonb)
     on conflict (run_id, task, map_index) do update set state = excluded.state`,
    [run, JSON.stringify([...changed.values()])],
  );
}

async function readTasks(
  connection: Connection,
  run: string,
  tasks: readonly string[],
): Promise<ReadonlyMap<string, TaskState>> {
  const answer = await connection.query<{ task: string; map_index: number; state: TaskState }>(
    "select task, map_index, state from aircan.task where run_id = $1 and task = any($2)",
    [run, tasks],
  );
  return new Map(answer.rows.map((row) => [`${row.task}/${row.map_index}`, row.state]));
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
