import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TaskDefinition } from "./task.ts";
import { startTestFactory, type TestFactory, untilEnded, untilEvent } from "./test-factory.ts";

let under: TestFactory;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  under = await startTestFactory({ worker: false });
});
afterAll(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await under.close();
});

async function startWorker(): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL("./test-worker-process.ts", import.meta.url));
  const worker = fork(entry, [under.database.url, under.folder], { execArgv: [], stdio: "inherit" });
  workers.push(worker);
  await once(worker, "message");
  return worker;
}

/** A chain of tasks that each take a while, and write down that they began. */
async function startChain(
  dag: string,
  length: number,
  milliseconds: number,
): Promise<() => Promise<string[]>> {
  const path = join(under.folder, `${dag}.ledger`);
  await writeFile(path, "");
  const tasks: Record<string, TaskDefinition> = {};
  for (let i = 0; i < length; i++)
    tasks[`t${i}`] = {
      kind: "ledger",
      config: { path, milliseconds },
      ...(i > 0 ? { after: [`t${i - 1}`] } : {}),
    };
  await under.factory().putDag({ dag, tasks });
  await under.factory().startRun({ dag, runId: dag });
  return () => lines(path);
}

/** What a ledger says: `task try`. */
async function lines(path: string): Promise<string[]> {
  const all = (await readFile(path, "utf8")).trimEnd().split("\n");
  return all.map((line) => line.replace(/ \d+$/, ""));
}

const began = (ledger: () => Promise<string[]>, task: string) =>
  vi.waitFor(async () => expect(await ledger()).toContain(`${task} 1`), { timeout: 15_000, interval: 5 });

/** What ran, without a second beginning of the one task that was in flight when something died. */
const withoutRepeat = (lines: readonly string[]) => lines.filter((line, i) => line !== lines[i - 1]);
const chain = (length: number) => Array.from({ length }, (_, i) => `t${i} 1`);

describe("what is left of a worker that is killed", () => {
  test("goes to another worker at once, and no finished task runs again", async () => {
    const doomed = await startWorker();
    const ledger = await startChain("peer", 12, 60);
    await began(ledger, "t4");
    await startWorker();
    await began(ledger, "t6");
    doomed.kill("SIGKILL");
    const clock = performance.now();
    await untilEnded(under.factory(), "peer");
    expect(performance.now() - clock).toBeLessThan(6_000);
    const lines = await ledger();
    expect(withoutRepeat(lines)).toEqual(chain(12));
    expect(lines.length).toBeLessThanOrEqual(14);
    expect((await under.factory().showRun("peer")).status).toBe("DONE");
    for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  });

  test("waits for the next start if there is no other", async () => {
    const doomed = await startWorker();
    const ledger = await startChain("alone", 8, 60);
    await began(ledger, "t3");
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    await startWorker();
    await untilEnded(under.factory(), "alone");
    const lines = await ledger();
    expect(withoutRepeat(lines)).toEqual(chain(8));
    expect(lines.length).toBeLessThanOrEqual(9);
    const queues =
      "select distinct queue_name from dbos.workflow_status where queue_name not like 'aircan-%'";
    expect(await under.database.query(queues)).toEqual([]);
  });
});

test("PostgreSQL killed under a run comes back, and the run goes on where it was", async () => {
  const ledger = await startChain("database", 10, 60);
  await began(ledger, "t3");
  await under.database.kill();
  await expect(under.factory().ready()).rejects.toMatchObject({ code: "database-error" });
  await under.database.start();
  await untilEnded(under.factory(), "database");
  const lines = await ledger();
  expect(withoutRepeat(lines)).toEqual(chain(10));
  expect(await under.factory().showRun("database")).toMatchObject({ status: "DONE", error: null });
}, 60_000);

test("a worker that lost its session lets go of what a peer took over, and the run ends once", async () => {
  await startWorker();
  const ledger = await startChain("session", 12, 150);
  await began(ledger, "t2");
  const sessions = "from pg_stat_activity where application_name ~ '^aircan [0-9a-f-]{36}$'";
  const [worker] = await under.database.query(
    `select application_name as name ${sessions} and substr(application_name, 8) =
       (select executor_id from dbos.workflow_status where status = 'PENDING' and name = 'taskTry' limit 1)`,
  );
  expect(worker).toBeDefined();
  await under.database.query(
    `select pg_terminate_backend(pid) ${sessions} and application_name = '${worker?.name}'`,
  );
  await untilEnded(under.factory(), "session");
  expect(await under.factory().showRun("session")).toMatchObject({ status: "DONE", error: null });
  const lines = await ledger();
  expect(withoutRepeat(lines)).toEqual(chain(12));
  expect(lines.length).toBeLessThanOrEqual(14);
}, 60_000);

test("several workers share the items of a list, and each item runs once", async () => {
  await startWorker();
  const path = join(under.folder, "shared.ledger");
  await under.factory().putDag({
    dag: "shared",
    tasks: {
      make: { kind: "list", config: { count: 40 } },
      each: { kind: "ledger", map: "make", config: { path, milliseconds: 30 } },
    },
  });
  await under.factory().startRun({ dag: "shared", runId: "shared" });
  await untilEnded(under.factory(), "shared");
  const ran = await lines(path);
  expect(ran.sort()).toEqual(Array.from({ length: 40 }, (_, i) => `each[${i}] 1`).sort());
  const workers = (await readFile(path, "utf8")).match(/\d+$/gm);
  expect(new Set(workers).size).toBeGreaterThan(1);
});

test("a run is cancelled by a process other than the one that works on it", async () => {
  await under.factory().putDag({ dag: "long", tasks: { only: { kind: "wait" } } });
  await under.factory().startRun({ dag: "long", runId: "long" });
  await untilEvent(under.factory(), "long", "task.started");
  await under.factory().cancelRun("long");
  await untilEnded(under.factory(), "long");
  expect((await under.factory().showRun("long")).status).toBe("CANCELLED");
});

test("a run that was accepted but never queued is queued by the look-out", async () => {
  const ledger = await startChain("forgotten", 1, 0);
  await untilEnded(under.factory(), "forgotten");
  const query = under.database.query;
  await query(`insert into aircan.run (id, dag, job_id, job_type, snapshot, conf, trigger, created, updated, state)
               select 'lost', dag, 'lost', job_type, snapshot, conf, trigger, created, updated, '{"attempt":1,"status":"WAITING"}'
               from aircan.run where id = 'forgotten'`);
  await query(
    "insert into aircan.attempt select 'lost', attempt, plan from aircan.attempt where run_id = 'forgotten'",
  );
  await untilEnded(under.factory(), "lost");
  expect(await ledger()).toEqual(["t0 1", "t0 1"]);
}, 30_000);
