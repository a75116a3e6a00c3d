import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import pg from "pg";
import { messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { openTurns, type Turns } from "../turns.ts";

export interface ExecutorOptions {
  readonly databaseUrl: string;
  /** Id of this process in the engine. */
  readonly executor: string;
  readonly version: string;
  /** The queue of workers, for work that was begun without one. */
  readonly queue: string;
  /** Tells the workers that something is waiting. */
  readonly announce: () => Promise<void>;
  /** Called after this process's session was broken, with the ids of what is still its own. */
  readonly keepOnly: (workflows: ReadonlySet<string>) => void;
  readonly log: Log;
}

export interface ExecutorWatch {
  /** Begins to take over what dead processes left. Called once the engine runs. */
  readonly begin: () => void;
  readonly close: () => Promise<void>;
}

const every = 1_000;
/** After PostgreSQL was away every process needs a moment to hold its lock again. */
const truce = 5_000;
const lockOf = "hashtextextended('aircan-executor:' || $1, 0)";

/**
 * DBOS leaves the work of a dead process pending. Each process holds a session lock on its executor id for
 * life; getting the lock of another one proves it dead, and its work goes back to the queues. No clocks, no
 * election. After its session was broken a process takes its own lock again, lets go of what others took
 * meanwhile, and leaves them in peace for a moment, as they may have been broken too.
 */
export async function watchExecutors(options: ExecutorOptions): Promise<ExecutorWatch> {
  const session: Session = { client: await takeLock(options), peaceUntil: 0 };
  const held: { turns: Turns | undefined } = { turns: undefined };
  const failed = async (error: unknown) => {
    options.log("debug", `Looking for dead workers failed: ${messageOf(error)}`);
    await session.client?.end().catch(() => {});
    session.client = undefined;
  };
  return {
    begin: () => {
      held.turns = openTurns(() => lookAround(session, options), { every, failed });
    },
    close: async () => {
      await held.turns?.close();
      await session.client?.end().catch(() => {});
    },
  };
}

interface Session {
  /** Undefined while it is broken. */
  client: pg.Client | undefined;
  peaceUntil: number;
}

async function lookAround(session: Session, options: ExecutorOptions): Promise<void> {
  if (!session.client) {
    session.client = await takeLock(options);
    session.peaceUntil = Date.now() + truce;
    options.keepOnly(await ownWorkflows(session.client, options));
  }
  if (Date.now() >= session.peaceUntil) await takeOver(session.client, options);
  else await session.client.query("select 1");
}

async function takeLock({ databaseUrl, executor }: ExecutorOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    keepAliveInitialDelayMillis: 2_000,
    application_name: `aircan ${executor}`,
  });
  client.on("error", () => {});
  await client.connect();
  await client.query(`select pg_advisory_lock(${lockOf})`, [executor]);
  return client;
}

async function ownWorkflows(client: pg.Client, { executor }: ExecutorOptions): Promise<ReadonlySet<string>> {
  const own = await client.query<{ workflow_uuid: string }>(
    "select workflow_uuid from dbos.workflow_status where status = 'PENDING' and executor_id = $1",
    [executor],
  );
  return new Set(own.rows.map((row) => row.workflow_uuid));
}

async function takeOver(
  client: pg.Client,
  { executor, version, queue, announce, log }: ExecutorOptions,
): Promise<void> {
  const owners = await client.query<{ executor_id: string }>(
    `select distinct executor_id from dbos.workflow_status
     where status = 'PENDING' and application_version = $1 and executor_id <> $2`,
    [version, executor],
  );
  for (const { executor_id: owner } of owners.rows) {
    const answer = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${lockOf}) as got`, [
      owner,
    ]);
    if (!answer.rows[0]?.got) continue;
    log("info", "Work that a stopped process left is taken up again.");
    // What ran without a queue would go to DBOS's own, which every process takes from, workers or not.
    await client.query(
      "update dbos.workflow_status set queue_name = $2 where status = 'PENDING' and executor_id = $1 and queue_name is null",
      [owner, queue],
    );
    await DBOSExecutor.globalInstance?.recoverPendingWorkflows([owner]);
    await client.query(`select pg_advisory_unlock(${lockOf})`, [owner]);
    await announce();
  }
}
