import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "../../src/factory/model.ts";
import { openRandom } from "./random.ts";
import { openServerUnderTest, type ServerUnderTest, type Victim } from "./server.ts";
import {
  accept,
  appendedRows,
  repeatedTasks,
  replacedRows,
  startsOf,
  untilOver,
  writeLedgerDag,
} from "./work.ts";

const rounds = Number(process.env.CHAOS_ROUNDS ?? 20);
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const random = openRandom(seed);

let folder: string;
let files: string;
let server: ServerUnderTest;
const watch = { over: false, half: [] as string[], seen: 0, done: Promise.resolve() };

beforeAll(async () => {
  console.log(`CHAOS_SEED=${seed} CHAOS_ROUNDS=${rounds}`);
  folder = await mkdtemp(join(tmpdir(), "aircan-chaos-"));
  // PostgreSQL's own account must be able to enter it, should this run as root.
  await chmod(folder, 0o755);
  files = join(folder, "files");
  const dags = join(folder, "dags");
  await mkdir(files);
  await mkdir(dags);
  await writeLedgerDag({ files, dags });
  server = await openServerUnderTest({ data: join(folder, "data"), dags, files });
  await server.start();
  watch.done = watchTable();
});

afterAll(async () => {
  watch.over = true;
  await watch.done;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Looks at the table that is replaced again and again: it must be one generation, and whole. */
async function watchTable(): Promise<void> {
  for (; !watch.over; await pause(30)) {
    const rows = await server
      .query(
        "select count(*)::int as rows, min(generation) as first, max(generation) as last from datastore.replaced",
      )
      .catch(() => []);
    for (const { rows: count, first, last } of rows) {
      watch.seen += 1;
      if (count !== replacedRows || first !== last) watch.half.push(`${count} rows of ${first} to ${last}`);
    }
  }
}

/** Runs end DONE; one whose task was killed may have failed, and must say so. */
function isTrue(run: Run, victims: readonly Victim[]): boolean {
  if (run.status === "DONE") return true;
  const { status, error } = run;
  return status === "FAILED" && victims.includes("task") && /killed by SIGKILL/.test(error?.message ?? "");
}

test(`${rounds} rounds of kills (seed ${seed}) lose nothing, and do nothing twice`, async () => {
  const kills: Record<string, number> = {};
  const appended = { runs: 0 };
  for (let round = 0; round < rounds; round++) {
    const starts = await startsOf(round, files);
    const accepted = starts.map((start, i) => accept(server, `${seed}-${round}-${i}`, start));
    const victims: Victim[] = [];
    for (let nth = 0; nth <= random.below(2); nth++) {
      await pause(random.below(1_800));
      const victim = random.pick(["server", "task", "postgres"] as const);
      if (!server.running() || !(await server.kill(victim))) continue;
      victims.push(victim);
      kills[victim] = (kills[victim] ?? 0) + 1;
    }
    if (!server.running()) await server.start();
    const runs = await untilOver(server, await Promise.all(accepted));
    const wrong = runs.filter((run) => !isTrue(run, victims));
    expect(wrong, `round ${round}, killed: ${victims.join(", ")}\n${server.said().slice(-4_000)}`).toEqual(
      [],
    );
    appended.runs += runs.filter(
      ({ resource, status }) => resource === "appended" && status === "DONE",
    ).length;
    expect(
      await server.query(
        "select count(*)::int as rows, count(distinct id)::int as ids from datastore.appended",
      ),
    ).toEqual([{ rows: appended.runs * appendedRows, ids: appended.runs * appendedRows }]);
    expect(await repeatedTasks(server, files)).toEqual([]);
  }
  console.log(`kills: ${JSON.stringify(kills)}; the replaced table was looked at ${watch.seen} times`);
  expect(watch.half).toEqual([]);
  expect(watch.seen).toBeGreaterThan(rounds);
  if (rounds >= 15) expect(Object.keys(kills).sort()).toEqual(["postgres", "server", "task"]);
});

test("SIGTERM ends it all within two seconds, and leaves nothing running", async () => {
  watch.over = true;
  await watch.done;
  const { milliseconds, left } = await server.stop();
  expect(left).toEqual([]);
  expect(milliseconds).toBeLessThan(2_000);
});
