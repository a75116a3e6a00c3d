import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { DBOS, type DLogger } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import {
  type Durable,
  type Engine,
  type Interpreter,
  type MissingRun,
  type QueuedTry,
  type QueueName,
  type RunInput,
  type TryInput,
  tryId,
  workflowId,
} from "./engine.ts";
import { openQueueBell, type QueueBell } from "./queue-bell.ts";
import { type ExecutorWatch, watchExecutors } from "./recovery.ts";
import { openSlots, type Slots } from "./slots.ts";

export interface EngineOptions<Message> {
  readonly databaseUrl: string;
  readonly interpreter: Interpreter<Message>;
  /** Tries at once in this process; 0: this process only starts and tells, others work. */
  readonly concurrency: number;
  /** Called when others may have taken over work of this process: all but these tries must be let go of. */
  readonly keepOnly: (tries: ReadonlySet<string>) => void;
  /** Tells every process that something was queued, so that each calls `look`. */
  readonly announce: (queue: QueueName) => Promise<void>;
  readonly log: Log;
}

/** What registered workflows use: DBOS is one per process, and so is this. */
interface Held {
  readonly interpreter: Interpreter<unknown>;
  readonly slots: Slots;
  readonly announce: (queue: QueueName) => Promise<void>;
  readonly bells: Map<QueueName, QueueBell>;
}

/** Raised when replay of an older history would go another way; recovery and queues go by it. */
const interpreterVersion = "aircan-1";
const runQueue = "aircan-runs";
const taskQueue = "aircan-tasks";
const topic = "done";
const batch = 32;
const settle = 25;
/** How often DBOS looks into the queues by itself, should a notice have been lost. */
const minPollingIntervalMs = 500;
/** No time limit: with a number DBOS would write down a deadline for each message. */
const forever = Number.NaN;

const open: { held: Held | undefined } = { held: undefined };

function held(): Held {
  if (!open.held) throw new AirCanError("bug", "A workflow ran without an interpreter.");
  return open.held;
}

const dagRun = DBOS.registerWorkflow(
  async (input: RunInput) => {
    await held().interpreter.runDag(input, durable);
    // Then DBOS has written down that it is over, and the next run of its lane may begin.
    setTimeout(() => void open.held?.announce("runs").catch(() => {}), settle).unref();
  },
  { name: "dagRun", maxRecoveryAttempts: 1_000 },
);

const taskTry = DBOS.registerWorkflow(
  async (input: TryInput) => {
    const { interpreter, slots, bells } = held();
    const reserved = await slots.enter(tryId(input));
    // Where one was queued there may be more.
    if (!reserved) bells.get("tasks")?.ring();
    const message = await interpreter.runTry(input).finally(slots.leave);
    bells.get("tasks")?.offer();
    await DBOS.send(input.parent, message, topic);
  },
  { name: "taskTry", maxRecoveryAttempts: 1_000 },
);

const durable: Durable<unknown> = {
  step: (name, body) => DBOS.runStep(body, { name }),
  enqueue: async (tries) => {
    let queued = false;
    for (let from = 0; from < tries.length; from += batch)
      for (const one of await Promise.all(tries.slice(from, from + batch).map(enqueueTry))) queued ||= one;
    if (queued) await held().announce("tasks");
  },
  receive: async () => {
    for (;;) {
      const message = await DBOS.recv(topic, { timeoutSeconds: forever, pollingIntervalMs: 1_000 });
      if (message !== null) return message;
    }
  },
};

/** Begins a try in this process if there is a slot for it, else queues it for all. True if it was queued. */
async function enqueueTry({ id, input, delaySeconds }: QueuedTry): Promise<boolean> {
  const here = delaySeconds === 0 && held().slots.reserve(id);
  const enqueueOptions = delaySeconds > 0 ? { delaySeconds } : {};
  const queue = here ? {} : { queueName: taskQueue, enqueueOptions };
  await DBOS.startWorkflow(taskTry, { workflowID: id, ...queue })(input);
  return !here;
}

/**
 * Starts DBOS on the factory's database. One per process.
 *
 * @throws AirCanError `conflict` if one is open in this process.
 */
