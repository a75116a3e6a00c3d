import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { freePort } from "../../src/sql/embedded-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is killed. */
export type Victim = "server" | "task" | "postgres";

/** `aircan serve` on a folder of its own, that is killed and started again. */
export interface ServerUnderTest {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** SIGKILL. False if there is no such process at this moment. */
  readonly kill: (victim: Victim) => Promise<boolean>;
  readonly running: () => boolean;
  /** SIGTERM; gives the milliseconds until it was gone, and the processes it left. */
  readonly stop: () => Promise<{ readonly milliseconds: number; readonly left: readonly string[] }>;
  /** Rows of a query on its PostgreSQL, as a client from outside. Throws while that is away. */
  readonly query: (sql: string) => Promise<Record<string, unknown>[]>;
  /** What the server printed, all starts together. */
  readonly said: () => string;
}

export interface ServerFolders {
  readonly data: string;
  readonly dags: string;
  /** Files that runs may load. */
  readonly files: string;
}

export async function openServerUnderTest({ data, dags, files }: ServerFolders): Promise<ServerUnderTest> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const state: { child: ChildProcess | undefined; said: string } = { child: undefined, said: "" };
  const running = () =>
    state.child !== undefined && state.child.exitCode === null && state.child.signalCode === null;
  const start = async () => {
    const args = [
      "bin/aircan.js",
      "serve",
      "--port",
      String(port),
      "--data",
      data,
      "--dags",
      dags,
      "--verbose",
    ];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, AIRCAN_ALLOW_LOCAL: files, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    state.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        state.said += String(chunk);
      });
    await untilReady(url, running, () => state.said);
  };
  return {
    url,
    start,
    running,
    said: () => state.said,
    kill: async (victim) => {
      const pid = await pidOf(victim, { server: state.child?.pid ?? 0, data });
      if (pid === undefined) return false;
      const gone = victim === "server" && state.child ? once(state.child, "exit") : undefined;
      if (!killed(pid)) return false;
      await gone;
      return true;
    },
    stop: async () => {
      const clock = performance.now();
      if (running() && state.child) {
        const gone = once(state.child, "exit");
        state.child.kill("SIGTERM");
        await gone;
      }
      const milliseconds = performance.now() - clock;
      const left = await commandsNaming(data);
      return { milliseconds, left };
    },
    query: (sql) => query(data, sql),
  };
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

async function untilReady(url: string, running: () => boolean, said: () => string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(50)) {
    if (!running()) throw new Error(`aircan serve ended:\n${said()}`);
    const response = await fetch(`${url}/ready`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`aircan serve is not ready:\n${said()}`);
}

async function pidOf(
  victim: Victim,
  { server, data }: { readonly server: number; readonly data: string },
): Promise<number | undefined> {
  if (victim === "server") return server;
  if (victim === "task") return (await childrenOf(server, "task-process")).at(-1);
  const file = await readFile(join(data, "postgres/data/postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(file.split("\n")[0]);
  return pid > 0 ? pid : undefined;
}

/** Children of a process whose command holds a text, the busiest last. */
async function childrenOf(parent: number, text: string): Promise<number[]> {
  const found: { pid: number; time: number }[] = [];
  for (const { pid, command, parent: own, time } of await processes())
    if (own === parent && command.includes(text)) found.push({ pid, time });
  return found.sort((a, b) => a.time - b.time).map(({ pid }) => pid);
}

async function commandsNaming(text: string): Promise<string[]> {
  return (await processes()).filter(({ command }) => command.includes(text)).map(({ command }) => command);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Processor time so far. */
  readonly time: number;
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    pids.map(async (pid) => {
      const [stat, command] = await Promise.all(
        ["stat", "cmdline"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "")),
      );
      const fields = (stat ?? "").slice((stat ?? "").lastIndexOf(")") + 2).split(" ");
      return {
        pid,
        parent: Number(fields[1]),
        time: Number(fields[11]) + Number(fields[12]),
        command: command ?? "",
      };
    }),
  );
  return all.filter(({ command }) => command !== "");
}

async function query(data: string, sql: string): Promise<Record<string, unknown>[]> {
  const { port, password } = JSON.parse(await readFile(join(data, "database.json"), "utf8"));
  const client = new pg.Client({ host: "127.0.0.1", port, password, user: "aircan", database: "postgres" });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
