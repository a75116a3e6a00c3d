import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { type DatabaseOptions, openDatabase } from "./embedded.ts";
import { findRunning } from "./embedded-server.ts";

const root = process.getuid?.() === 0;
let base: string;
let dataFolder: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "aircan embedded "));
  await chmod(base, 0o755);
  dataFolder = join(base, "data");
});
afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

const open = (options: Partial<DatabaseOptions> = {}) =>
  openDatabase({ dataFolder, log: silentLog, ...options });

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = async (folder = join(dataFolder, "postgres")) => {
  const data = join(folder, "data");
  const running = await findRunning({ initdb: "", postgres: "", folder, data, account: undefined });
  return running?.pid;
};

describe("the embedded PostgreSQL", () => {
  test("starts durable, keeps what it was told, and leaves nothing running", async () => {
    const first = await open();
    expect(first.adopted).toBe(false);
    expect(await ask(first.url, "select current_setting('fsync') f, current_setting('wal_level') w")).toEqual(
      [{ f: "on", w: "minimal" }],
    );
    await ask(first.url, "create table kept as select 7 as x");
    await first.close();
    expect(await postmaster()).toBeUndefined();

    const second = await open();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, "select x from kept")).toEqual([{ x: 7 }]);
    await second.close();
  });

  test("keeps its password from other users", async () => {
    expect((await stat(join(dataFolder, "database.json"))).mode & 0o777).toBe(0o600);
  });

  test("refuses a folder in use, lets a client join, and stops with the last of them", async () => {
    const owner = await open();
    await expect(open()).rejects.toMatchObject({ code: "data-folder-error" });
    const client = await open({ whenInUse: "join" });
    await owner.close();
    expect(await ask(client.url, "select 1 as x")).toEqual([{ x: 1 }]);
    // a client keeps no owner out
    const next = await open();
    await next.close();
    await client.close();
    expect(await postmaster()).toBeUndefined();
  });

  test("is adopted after a kill -9 of the process that started it", async () => {
    const child = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `const { openDatabase } = await import(${JSON.stringify(new URL("./embedded.ts", import.meta.url).href)});
         await openDatabase({ dataFolder: ${JSON.stringify(dataFolder)}, log: () => {} });
         console.log("open"); setInterval(() => {}, 1000);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(child.stdout, "data");
    const pid = await postmaster();
    child.kill("SIGKILL");
    await once(child, "exit");
    const adopted = await open();
    expect(adopted.adopted).toBe(true);
    expect(await postmaster()).toBe(pid);
    await adopted.close();
    expect(await postmaster()).toBeUndefined();
  });

  test("comes back by itself at the same address when it is killed", async () => {
    const database = await open();
    const killed = await postmaster();
    process.kill(killed ?? 0, "SIGKILL");
    await expect
      .poll(() => ask(database.url, "select 1 as x").catch(() => []), { timeout: 10_000 })
      .toEqual([{ x: 1 }]);
    expect(await postmaster()).not.toBe(killed);
    await database.close();
  });

  test("starts over a stale postmaster.pid whose number another process has now", async () => {
    const file = join(dataFolder, "postgres", "data", "postmaster.pid");
    await writeFile(file, `${process.pid}\n${dataFolder}\n1\n5432\n\n127.0.0.1\n\nready\n`);
    const database = await open();
    expect(await ask(database.url, "select 1 as x")).toEqual([{ x: 1 }]);
    await database.close();
  });

  test("says what is wrong with a database elsewhere", async () => {
    await expect(open({ databaseUrl: "postgresql://me@127.0.0.1:1/x" })).rejects.toMatchObject({
      code: "database-error",
      message: expect.stringContaining("127.0.0.1:1"),
    });
  });

  test.runIf(root)("as root works below a folder that PostgreSQL's account cannot enter", async () => {
    const closed = join(base, "closed");
    await mkdir(closed, { mode: 0o700 });
    const said: string[] = [];
    const database = await openDatabase({
      dataFolder: join(closed, "data"),
      log: (_level, message) => said.push(message),
    });
    expect(await ask(database.url, "select 1 as x")).toEqual([{ x: 1 }]);
    await database.close();
    const folder = /its files are in (\S+),/.exec(said.join("\n"))?.[1] ?? "";
    expect(folder).toContain("/var/lib/aircan/");
    await rm(folder, { recursive: true, force: true });
  });

  test.runIf(root)("works for an ordinary user, and refuses files of someone else", async () => {
    const own = join(base, "own");
    await mkdir(own);
    await chown(own, 65534, 65534);
    const start = (folder: string) =>
      `const { openDatabase } = await import(${JSON.stringify(new URL("./embedded.ts", import.meta.url).href)});
       const d = await openDatabase({ dataFolder: ${JSON.stringify(folder)}, log: () => {} }).catch((e) => e);
       console.log(d.code ?? "open"); await d.close?.();`;
    expect(await runAs(65534, start(own))).toBe("open");
    expect(await runAs(65534, start(dataFolder))).toBe("data-folder-error");
    expect(await readFile(join(own, "postgres", "postgres.log"), "utf8")).toContain(
      "ready to accept connections",
    );
  });
});

async function runAs(uid: number, code: string): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    uid,
    gid: uid,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  await once(child, "close");
  return said.trim();
}
