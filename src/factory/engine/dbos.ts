import { randomUUID } from "node:crypto";
import { DBOS, type DLogger } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import {
  type Durable,
  type Engine,
  type Interpreter,
  type QueuedTry,
  type RunInput,
  type TryInput,
  workflowId,
} from "./engine.ts";
import { watchExecutors } from "./recovery.ts";

export interface EngineOptions<Message> {
  readonly databaseUrl: string;
  readonly interpreter: Interpreter<Message>;
  /** Tries at once in this process; 0: this process only starts and tells, others work. */
  readonly concurrency: number;
  /** Called when others may have taken over work of this process: all but these tries must be let go of. */
  readonly keepOnly: (tries: ReadonlySet<string>) => void;
  readonly log: Log;
}

/** Raised when replay of an older history would go another way; recovery and queues go by it. */
const interpreterVersion = "aircan-1";
const runQueue = "aircan-runs";
const taskQueue = "aircan-tasks";
const topic = "done";
const batch = 32;
/** No time limit: with a number DBOS would write down a deadline for each message. */
const forever = Number.NaN;

/** DBOS is one per process: so is the interpreter that its registered workflows call. */
const held: { interpreter: Interpreter<unknown> | undefined } = { interpreter: undefined };

function interpreter(): Interpreter<unknown> {
  if (!held.interpreter) throw new AirCanError("bug", "A workflow ran without an interpreter.");
  return held.interpreter;
}

const dagRun = DBOS.registerWorkflow((input: RunInput) => interpreter().runDag(input, durable), {
  name: "dagRun",
  maxRecoveryAttempts: 1_000,
});

const taskTry = DBOS.registerWorkflow(
  async (input: TryInput) => {
    const message = await interpreter().runTry(input);
    await DBOS.send(input.parent, message, topic);
  },
  { name: "taskTry", maxRecoveryAttempts: 1_000 },
);

const durable: Durable<unknown> = {
  step: (name, body) => DBOS.runStep(body, { name }),
  enqueue: async (tries) => {
    for (let from = 0; from < tries.length; from += batch)
      await Promise.all(tries.slice(from, from + batch).map(enqueueTry));
  },
  receive: async () => {
    for (;;) {
      const message = await DBOS.recv(topic, { timeoutSeconds: forever, pollingIntervalMs: 1_000 });
      if (message !== null) return message;
    }
  },
};

async function enqueueTry({ id, input, delaySeconds }: QueuedTry): Promise<void> {
  const enqueueOptions = delaySeconds > 0 ? { delaySeconds } : {};
  await DBOS.startWorkflow(taskTry, { workflowID: id, queueName: taskQueue, enqueueOptions })(input);
}

/**
 * Starts DBOS on the factory's database. One per process.
 *
 * @throws AirCanError `conflict` if one is open in this process.
 */
export async function openEngine<Message>(options: EngineOptions<Message>): Promise<Engine<Message>> {
  if (held.interpreter) throw new AirCanError("conflict", "A factory is open in this process already.");
  // Messages are written and read by the same interpreter: what goes in as Message comes out as Message.
  held.interpreter = options.interpreter as Interpreter<unknown>;
  const executor = randomUUID();
  try {
    const watch = await oneByOne(options.databaseUrl, () => launch(options, executor));
    return engineOf(watch);
  } catch (error) {
    held.interpreter = undefined;
    await DBOS.shutdown().catch(() => {});
    throw error instanceof AirCanError
      ? error
      : new AirCanError("database-error", `The engine does not start: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Sessions left idle inside a transaction end after a minute. Said in the address, as DBOS would say it by a
 * query at connect, of which pg warns on the user's terminal.
 */
function withIdleTimeout(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const before = url.searchParams.get("options");
  const timeout = "-c idle_in_transaction_session_timeout=60000";
  url.searchParams.set("options", before ? `${before} ${timeout}` : timeout);
  return url.href;
}

const launchLock = 4_711_011;

/** Processes that start at one moment bring DBOS's tables up to date one after the other. */
async function oneByOne<Result>(databaseUrl: string, launching: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [launchLock]);
    return await launching();
  } finally {
    await client.end().catch(() => {});
  }
}

async function launch<Message>(
  { databaseUrl, concurrency, keepOnly, log }: EngineOptions<Message>,
  executor: string,
): Promise<{ close: () => Promise<void> }> {
  DBOS.setConfig({
    name: "aircan",
    systemDatabaseUrl: withIdleTimeout(databaseUrl),
    systemDatabaseSchemaName: "dbos",
    systemDatabasePoolSize: 20,
    applicationVersion: interpreterVersion,
    executorID: executor,
    listenQueues: concurrency > 0 ? [runQueue, taskQueue] : [],
    notificationCoalesceMs: 1,
    logger: loggerOf(log),
  });
  const watch =
    concurrency > 0
      ? await watchExecutors({ databaseUrl, executor, version: interpreterVersion, keepOnly, log })
      : idle;
  try {
    await DBOS.launch();
  } catch (error) {
    await watch.close();
    throw error;
  }
  const onConflict = "always_update";
  await DBOS.registerQueue(runQueue, {
    partitionConcurrency: 1,
    workerConcurrency: 200,
    minPollingIntervalMs: 25,
    onConflict,
  });
  if (concurrency > 0)
    await DBOS.registerQueue(taskQueue, {
      workerConcurrency: concurrency,
      minPollingIntervalMs: 10,
      onConflict,
    });
  watch.begin();
  return watch;
}

const idle = { begin: () => {}, close: async () => {} };

function engineOf<Message>(watch: { close: () => Promise<void> }): Engine<Message> {
  return {
    start: async (input, lane) => {
      const workflowID = workflowId(input);
      const enqueueOptions = { queuePartitionKey: lane };
      await DBOS.startWorkflow(dagRun, { workflowID, queueName: runQueue, enqueueOptions })(input);
    },
    tell: (input, message) => DBOS.send(workflowId(input), message, topic),
    missing: async (inputs) => {
      const found = await DBOS.listWorkflows({
        workflowIDs: inputs.map(workflowId),
        loadInput: false,
        loadOutput: false,
      });
      const statuses = new Map(found.map((one) => [one.workflowID, one.status]));
      return inputs
        .map((input) => ({ ...input, status: statuses.get(workflowId(input)) }))
        .filter(({ status }) => status === undefined || !["ENQUEUED", "PENDING", "DELAYED"].includes(status));
    },
    forget: async (run) => {
      for (const prefix of [`${run}#`, `${run}/`]) {
        const found = await DBOS.listWorkflows({
          workflow_id_prefix: prefix,
          loadInput: false,
          loadOutput: false,
        });
        await DBOS.deleteWorkflows(found.map((one) => one.workflowID));
      }
    },
    close: async () => {
      await watch.close();
      await DBOS.shutdown();
      held.interpreter = undefined;
    },
  };
}

function loggerOf(log: Log): DLogger {
  const say = (entry: unknown) => log("debug", `engine: ${messageOf(entry)}`);
  return { info: say, debug: () => {}, warn: say, error: say };
}
