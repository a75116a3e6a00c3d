import { availableParallelism } from "node:os";
import { messageOf } from "../base/errors.ts";
import { cancelRun, retryRun } from "./acts.ts";
import { openAttempts } from "./attempts.ts";
import { type Dags, openDags } from "./dags.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { openEngine } from "./engine/dbos.ts";
import type { Engine, Interpreter } from "./engine/engine.ts";
import type { Factory, FactoryOptions } from "./factory-types.ts";
import { followLogs, subscribe } from "./follow.ts";
import { collectGarbage } from "./garbage.ts";
import { type Message, runDag } from "./interpreter.ts";
import { openLeftovers } from "./leftovers.ts";
import { listLogs } from "./logs.ts";
import { openProcesses } from "./processes.ts";
import {
  lastRuns,
  listEvents,
  listJobs,
  listOutputs,
  listRuns,
  listTasks,
  showJob,
  showRun,
  showTask,
} from "./queries.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { startRun } from "./starts.ts";
import { openTokens } from "./tokens.ts";
import { openTries } from "./tries.ts";

/**
 * Opens a factory on a PostgreSQL: brings its tables up to date, takes up the runs that were under way, and
 * works on new ones. One per process.
 *
 * @throws AirCanError `database-error`, `conflict` if one is open in this process, `dag-error` for a built-in DAG.
 */
export async function openFactory(options: FactoryOptions): Promise<Factory> {
  const { databaseUrl, log } = options;
  const database = await openDatabase(databaseUrl, log);
  try {
    const secrets = await openSecrets(database, options.dataFolder);
    const dags = openDags({
      database,
      checkTask: options.checkTask,
      lastRuns: (ids) => lastRuns(database, ids),
    });
    for (const definition of options.builtIn ?? []) await dags.put(definition, "built-in");
    const work = await openWork(options, { database, secrets });
    return factoryOf(options, { database, secrets, dags, ...work });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Work {
  readonly engine: Engine<Message>;
  /** Stops tasks and engine; what was under way goes on at the next start. */
  readonly stop: () => Promise<void>;
}

/** The part that runs things: engine, interpreter, task processes. */
async function openWork(
  options: FactoryOptions,
  { database, secrets }: { readonly database: Database; readonly secrets: Secrets },
): Promise<Work> {
  const { databaseUrl, log } = options;
  const worker = options.worker ?? true;
  const concurrency = worker ? (options.concurrency ?? Math.max(2, availableParallelism())) : 0;
  const closing = new AbortController();
  const readAttempt = openAttempts(database);
  const processes = worker ? openProcesses(options.taskProcess, concurrency) : undefined;
  const tries =
    processes &&
    openTries({
      database,
      readAttempt,
      processes,
      secrets,
      storageRoot: options.storage.root,
      log,
      closing: closing.signal,
    });
  const interpreter: Interpreter<Message> = {
    runDag: (input, durable) =>
      unlessClosing(closing.signal, () => runDag(input, durable, { database, readAttempt })),
    runTry: (input) => (tries ? tries.run(input) : never()),
  };
  const engine = await openEngine({ databaseUrl, interpreter, concurrency, log }).catch(
    async (error: unknown) => {
      await processes?.close();
      throw error;
    },
  );
  const deaf =
    tries &&
    database.listen(
      "aircan_cancel",
      (run) => void tries.cancel(run).catch((error: unknown) => log("debug", messageOf(error))),
    );
  const leftovers = openLeftovers({ database, engine, log });
  return {
    engine,
    stop: async () => {
      closing.abort();
      deaf?.();
      await Promise.all([processes?.close(), leftovers.close(), engine.close()]);
    },
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

interface Parts extends Work {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly dags: Dags;
}

function factoryOf(options: FactoryOptions, parts: Parts): Factory {
  const { database, dags, secrets } = parts;
  const { storage, log } = options;
  const acting = { ...parts, log };
  const shown = (id: string) => showRun(database, id);
  const { resolve: _resolve, ...publicSecrets } = secrets;
  return {
    databaseUrl: database.url,
    storage,
    ready: async () => void (await database.query("select 1")),
    ...dagMethods(dags),
    startRun: async (request) => {
      const { id, created } = await startRun(request, acting);
      return { run: await shown(id), created };
    },
    cancelRun: async (id) => {
      await cancelRun(id, acting);
      return shown(id);
    },
    retryRun: async (id, how = {}) => {
      await retryRun(id, how, acting);
      return shown(id);
    },
    ...readMethods(database),
    tokens: openTokens(database),
    secrets: publicSecrets,
    collectGarbage: (options) => collectGarbage(options, { ...parts, storage }),
    close: async () => {
      await parts.stop();
      await database.close();
    },
  };
}

function dagMethods(
  dags: Dags,
): Pick<Factory, "putDag" | "listDags" | "showDag" | "dagDefinition" | "pauseDag"> {
  return {
    putDag: async (definition, source = "api") => {
      await dags.put(definition, source);
      return dags.show(definition.dag);
    },
    listDags: dags.list,
    showDag: dags.show,
    dagDefinition: dags.definition,
    pauseDag: async (id, paused) => {
      await dags.pause(id, paused);
      return dags.show(id);
    },
  };
}

function readMethods(database: Database) {
  return {
    listRuns: (filter = {}) => listRuns(database, filter),
    showRun: (id) => showRun(database, id),
    listTasks: (run) => listTasks(database, run),
    showTask: (run, task, mapIndex = null) => showTask(database, run, { task, mapIndex }),
    listOutputs: (run) => listOutputs(database, run),
    listJobs: (filter = {}) => listJobs(database, filter),
    showJob: (id) => showJob(database, id),
    listEvents: (query = {}) => listEvents(database, query),
    subscribe: (query) => subscribe(database, query),
    listLogs: (query) => listLogs(database, query),
    followLogs: (query) => followLogs(database, query),
  } satisfies Partial<Factory>;
}