export async function openEngine<Message>(options: EngineOptions<Message>): Promise<Engine<Message>> {
  if (open.held) throw new AirCanError("conflict", "A factory is open in this process already.");
  const mine: Held = {
    // Messages are written and read by the same interpreter: what goes in as Message comes out as Message.
    interpreter: options.interpreter as Interpreter<unknown>,
    slots: openSlots(options.concurrency),
    announce: options.announce,
    bells: new Map(),
  };
  open.held = mine;
  try {
    return engineOf(await oneByOne(options.databaseUrl, () => launch(options, mine)), mine);
  } catch (error) {
    open.held = undefined;
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

/**
 * Processes that start at one moment bring DBOS's tables up to date one after the other. They ask for the lock
 * again and again: a statement that waits for it would keep DBOS's `create index concurrently` waiting in turn.
 */
async function oneByOne<Result>(databaseUrl: string, launching: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    const got = async () =>
      (await client.query("select pg_try_advisory_lock($1) as got", [launchLock])).rows[0]?.got === true;
    while (!(await got())) await pause(50);
    return await launching();
  } finally {
    await client.end().catch(() => {});
  }
}

async function launch<Message>(options: EngineOptions<Message>, mine: Held): Promise<ExecutorWatch> {
  const executor = randomUUID();
  configure(options, executor);
  const working = options.concurrency > 0;
  const place = { executor, version: interpreterVersion, queue: taskQueue };
  const announce = async () => {
    await Promise.all([options.announce("runs"), options.announce("tasks")]);
  };
  const watch = working ? await watchExecutors({ ...options, ...place, announce }) : idle;
  try {
    await DBOS.launch();
    await openQueues(mine, options.concurrency);
  } catch (error) {
    await watch.close();
    throw error;
  }
  watch.begin();
  return watch;
}

function configure<Message>(
  { databaseUrl, concurrency, log }: EngineOptions<Message>,
  executor: string,
): void {
  DBOS.setConfig({
    name: "aircan",
    systemDatabaseUrl: withIdleTimeout(databaseUrl),
    systemDatabaseSchemaName: "dbos",
    systemDatabasePoolSize: 20,
    systemDatabaseIdleTransactionTimeoutMs: 0,
    applicationVersion: interpreterVersion,
    executorID: executor,
    listenQueues: concurrency > 0 ? [runQueue, taskQueue] : [],
    notificationCoalesceMs: 1,
    logger: loggerOf(log),
  });
}

async function openQueues({ bells }: Held, concurrency: number): Promise<void> {
  const common = { minPollingIntervalMs, onConflict: "always_update" } as const;
  const runs = await DBOS.registerQueue(runQueue, {
    ...common,
    partitionConcurrency: 1,
    workerConcurrency: 200,
  });
  if (concurrency === 0) return;
  const tasks = await DBOS.registerQueue(taskQueue, { ...common, workerConcurrency: concurrency });
  bells.set("runs", openQueueBell(runs)).set("tasks", openQueueBell(tasks));
}

const idle = { begin: () => {}, close: async () => {} };

function engineOf<Message>(watch: ExecutorWatch, mine: Held): Engine<Message> {
  return {
    look: (queue) => mine.bells.get(queue)?.ring(),
    start: async (input, lane) => {
      const workflowID = workflowId(input);
      const enqueueOptions = { queuePartitionKey: lane };
      await DBOS.startWorkflow(dagRun, { workflowID, queueName: runQueue, enqueueOptions })(input);
      await mine.announce("runs");
    },
    tell: (input, message) => DBOS.send(workflowId(input), message, topic),
    missing,
    forget,
    close: async () => {
      await Promise.all([watch, ...mine.bells.values()].map((part) => part.close()));
      await DBOS.shutdown();
      open.held = undefined;
    },
  };
}

async function missing(inputs: readonly RunInput[]): Promise<readonly MissingRun[]> {
  const found = await DBOS.listWorkflows({
    workflowIDs: inputs.map(workflowId),
    loadInput: false,
    loadOutput: false,
  });
  const statuses = new Map(found.map((one) => [one.workflowID, one.status]));
  return inputs
    .map((input) => ({ ...input, status: statuses.get(workflowId(input)) }))
    .filter(({ status }) => status === undefined || !["ENQUEUED", "PENDING", "DELAYED"].includes(status));
}

async function forget(run: string): Promise<void> {
  for (const prefix of [`${run}#`, `${run}/`]) {
    const found = await DBOS.listWorkflows({
      workflow_id_prefix: prefix,
      loadInput: false,
      loadOutput: false,
    });
    await DBOS.deleteWorkflows(found.map((one) => one.workflowID));
  }
}

function loggerOf(log: Log): DLogger {
  const say = (entry: unknown) => log("debug", `engine: ${messageOf(entry)}`);
  return { info: say, debug: () => {}, warn: say, error: say };
}
