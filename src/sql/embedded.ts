import { randomBytes } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { type Cluster, folderError, prepareCluster } from "./embedded-account.ts";
import { findRunning, freePort, initialise, startServer, stopServer } from "./embedded-server.ts";
import { inTurn } from "./folder-turns.ts";

export interface DatabaseOptions {
  readonly dataFolder: string;
  /** A PostgreSQL that runs elsewhere: nothing is started or stopped. */
  readonly databaseUrl?: string | undefined;
  /** The folder is another AirCan's at this moment: `refuse` (the default), or `join` it as a client. */
  readonly whenInUse?: "refuse" | "join";
  readonly log: Log;
}

export interface OpenDatabase {
  /** With the password: never to be logged. */
  readonly url: string;
  /** True if PostgreSQL was running already. */
  readonly adopted: boolean;
  /** Lets go of it; the last AirCan that does stops PostgreSQL. */
  readonly close: () => Promise<void>;
}

interface Access {
  readonly port: number;
  readonly password: string;
}

/** Keys of PostgreSQL's advisory locks: who owns the data folder, and everyone who uses the database. */
const ownerLock = 4_711_001;
const userLock = 4_711_002;

/**
 * The database of a data folder: the one of `databaseUrl`, or an embedded PostgreSQL in `<folder>/postgres`,
 * which is set up, started, adopted if it runs already (after a kill -9 of ours), and started again if it dies.
 *
 * @throws AirCanError `data-folder-error` if the folder is used or owned by someone else, `database-error`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) return openElsewhere(options.databaseUrl);
  const dataFolder = resolve(options.dataFolder);
  const cluster = await prepareCluster(dataFolder, options.log);
  const { settled, present } = await inTurn(join(dataFolder, "setup.lock"), () =>
    start(dataFolder, cluster, options.log),
  );
  const url = urlOf(settled);
  const guard = await openGuard({ cluster, access: settled, dataFolder, options });
  return { url, adopted: present, close: guard };
}

/** Starts PostgreSQL unless it runs. Several AirCans may begin at one moment, on a folder that is still empty. */
async function start(dataFolder: string, cluster: Cluster, log: Log) {
  const access = await readAccess(dataFolder, cluster);
  const present = (await findRunning(cluster)) !== undefined;
  if (!present) log("debug", `Starting PostgreSQL in ${cluster.folder}.`);
  const running = await startServer(cluster, access.port);
  return { settled: running.port === access.port ? access : { ...access, port: running.port }, present };
}

async function openElsewhere(url: string): Promise<OpenDatabase> {
  const client = await connect(url);
  await client.end();
  return { url, adopted: true, close: async () => {} };
}

function urlOf({ port, password }: Access): string {
  return `postgresql://aircan:${password}@127.0.0.1:${port}/postgres`;
}

/** Port and password, kept in a file that only its owner reads; made with the cluster itself. */
async function readAccess(dataFolder: string, cluster: Cluster): Promise<Access> {
  const path = join(dataFolder, "database.json");
  const initialised = await stat(join(cluster.data, "PG_VERSION")).catch(() => undefined);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (initialised) throw folderError(dataFolder, `${path} cannot be read: ${messageOf(error)}`, error);
    return undefined;
  });
  // The file is ours: it is written whole, by the lines below.
  const known = text === undefined ? undefined : (JSON.parse(text) as Access);
  const running = known && (await findRunning(cluster));
  const port = running ? running.port : await freePort(known?.port);
  const access = { port, password: known?.password ?? randomBytes(24).toString("hex") };
  await writeAccess(path, access);
  if (!initialised) await initialise(cluster, access.password);
  return access;
}

async function writeAccess(path: string, access: Access): Promise<void> {
  try {
    await writeFile(`${path}.${process.pid}.tmp`, JSON.stringify(access), { mode: 0o600 });
    await rename(`${path}.${process.pid}.tmp`, path);
  } catch (error) {
    throw folderError(path, messageOf(error), error);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host, port, user, database } = client;
    throw new AirCanError(
      "database-error",
      `PostgreSQL at ${host}:${port} (database ${database}, user ${user}) refuses: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

interface Guarded {
  readonly cluster: Cluster;
  readonly access: Access;
  readonly dataFolder: string;
  readonly options: DatabaseOptions;
}

/**
 * Holds the locks on one session for as long as the database is open, and starts PostgreSQL again when the
 * session breaks because PostgreSQL died. Gives the function that ends it all.
 */
async function openGuard(guarded: Guarded): Promise<() => Promise<void>> {
  const state: { closing: boolean; client: pg.Client; watch: Promise<void> } = {
    closing: false,
    client: await connect(urlOf(guarded.access)),
    watch: Promise.resolve(),
  };
  try {
    await takeLocks(state.client, guarded);
  } catch (error) {
    await state.client.end();
    throw error;
  }
  const mend = async (): Promise<void> => {
    while (!state.closing) {
      try {
        await startServer(guarded.cluster, guarded.access.port);
        state.client = await connect(urlOf(guarded.access));
        await takeLocks(state.client, guarded);
        state.client.once("end", onEnd);
        return;
      } catch (error) {
        guarded.options.log("warning", `PostgreSQL is not back yet: ${messageOf(error)}`);
        await pause(200);
      }
    }
  };
  const onEnd = () => {
    if (state.closing) return;
    guarded.options.log("warning", "PostgreSQL went away; starting it again.");
    state.watch = mend();
  };
  state.client.once("end", onEnd);
  return async () => {
    if (state.closing) return;
    state.closing = true;
    await state.watch;
    await letGo(state.client, guarded.cluster);
  };
}

/** The owner's lock may be held for a moment longer by a session whose process was killed: hence the tries. */
async function takeLocks(client: pg.Client, { dataFolder, options }: Guarded): Promise<void> {
  await client.query("select pg_advisory_lock_shared($1)", [userLock]);
  if (options.whenInUse === "join") return;
  for (let attempt = 0; attempt < 10; attempt++) {
    const answer = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [
      ownerLock,
    ]);
    if (answer.rows[0]?.got) return;
    await pause(100);
  }
  throw folderError(dataFolder, "another AirCan is using it");
}

/** Stops PostgreSQL unless another AirCan still uses it. */
async function letGo(client: pg.Client, cluster: Cluster): Promise<void> {
  const running = await findRunning(cluster);
  if (!running) return client.end().catch(() => {});
  const last = await client
    .query<{ last: boolean }>("select pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) as last", [
      userLock,
    ])
    .then(
      (answer) => answer.rows[0]?.last === true,
      () => true,
    );
  if (last) await stopServer(running);
  await client.end().catch(() => {});
}
