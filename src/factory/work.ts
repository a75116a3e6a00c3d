import { availableParallelism } from "node:os";
import { messageOf } from "../base/errors.ts";
import { openAttempts } from "./attempts.ts";
import { openCallbacks } from "./callbacks.ts";
import type { Database } from "./database/database.ts";
import { openEngine } from "./engine/dbos.ts";
import type { Engine, Interpreter } from "./engine/engine.ts";
import type { FactoryOptions } from "./factory-types.ts";
import { type Message, runDag } from "./interpreter.ts";
import { openLeftovers } from "./leftovers.ts";
import { openProcesses } from "./processes.ts";
import type { Secrets } from "./secrets.ts";
import { openTries, type Tries } from "./tries.ts";

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
export async function openWork(
  options: FactoryOptions,
  { database, secrets }: { readonly database: Database; readonly secrets: Secrets },
): Promise<Work> {
  const { databaseUrl, log, worker = true } = options;
  const closing = new AbortController();
  const readAttempt = openAttempts(database.patient);
  const concurrency = worker ? (options.concurrency ?? Math.max(2, availableParallelism())) : 0;
  const processes = worker ? openProcesses(options.taskProcess, concurrency, options.environment) : undefined;
  const tries =
    processes &&
    openTries({
      ...{ database, readAttempt, processes, secrets, log },
      storageRoot: options.storage.root,
      closing: closing.signal,
    });
  const interpreter: Interpreter<Message> = {
    runDag: (input, durable) =>
      unlessClosing(closing.signal, () =>
        runDag(input, durable, { database: database.patient, readAttempt }),
      ),
    runTry: (input) => (tries ? tries.run(input) : never()),
  };
  const engine = await openEngine({
    databaseUrl,
    interpreter,
    concurrency,
    keepOnly: (ids) => tries?.keepOnly(ids),
    announce: async (queue) => void (await database.query("select pg_notify('aircan_queue', $1)", [queue])),
    log,
  }).catch(async (error: unknown) => {
    await processes?.close();
    throw error;
  });
  const helpers: readonly Closable[] = tries
    ? [openCallbacks({ ...options, allowPrivate: options.allowPrivate ?? false, database, secrets })]
    : [];
  const deaf = [
    database.listen("aircan_queue", (queue) => {
      for (const one of ["runs", "tasks"] as const)
        if (queue === undefined || queue === one) engine.look(one);
    }),
    ...(tries ? [listenForCancel(database, tries, options)] : []),
  ];
  const leftovers = openLeftovers({ database, engine, log });
  return {
    engine,
    stop: async () => {
      closing.abort();
      for (const stop of deaf) stop();
      const parts = [...helpers, leftovers, engine, ...(processes ? [processes] : [])];
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

function listenForCancel(database: Database, tries: Tries, { log }: FactoryOptions): () => void {
  const failed = (error: unknown) => log("debug", `Cancelling failed: ${messageOf(error)}`);
  return database.listen("aircan_cancel", (run) => void tries.cancel(run).catch(failed));
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
