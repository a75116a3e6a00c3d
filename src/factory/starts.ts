import { randomBytes, randomUUID } from "node:crypto";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Plan } from "./attempts.ts";
import type { Dags } from "./dags.ts";
import type { Connection, Database } from "./database/database.ts";
import type { Engine } from "./engine/engine.ts";
import { newRun } from "./events.ts";
import type { RunRequest } from "./factory-types.ts";
import type { Message } from "./interpreter.ts";
import type { Run } from "./model.ts";
import { checkParams } from "./params.ts";
import { showRun } from "./queries.ts";
import { insertTasks, write } from "./store.ts";
import type { DagDefinition } from "./task.ts";

export interface StartParts {
  readonly database: Database;
  readonly engine: Engine<Message>;
  readonly dags: Dags;
  readonly log: Log;
}

interface Begun {
  readonly id: string;
  readonly created: boolean;
}

/** Stores a run and queues it. What is stored here runs, whatever happens after. Gives the run as it was stored. */
export async function startRun(
  request: RunRequest,
  parts: StartParts,
): Promise<{ readonly run: Run; readonly created: boolean }> {
  const { id, created } = await storeRun(request, parts);
  const run = await showRun(parts.database, id);
  if (created) await queue(id, 1, { ...parts, resource: request.resource });
  return { run, created };
}

async function storeRun(request: RunRequest, parts: StartParts): Promise<Begun> {
  const known = await findByKey(parts.database, request);
  if (known !== undefined) return { id: known, created: false };
  const dag = await parts.dags.runnable(request.dag);
  const conf = checkParams(dag, request.conf ?? {});
  const id = request.runId ?? newRunId();
  requireRunId(id);
  return parts.database.transaction((connection) =>
    insertRun(connection, { ...request, id, conf, definition: dag }),
  );
}

async function findByKey(
  connection: Pick<Database, "query">,
  { dag, idempotencyKey }: RunRequest,
): Promise<string | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const rows = await connection.query<{ id: string }>(
    "select id from aircan.run where dag = $1 and idempotency_key = $2",
    [dag, idempotencyKey],
  );
  return rows[0]?.id;
}

/** Sorts by time, and is short enough to be read aloud. */
export function newRunId(): string {
  const time = new Date().toISOString().replace(/[-:]/g, "").slice(0, 15);
  return `${time}-${randomBytes(4).toString("hex")}`;
}

function requireRunId(id: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.:+~-]{0,199}$/.test(id) && !id.includes("..")) return;
  throw new AirCanError("config-error", `"${id}" cannot be the id of a run.`, {
    hint: "Use letters, digits and `_ . : + ~ -`, beginning with a letter or digit, 200 at most.",
  });
}

interface NewRun extends RunRequest {
  readonly id: string;
  readonly conf: Readonly<Record<string, unknown>>;
  readonly definition: DagDefinition;
}

async function insertRun(connection: Connection, run: NewRun): Promise<Begun> {
  const { id, definition } = run;
  const now = new Date().toISOString();
  const answer = await connection.query<{ id: string }>(
    `insert into aircan.run (id, dag, job_id, job_type, snapshot, conf, trigger, dataset, resource, "user", note,
                             callback_url, idempotency_key, created, updated, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
     on conflict do nothing returning id`,
    [
      ...[id, definition.dag, `job-${randomUUID()}`, jobTypeOf(definition)],
      ...[JSON.stringify(definition), JSON.stringify(run.conf), run.trigger ?? "api"],
      ...[run.dataset ?? null, run.resource ?? null, run.user ?? null, run.note ?? null],
      ...[run.callbackUrl ?? null, run.idempotencyKey ?? null, now, JSON.stringify(newRun)],
    ],
  );
  if (answer.rows.length === 0) return presentRun(connection, run);
  await insertAttempt(connection, { run: id, attempt: 1 }, { conf: run.conf, finished: {}, tries: {} });
  await insertTasks(connection, id, definition);
  await write(connection, id, [{ type: "run.created", attempt: 1 }]);
  return { id, created: true };
}

/** Unless the DAG says it: one that validates is known by that. */
function jobTypeOf({ jobType, tasks }: DagDefinition): string {
  const validates = Object.values(tasks).some(({ kind }) => kind === "validate");
  return jobType ?? (validates ? "VALIDATE" : "FLOW");
}

/** Somebody else was first: with the same key, or with the same id. */
async function presentRun(connection: Connection, run: NewRun): Promise<Begun> {
  const query = async (sql: string, values?: readonly unknown[]) =>
    (await connection.query(sql, values ? [...values] : [])).rows;
  const known = await findByKey({ query }, run);
  if (known !== undefined) return { id: known, created: false };
  throw new AirCanError("conflict", `There is a run "${run.id}" already.`, {
    hint: "Choose another run id, or leave it out.",
    where: { run: run.id },
  });
}

export async function insertAttempt(
  connection: Connection,
  { run, attempt }: { readonly run: string; readonly attempt: number },
  plan: Plan,
): Promise<void> {
  await connection.query("insert into aircan.attempt (run_id, attempt, plan) values ($1, $2, $3)", [
    run,
    attempt,
    JSON.stringify(plan),
  ]);
}

/** Runs of one resource take turns; each other run has a lane of its own. */
export function laneOf(run: string, resource: string | null | undefined): string {
  return resource === null || resource === undefined ? `run ${run}` : `resource ${resource}`;
}

export async function queue(
  run: string,
  attempt: number,
  { engine, log, resource }: Pick<StartParts, "engine" | "log"> & { readonly resource?: string | undefined },
): Promise<void> {
  await engine
    .start({ run, attempt }, laneOf(run, resource))
    .catch((error: unknown) => log("warning", `Run ${run} is queued later: ${messageOf(error)}`));
}
