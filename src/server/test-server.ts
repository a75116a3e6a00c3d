import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLog } from "../base/log.ts";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import type { Factory, FactoryOptions } from "../factory/factory.ts";
import { startTestFactory } from "../factory/test-factory.ts";
import { processors } from "../processors/registry.ts";
import { openPool, prepareDatastore } from "../sql/datastore.ts";
import { createApp } from "./app.ts";
import type { App, ServerParts } from "./parts.ts";

/** An app over a real factory and PostgreSQL; requests go straight into it. */
export interface TestServer {
  readonly factory: Factory;
  readonly app: App;
  /** Folder of the data; the storage is `storage/` in it. */
  readonly folder: string;
  /** Status and JSON of a call; a body is sent as JSON unless it is a form. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  /** Another app over the same factory. */
  readonly appWith: (parts: Partial<ServerParts>) => App;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  // tests look into answers of every shape
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly json: any;
  readonly headers: Headers;
}

/** Starts a server for one test file. `close` in `afterAll`. */
export async function startTestServer(options: Partial<FactoryOptions> = {}): Promise<TestServer> {
  const { factory: current, folder, database, close } = await startTestFactory(options);
  const factory = current();
  await prepareDatastore(database.url);
  const pool = openPool(database.url);
  const dumpPool = openPool(database.url);
  const uiFolder = join(folder, "ui");
  await mkdir(join(uiFolder, "assets"), { recursive: true });
  await writeFile(join(uiFolder, "index.html"), "<!doctype html><title>the page</title>");
  await writeFile(join(uiFolder, "assets/main-1a2b.js"), "console.log(1)");
  await writeFile(join(folder, "secret.txt"), "not for anyone");
  const appWith = (parts: Partial<ServerParts>) =>
    createApp({
      factory,
      pool,
      dumpPool,
      engine: async () => createDuckDBEngine(),
      processors,
      uiFolder,
      version: "1.2.3",
      maxUpload: 1_000_000,
      open: false,
      log: silentLog,
      ...parts,
    });
  const app = appWith({});
  return {
    factory,
    app,
    folder,
    appWith,
    call: (method, path, body, headers) => call(app, { method, path, body, headers }),
    close: async () => {
      await Promise.all([pool.end(), dumpPool.end()]);
      await close();
    },
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string> | undefined;
}

/** Status and JSON of one call of an app. */
export async function call(app: App, { method, path, body, headers }: Call): Promise<Answer> {
  const all = new Headers(headers);
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) all.set("content-type", "application/json");
  const content = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
  const response = await app.request(path, { method, headers: all, ...content });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, json: isJson ? JSON.parse(text) : text, headers: response.headers };
}
