import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLog } from "../base/log.ts";
import { startTestDatabase, type TestDatabase } from "../sql/test-database.ts";
import { openLocalStorage } from "../storage/local.ts";
import type { Factory, FactoryOptions } from "./factory-types.ts";
import { openFactory } from "./open-factory.ts";

/** A factory on a real PostgreSQL of its own, with files in a folder of its own. */
export interface TestFactory {
  readonly factory: () => Factory;
  readonly database: TestDatabase;
  readonly folder: string;
  /** Closes the factory and opens it again on the same database and folder. */
  readonly reopen: () => Promise<Factory>;
  readonly close: () => Promise<void>;
}

/** Starts a factory for one test file. `close` in `afterAll`. */
export async function startTestFactory(options: Partial<FactoryOptions> = {}): Promise<TestFactory> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-factory-"));
  const database = await startTestDatabase();
  const open = () =>
    openFactory({
      databaseUrl: database.url,
      dataFolder: folder,
      storage: openLocalStorage(join(folder, "storage")),
      taskProcess: fileURLToPath(new URL("./test-task-process.ts", import.meta.url)),
      log: silentLog,
      ...options,
    });
  let factory = await open();
  return {
    factory: () => factory,
    database,
    folder,
    reopen: async () => {
      await factory.close();
      factory = await open();
      return factory;
    },
    close: async () => {
      await factory.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the end of a run (of its present attempt). */
export async function untilEnded(factory: Factory, run: string): Promise<void> {
  const abort = new AbortController();
  for await (const event of factory.subscribe({ run, after: 0, signal: abort.signal })) {
    if (event.type !== "run.ended") continue;
    if ((await factory.showRun(run)).ended !== null) abort.abort();
  }
}

/** Waits for the first event of a type. */
export async function untilEvent(factory: Factory, run: string, type: string): Promise<void> {
  const abort = new AbortController();
  for await (const event of factory.subscribe({ run, after: 0, signal: abort.signal }))
    if (event.type === type) abort.abort();
}
