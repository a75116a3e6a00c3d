import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DagDefinition } from "./task.ts";
import { startTestFactory, type TestFactory, untilEnded } from "./test-factory.ts";

let under: TestFactory;
const factory = () => under.factory();
beforeAll(async () => {
  under = await startTestFactory();
});
afterAll(() => under.close());

const two: DagDefinition = {
  dag: "two",
  jobType: "LOAD",
  params: { day: { type: "string", default: "monday" } },
  tasks: { first: { kind: "note" }, second: { kind: "note", after: ["first"] } },
};

describe("a run of two tasks", () => {
  test("goes through both, and leaves its files, logs, events and outputs", async () => {
    await factory().putDag(two);
    const { run, created } = await factory().startRun({
      dag: "two",
      runId: "r1",
      dataset: "org/set",
      user: "ann",
    });
    expect([created, run.status, run.conf]).toEqual([true, "WAITING", { day: "monday" }]);
    await untilEnded(factory(), "r1");
    const after = await factory().showRun("r1");
    expect(after).toMatchObject({
      status: "DONE",
      tasks: { total: 2, done: 2, failed: 0, running: 0 },
      error: null,
    });
    expect(
      (await factory().listTasks("r1")).map(({ id, status, try: nth, address, stats }) => ({
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
    expect(await readFile(join(under.folder, "storage/two/r1/second/note.txt"), "utf8")).toBe(
      '{"day":"monday"}',
    );
    expect(
      (await factory().listLogs({ run: "r1" })).map(({ task, message }) => `${task}: ${message}`),
    ).toEqual(["first: note of first try=1", "second: note of second try=1"]);
    expect((await factory().listOutputs("r1")).map(({ address, rows }) => [address, rows])).toEqual([
      ["two/r1/first/note.txt", 5],
      ["two/r1/second/note.txt", 5],
    ]);
  });
});
