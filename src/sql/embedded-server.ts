import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AirCanError } from "../base/errors.ts";
import type { Cluster } from "./embedded-account.ts";

/** A running postmaster. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** fsync stays on. Minimal WAL lets a load into a new table skip the log. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_connections: "200",
  shared_buffers: "128MB",
  max_wal_size: "4GB",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** Makes PostgreSQL's files, all or nothing: they get their name when they are complete. */
export async function initialise(cluster: Cluster, password: string): Promise<void> {
  const staging = join(cluster.folder, "data.new");
  const passwordFile = join(cluster.folder, "initial-password");
  await rm(staging, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (cluster.account) await chown(passwordFile, cluster.account.uid, cluster.account.gid);
  try {
    await runInitdb(cluster, [
      `--pgdata=${staging}`,
      `--pwfile=${passwordFile}`,
      "--username=aircan",
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ]);
    await rename(staging, cluster.data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(cluster: Cluster, args: readonly string[]): Promise<void> {
  const child = spawn(cluster.initdb, args, {
    ...cluster.account,
    cwd: cluster.folder,
    env: { LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new AirCanError("database-error", `PostgreSQL could not be set up in ${cluster.folder}: ${said}`, {
      hint: "Check the free space and the rights of the data folder.",
    });
}

/** The postmaster that runs on these files, if any. */
export async function findRunning(cluster: Cluster): Promise<Running | undefined> {
  const lines = (await readFile(join(cluster.data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!(pid > 0) || !(await isPostgres(pid))) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/** True if the process lives and, where that can be seen, is PostgreSQL and not one that got its old number. */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "postgres");
  return name.trim() === "postgres";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Starts PostgreSQL on its files and waits until it answers. Files left by a crash are PostgreSQL's to mend.
 * If another process is starting it at this moment, that one is given.
 */
export async function startServer(cluster: Cluster, port: number, patience = 30_000): Promise<Running> {
  const deadline = Date.now() + patience;
  for (;;) {
    const present = await findRunning(cluster);
    if (present?.ready) return present;
    if (!present) {
      await rm(join(cluster.data, "postmaster.pid"), { force: true });
      const started = await attempt(cluster, port, deadline);
      if (started) return started;
    }
    if (Date.now() > deadline) throw await startError(cluster);
    await pause(100);
  }
}

async function attempt(cluster: Cluster, port: number, deadline: number): Promise<Running | undefined> {
  const log = await open(join(cluster.folder, "postgres.log"), "a", 0o600);
  const options = Object.entries({ ...settings, port: String(port) }).map(
    ([key, value]) => `--${key}=${value}`,
  );
  const child = spawn(cluster.postgres, ["-D", cluster.data, ...options], {
    ...cluster.account,
    cwd: cluster.folder,
    env: { LC_ALL: "C" },
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  child.unref();
  await log.close();
  const state = { ended: false };
  child.once("exit", () => {
    state.ended = true;
  });
  child.once("error", () => {
    state.ended = true;
  });
  while (!state.ended && Date.now() < deadline) {
    const running = await findRunning(cluster);
    if (running?.ready && running.pid === child.pid) return running;
    await pause(10);
  }
  return undefined;
}

async function startError(cluster: Cluster): Promise<AirCanError> {
  const text = await readFile(join(cluster.folder, "postgres.log"), "utf8").catch(() => "");
  const last = text.trimEnd().split("\n").slice(-5).join("\n");
  return new AirCanError("database-error", `The embedded PostgreSQL does not start: ${last}`, {
    hint: `See ${join(cluster.folder, "postgres.log")}.`,
  });
}

/** Stops PostgreSQL cleanly; after 1.2 s at once, which its next start recovers from. */
export async function stopServer({ pid }: Running): Promise<void> {
  signal(pid, "SIGINT");
  if (await gone(pid, 1_200)) return;
  signal(pid, "SIGQUIT");
  await gone(pid, 5_000);
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}

async function gone(pid: number, patience: number): Promise<boolean> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await pause(10))
    if (!(await isPostgres(pid))) return true;
  return false;
}

/** A port of the loopback interface: `wanted` if nobody listens there, else any free one. */
export async function freePort(wanted?: number): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(wanted ?? 0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
  });
  return promise.catch(() => freePort());
}
