import { AirCanError } from "../base/errors.ts";
import { cancelRun, retryRun } from "./acts.ts";
import { type Dags, openDags } from "./dags.ts";
import { watchDagsFolder } from "./dags-folder.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { listDatasets } from "./datasets.ts";
import { lastChecked, runsBefore } from "./earlier-runs.ts";
import type { Factory, FactoryOptions } from "./factory-types.ts";
import { followLogs, subscribe } from "./follow.ts";
import { collectGarbage } from "./garbage.ts";
import { listLogs } from "./logs.ts";
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
import { openScheduler } from "./scheduler.ts";
import { openSchedules, type Schedules } from "./schedules.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { openShares } from "./shares.ts";
import { startRun } from "./starts.ts";
import { openTokens } from "./tokens.ts";
import { sendEvent } from "./triggers.ts";
import { openWork, type Work } from "./work.ts";

/**
 * Opens a factory on a PostgreSQL: brings its tables up to date, takes up the runs that were under way, and
 * works on new ones. One per process.
 *
 * @throws AirCanError `database-error`, `conflict` if one is open in this process, `dag-error` for a built-in DAG.
 */
export async function openFactory(options: FactoryOptions): Promise<Factory> {
  const database = await openDatabase(options.databaseUrl, options.log);
  try {
    return await openParts(options, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openParts(options: FactoryOptions, database: Database): Promise<Factory> {
  const secrets = await openSecrets(database, options.dataFolder);
  const schedules = openSchedules(database);
  const dags = openDags({
    database,
    schedules,
    checkTask: options.checkTask,
    lastRuns: (ids) => lastRuns(database, ids),
  });
  for (const definition of options.builtIn ?? []) await dags.put(definition, "built-in");
  const work = await openWork(options, { database, secrets });
  const folder = await openFolder(options, dags).catch(async (error: unknown) => {
    await work.stop();
    throw error;
  });
  const { log, scheduler: isScheduler = true } = options;
  const starting = { ...work, database, dags, log };
  const scheduler = isScheduler
    ? openScheduler({
        ...{ schedules, log },
        startRun: (request) => startRun(request, starting),
        showRun: (id) => showRun(database, id),
      })
    : undefined;
  const stop = () => Promise.all([folder?.close(), scheduler?.close(), work.stop()]).then(() => {});
  return factoryOf(options, { database, secrets, dags, schedules, ...work, stop });
}

async function openFolder({ dagsFolder, loadDagFile, log }: FactoryOptions, dags: Dags) {
  if (dagsFolder === undefined) return undefined;
  if (!loadDagFile) throw new AirCanError("bug", "A folder of DAGs needs a reader of DAG files.");
  return watchDagsFolder({ folder: dagsFolder, load: loadDagFile, dags, log });
}

interface Parts extends Work {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly dags: Dags;
  readonly schedules: Schedules;
}

function factoryOf(options: FactoryOptions, parts: Parts): Factory {
  const { database, dags, secrets, schedules } = parts;
  const { storage, log } = options;
  const acting = { ...parts, log };
  const shown = (id: string) => showRun(database, id);
  const { resolve: _resolve, ...publicSecrets } = secrets;
  const closing: { work?: Promise<void> } = {};
  return {
    databaseUrl: database.url,
    storage,
    ready: database.ping,
    ...dagMethods(dags),
    startRun: (request) => startRun(request, acting),
    schedules: scheduleMethods(schedules, dags),
    sendEvent: (event, user) =>
      sendEvent(
        event,
        { triggered: dags.triggered, startRun: (request) => startRun(request, acting), log },
        user,
      ),
    shares: openShares(database),
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
    close: () => {
      closing.work ??= parts.stop().finally(database.close);
      return closing.work;
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

/** A schedule is set only of a DAG that is there. */
function scheduleMethods(schedules: Schedules, dags: Dags): Factory["schedules"] {
  return {
    ...schedules,
    put: async (id, dag, spec) => {
      await dags.definition(dag);
      return schedules.put(id, dag, spec);
    },
  };
}

function readMethods(database: Database) {
  return {
    runsBefore: (run) => runsBefore(database, run),
    lastChecked: (dataset) => lastChecked(database, dataset),
    listRuns: (filter = {}) => listRuns(database, filter),
    showRun: (id) => showRun(database, id),
    listTasks: (run) => listTasks(database, run),
    showTask: (run, task, mapIndex = null) => showTask(database, run, { task, mapIndex }),
    listOutputs: (run) => listOutputs(database, run),
    listJobs: (filter = {}) => listJobs(database, filter),
    showJob: (id) => showJob(database, id),
    listDatasets: (filter = {}) => listDatasets(database, filter),
    listEvents: (query = {}) => listEvents(database, query),
    subscribe: (query) => subscribe(database, query),
    listLogs: (query) => listLogs(database, query),
    followLogs: (query) => followLogs(database, query),
  } satisfies Partial<Factory>;
}
