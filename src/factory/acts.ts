import { AirCanError } from "../base/errors.ts";
import type { Plan } from "./attempts.ts";
import { upstreamOf } from "./dag.ts";
import type { Connection } from "./database/database.ts";
import type { Fact, RunState, TaskState } from "./events.ts";
import type { Factory } from "./factory-types.ts";
import { itemKey } from "./graph.ts";
import { checkParams } from "./params.ts";
import { insertAttempt, queue, type StartParts } from "./starts.ts";
import { recordLocked, withDownstream } from "./store.ts";
import type { DagDefinition } from "./task.ts";

/** Asks for the end of a run: one that waits ends at once, one that runs when its tasks are stopped. */
export async function cancelRun(run: string, { database, engine }: StartParts): Promise<void> {
  const state = await recordLocked(database, run, async (before, connection) => {
    if (before.ended)
      throw new AirCanError("conflict", `Run "${run}" has ended already: ${before.status}.`, {
        where: { run },
      });
    const { attempt } = before;
    const asked: Fact = { type: "run.cancelling", attempt };
    if (before.started) return [asked];
    const ends = await endsOfWaiting(connection, run, attempt);
    return [asked, ...ends, { type: "run.ended", attempt, status: "CANCELLED", summary: cancelledSummary }];
  });
  if (state.ended) return;
  await database.query("select pg_notify('aircan_cancel', $1)", [run]);
  await engine.tell({ run, attempt: state.attempt }, { type: "cancel" });
}

const cancelledSummary = "Cancelled before it began.";

async function endsOfWaiting(connection: Connection, run: string, attempt: number): Promise<Fact[]> {
  const answer = await connection.query<{ task: string; mapIndex: number; try: number }>(
    `select task, map_index as "mapIndex", (state->>'try')::int as try from aircan.task
     where run_id = $1 and status = 'WAITING'`,
    [run],
  );
  return answer.rows.map((row) => ({ ...row, type: "task.ended", attempt, status: "CANCELLED" }));
}

type RetryOptions = NonNullable<Parameters<Factory["retryRun"]>[1]>;

interface TaskRow {
  readonly task: string;
  readonly mapIndex: number;
  readonly state: TaskState;
}

interface Ended {
  readonly run: string;
  readonly dag: DagDefinition;
  readonly before: RunState;
  readonly rows: readonly TaskRow[];
}

/** Runs tasks of an ended run again, as a new attempt of it. */
export async function retryRun(run: string, options: RetryOptions, parts: StartParts): Promise<void> {
  const found: { resource: string | undefined } = { resource: undefined };
  const state = await recordLocked(parts.database, run, async (before, connection) => {
    if (!before.ended)
      throw new AirCanError("conflict", `Run "${run}" has not ended: it is ${before.status}.`, {
        hint: "Wait for its end, or cancel it first.",
        where: { run },
      });
    const row = await readRun(connection, run);
    found.resource = row.resource ?? undefined;
    const ended = { run, dag: row.snapshot, before, rows: await readTasks(connection, run) };
    const again = chosenTasks(ended, options.tasks ?? "failed");
    const conf = checkParams(row.snapshot, { ...row.conf, ...options.conf });
    return prepareAttempt(connection, { ...ended, again, conf });
  });
  await queue(run, state.attempt, { ...parts, resource: found.resource });
}

async function readRun(connection: Connection, run: string) {
  const answer = await connection.query<{
    snapshot: DagDefinition;
    conf: Record<string, unknown>;
    resource: string | null;
  }>("select snapshot, conf, resource from aircan.run where id = $1", [run]);
  const row = answer.rows[0];
  if (!row) throw new AirCanError("not-found", `There is no run "${run}".`, { where: { run } });
  return row;
}

async function readTasks(connection: Connection, run: string): Promise<readonly TaskRow[]> {
  const answer = await connection.query<TaskRow>(
    `select task, map_index as "mapIndex", state from aircan.task where run_id = $1 order by position, map_index`,
    [run],
  );
  return answer.rows;
}

/** Ids of the tasks that run again: those asked for, and what depends on them. */
function chosenTasks(
  { run, dag, rows }: Ended,
  tasks: "failed" | "all" | readonly string[],
): ReadonlySet<string> {
  if (tasks === "all") return new Set(Object.keys(dag.tasks));
  if (tasks !== "failed") {
    const unknown = tasks.find((id) => dag.tasks[id] === undefined);
    if (unknown === undefined) return withDownstream(dag, new Set(tasks));
    const known = Object.keys(dag.tasks).join(", ");
    throw new AirCanError("not-found", `Run "${run}" has no task "${unknown}"; it has ${known}.`);
  }
  const unfinished = new Set(rows.filter(({ state }) => state.status !== "DONE").map(({ task }) => task));
  if (unfinished.size > 0) return withDownstream(dag, unfinished);
  throw new AirCanError("conflict", `Every task of run "${run}" is done.`, {
    hint: "Ask for `all`, or name the tasks that shall run again.",
    where: { run },
  });
}

interface Again extends Ended {
  readonly again: ReadonlySet<string>;
  readonly conf: Plan["conf"];
}

async function prepareAttempt(connection: Connection, again: Again): Promise<readonly Fact[]> {
  const { run, before } = again;
  const attempt = before.attempt + 1;
  await insertAttempt(connection, { run, attempt }, planOf(again));
  const lists = [...again.again].filter((id) => isNewList(again, id));
  await connection.query("delete from aircan.task where run_id = $1 and task = any($2) and map_index >= 0", [
    run,
    lists,
  ]);
  await connection.query("update aircan.run set conf = $2 where id = $1", [run, JSON.stringify(again.conf)]);
  const waiting = again.rows
    .filter((row) => !isFinished(again, row) && !(row.mapIndex >= 0 && lists.includes(row.task)))
    .map(({ task, mapIndex, state }): Fact => {
      return { type: "task.waiting", task, mapIndex, attempt, try: state.try, maxTries: state.maxTries };
    });
  return [{ type: "run.retried", attempt }, ...waiting];
}

/** True if the list that a task fans out over is made anew: its old items are gone. */
function isNewList({ dag, again }: Again, id: string): boolean {
  const map = dag.tasks[id]?.map;
  return map !== undefined && again.has(map);
}

/** Tasks that do not run again are finished, and so are the good items of one whose list stands. */
function isFinished(again: Again, { task, mapIndex, state }: TaskRow): boolean {
  if (!again.again.has(task)) return state.status === "DONE";
  return mapIndex >= 0 && state.status === "DONE" && keepsItems(again, task);
}

/** Its items stand if it failed itself, and nothing that it waits for runs again. */
function keepsItems({ dag, again, rows }: Again, id: string): boolean {
  const task = dag.tasks[id];
  const failed = rows.some((row) => row.task === id && row.mapIndex < 0 && row.state.status !== "DONE");
  return failed && task !== undefined && !upstreamOf(task).some((upstream) => again.has(upstream));
}

function planOf(again: Again): Plan {
  const finished = again.rows
    .filter((row) => isFinished(again, row))
    .map((row) => [itemKey(row), { count: row.state.ended?.result?.count ?? null }]);
  const tries = again.rows.map((row) => [itemKey(row), row.state.try]);
  return { conf: again.conf, finished: Object.fromEntries(finished), tries: Object.fromEntries(tries) };
}
