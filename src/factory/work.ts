import { availableParallelism } from "node:os";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { openAttempts } from "./attempts.ts";
import { openCallbacks } from "./callbacks.ts";
import type { Database } from "./database/database.ts";
import { openEngine } from "./engine/dbos.ts";
import type { Engine, Interpreter } from "./engine/engine.ts";
import type { FactoryOptions } from "./factory-types.ts";
import { type Message, runDag } from "./interpreter.ts";
import { openLeftovers } from "./leftovers.ts";
import { openProcesses, type Processes } from "./processes.ts";
import type { Secrets } from "./secrets.ts";
import { openTries, type Tries, type TryParts } from "./tries.ts";

/** The part of a factory that runs things. */
export interface Work {
  readonly engine: Engine<Message>;
  /** Stops everything; what was under way goes on at the next start. */
  readonly stop: () => Promise<void>;
}

interface Closable {
  readonly close: () => Promise<void>;
}

/** Opens engine, interpreter and (in a worker) task processes, callbacks and the look-out for forgotten runs. */
export async function openWork(options: FactoryOptions, stores: Stores): Promise<Work> {
  const closing = new AbortController();
  const readAttempt = openAttempts(stores.database.patient);
  const { worker = true, concurrency = Math.max(2, availableParallelism()) } = options;
  const tasks = worker
    ? openTasks({ ...options, ...stores, concurrency, readAttempt, closing: closing.signal })
    : undefined;
  const engine = await startEngine({
    ...options,
    ...stores,
    readAttempt,
    closing: closing.signal,
    tasks,
  }).catch(async (error: unknown) => {
    await tasks?.processes.close();
    throw error;
  });
  const parts: readonly Closable[] = [
    openLeftovers({ ...options, ...stores, engine }),
    engine,
    ...(tasks
      ? [
          openCallbacks({ ...options, ...stores, allowPrivate: options.allowPrivate ?? false }),
          tasks.processes,
        ]
      : []),
  ];
  const deaf = listen(stores.database, { engine, tries: tasks?.tries, log: options.log });
  return {
    engine,
    stop: async () => {
      closing.abort();
      deaf();
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

interface Stores {
  readonly database: Database;
  readonly secrets: Secrets;
}

type Context = FactoryOptions & Stores & Pick<TryParts, "readAttempt" | "closing">;

interface Tasks {
  readonly concurrency: number;
  readonly processes: Processes;
  readonly tries: Tries;
}

function openTasks(context: Context & { readonly concurrency: number }): Tasks {
  const { concurrency, taskProcess, environment, storage } = context;
  const processes = openProcesses(taskProcess, concurrency, environment);
  return { concurrency, processes, tries: openTries({ ...context, processes, storageRoot: storage.root }) };
}

function startEngine(context: Context & { readonly tasks: Tasks | undefined }): Promise<Engine<Message>> {
  const { databaseUrl, database, readAttempt, closing, tasks, log } = context;
  const interpreter: Interpreter<Message> = {
    runDag: (input, durable) =>
      unlessClosing(closing, () => runDag(input, durable, { database: database.patient, readAttempt })),
    runTry: (input) => tasks?.tries.run(input) ?? never(),
  };
  return openEngine({
    ...{ databaseUrl, interpreter, concurrency: tasks?.concurrency ?? 0, log },
    keepOnly: (ids) => tasks?.tries.keepOnly(ids),
    // Only a hint: should it be lost, the queues are looked into by the clock.
    announce: async (queue) => {
      await database.query("select pg_notify('aircan_queue', $1)", [queue]).catch(() => {});
    },
  });
}

interface Listeners {
  readonly engine: Engine<Message>;
  readonly tries: Tries | undefined;
  readonly log: Log;
}

/** Hears what other processes say: something was queued, a run is being cancelled. */
function listen(database: Database, { engine, tries, log }: Listeners): () => void {
  const failed = (error: unknown) => log("debug", `Cancelling failed: ${messageOf(error)}`);
  const deaf = [
    database.listen("aircan_queue", (queue) => {
      for (const one of ["runs", "tasks"] as const)
        if (queue === undefined || queue === one) engine.look(one);
    }),
    database.listen("aircan_cancel", (run) => void tries?.cancel(run).catch(failed)),
  ];
  return () => {
    for (const stop of deaf) stop();
  };
}

const never = () => new Promise<never>(() => {});

/** What a run does while the factory closes is neither done nor failed: it goes on at the next start. */
async function unlessClosing(closing: AbortSignal, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!closing.aborted) throw error;
  }
  if (closing.aborted) await never();
}
