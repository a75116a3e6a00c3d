import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { startTestDatabase, type TestDatabase } from "../sql/test-database.ts";
import { openLocalStorage } from "../storage/local.ts";
import type { Factory } from "./factory.ts";
import { openFactory } from "./open-factory.ts";
import type { DagDefinition } from "./task.ts";

let database: TestDatabase;
let folder: string;
let factory: Factory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-factory-"));
  database = await startTestDatabase();
  factory = await openFactory({
    databaseUrl: database.url,
    dataFolder: folder,
    storage: openLocalStorage(join(folder, "storage")),
    taskProcess: fileURLToPath(new URL("./test-task-process.ts", import.meta.url)),
    log: silentLog,
  });
});

afterAll(async () => {
  await factory?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const two: DagDefinition = {
  dag: "two",
  jobType: "LOAD",
  params: { day: { type: "string", default: "monday" } },
  tasks: { first: { kind: "note" }, second: { kind: "note", after: ["first"] } },
};

/** Waits for the end of a run by its events. */
async function ended(run: string): Promise<void> {
  const abort = new AbortController();
  for await (const event of factory.subscribe({ run, after: 0, signal: abort.signal }))
    if (event.type === "run.ended") abort.abort();
}

describe("a run of two tasks", () => {
  test("goes through both, and leaves its files, logs, events and outputs", async () => {
    await factory.putDag(two);
    const { run, created } = await factory.startRun({
      dag: "two",
      runId: "r1",
      dataset: "org/set",
      user: "ann",
    });
    expect([created, run.status, run.conf]).toEqual([true, "WAITING", { day: "monday" }]);
    await ended("r1");
    const after = await factory.showRun("r1");
    expect(after).toMatchObject({
      status: "DONE",
      tasks: { total: 2, done: 2, failed: 0, running: 0 },
      error: null,
    });
    expect(
      (await factory.listTasks("r1")).map(({ id, status, try: nth, address, stats }) => ({
        id,
        status,
        nth,
        address,
        stats,
      })),
    ).toEqual([
      { id: "first", status: "DONE", nth: 1, address: "two/r1/first/", stats: { rows: 5 } },
      { id: "second", status: "DONE", nth: 1, address: "two/r1/second/", stats: { rows: 5 } },
    ]);
    expect(await readFile(join(folder, "storage/two/r1/second/note.txt"), "utf8")).toBe('{"day":"monday"}');
    expect((await factory.listLogs({ run: "r1" })).map(({ task, message }) => `${task}: ${message}`)).toEqual(
      ["first: note of first try=1", "second: note of second try=1"],
    );
    expect((await factory.listOutputs("r1")).map(({ address, rows }) => [address, rows])).toEqual([
      ["two/r1/first/note.txt", 5],
      ["two/r1/second/note.txt", 5],
    ]);
  });
});
