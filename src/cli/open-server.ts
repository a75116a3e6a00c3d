import { extname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AirCanError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { loadDag } from "../ckan/load-dag.ts";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import type { Factory } from "../factory/factory.ts";
import { openFactory } from "../factory/open-factory.ts";
import { processors } from "../processors/registry.ts";
import { createApp } from "../server/app.ts";
import { flowDag, validateDag } from "../server/one-shot-dags.ts";
import type { App } from "../server/parts.ts";
import { openPool, prepareDatastore } from "../sql/datastore.ts";
import { openDatabase } from "../sql/embedded.ts";
import { openLocalStorage } from "../storage/local.ts";
import { checkTask } from "./check-task.ts";
import { loadDagFile } from "./dag-file.ts";
import { reachOf } from "./reach.ts";
import { databaseOptions, dataFolderOf, type Settings, settingDefinitions, sizeSetting } from "./settings.ts";

export interface ServerOptions {
  readonly settings: Settings;
  /** The folder the command was called in. */
  readonly folder: string;
  readonly version: string;
  readonly log: Log;
  /** False: only the API; runs are left to a worker. */
  readonly worker?: boolean;
  /** Use the data folder beside a factory that runs on it. */
  readonly join?: boolean;
  /** Ask for no tokens: who opens it holds the database anyway. */
  readonly open?: boolean;
  readonly concurrency?: number;
}

/** A factory with its API, and what it stands on. */
export interface OpenServer {
  readonly factory: Factory;
  readonly app: App;
  /** Stops everything within two seconds; runs under way go on at the next start. */
  readonly close: () => Promise<void>;
}

/** Milliseconds after which PostgreSQL is stopped, whoever still speaks to it: it must not outlive us. */
const patience = 2500;

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Opens database, storage and factory of the settings, and the API over them; nothing listens yet.
 *
 * @throws AirCanError `data-folder-error`, `database-error`, `storage-error`, `config-error`.
 */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { settings, folder, log } = options;
  const parts = serverParts(options);
  const ofFactory = factoryOptions(options);
  const database = await openDatabase({
    ...databaseOptions(settings, folder, log),
    whenInUse: options.join ? "join" : "refuse",
  });
  const pools = { pool: openPool(database.url), dumpPool: openPool(database.url) };
  const endPools = () => Promise.all([pools.pool.end(), pools.dumpPool.end()]);
  try {
    await prepareDatastore(database.url);
    const factory = await openFactory({ ...ofFactory, databaseUrl: database.url });
    return {
      factory,
      app: createApp({ ...parts, ...pools, factory }),
      close: async () => {
        const closed = Promise.all([factory.close(), endPools()]);
        await Promise.race([closed, pause(patience, undefined, { ref: false })]);
        await database.close();
      },
    };
  } catch (error) {
    await endPools();
    await database.close();
    throw error;
  }
}

function factoryOptions({ settings, folder, log, worker, concurrency }: ServerOptions) {
  const dataFolder = dataFolderOf(settings, folder);
  const dagsFolder = settings.dags.value;
  return {
    dataFolder,
    storage: openLocalStorage(storageFolder(settings) ?? join(dataFolder, "storage")),
    taskProcess: beside(`./task-process${extname(import.meta.url)}`),
    builtIn: [loadDag, validateDag, flowDag],
    loadDagFile,
    checkTask,
    allowPrivate: reachOf(settings).allowPrivate,
    environment: reachEnvironment(settings),
    worker: worker ?? true,
    log,
    ...(dagsFolder === undefined ? {} : { dagsFolder }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

/** Tasks reach as far as the server: their processes take it from the environment. */
function reachEnvironment(settings: Settings): Record<string, string> {
  const names = ["allowPrivateUrls", "allowLocal", "allowBuckets", "maxDownload", "fetchTimeout"] as const;
  return Object.fromEntries(names.map((name) => [settingDefinitions[name].env, settings[name].value ?? ""]));
}

function serverParts({ settings, version, log, open }: ServerOptions) {
  return {
    engine: async () => createDuckDBEngine(),
    processors,
    uiFolder: beside("../../dist/ui"),
    version,
    maxUpload: sizeSetting(settings, "maxUpload"),
    open: open ?? false,
    log,
  };
}

/** @throws AirCanError `config-error` for a storage that is no folder. */
function storageFolder({ storage: { value, origin } }: Settings): string | undefined {
  if (value === undefined || !/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) return value;
  throw new AirCanError("config-error", `The storage ${value} (from ${origin}) is no folder.`, {
    hint: "Name a folder; this version stores files in no other place.",
  });
}
