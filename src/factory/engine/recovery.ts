import { setTimeout as pause } from "node:timers/promises";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import pg from "pg";
import { messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";

export interface ExecutorOptions {
  readonly databaseUrl: string;
  /** Id of this process in the engine. */
  readonly executor: string;
  readonly version: string;
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
  const state = {
    closed: false,
    client: (await takeLock(options)) as pg.Client | undefined, // undefined while it is broken
    peaceUntil: 0,
    wake: new AbortController(),
  };
  const turn = async (): Promise<void> => {
    try {
      if (!state.client) {
        state.client = await takeLock(options);
        state.peaceUntil = Date.now() + truce;
        options.keepOnly(await ownWorkflows(state.client, options));
      }
      if (Date.now() >= state.peaceUntil) await takeOver(state.client, options);
      else await state.client.query("select 1");
    } catch (error) {
      options.log("debug", `Looking for dead workers failed: ${messageOf(error)}`);
      await state.client?.end().catch(() => {});
      state.client = undefined;
    }
  };
  let loop = Promise.resolve();
  return {
    begin: () => {
      loop = (async () => {
        while (!state.closed) {
          await turn();
          await pause(every, undefined, { signal: state.wake.signal, ref: false }).catch(() => {});
        }
      })();
    },
    close: async () => {
      state.closed = true;
      state.wake.abort();
      await loop;
      await state.client?.end().catch(() => {});
    },
  };
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

async function takeOver(client: pg.Client, { executor, version, log }: ExecutorOptions): Promise<void> {
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
    await DBOSExecutor.globalInstance?.recoverPendingWorkflows([owner]);
    await client.query(`select pg_advisory_unlock(${lockOf})`, [owner]);
  }
}
