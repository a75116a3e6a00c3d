import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestFactory, type TestFactory, untilEnded, untilEvent } from "./test-factory.ts";

let under: TestFactory;
beforeAll(async () => {
  under = await startTestFactory();
});
afterAll(() => under.close());

test("garbage collection deletes old ended runs with all that is theirs, and says why others stay", async () => {
  const factory = under.factory();
  await factory.putDag({ dag: "note", tasks: { a: { kind: "note" } } });
  await factory.putDag({ dag: "wait", tasks: { a: { kind: "wait" } } });
  for (const runId of ["old", "used"]) {
    await factory.startRun({ dag: "note", runId });
    await untilEnded(factory, runId);
  }
  await factory.startRun({ dag: "wait", runId: "busy" });
  await untilEvent(factory, "busy", "task.started");
  const olderThan = new Date();
  await factory.startRun({ dag: "note", runId: "young", conf: { path: "note/used/a/note.txt" } });
  await untilEnded(factory, "young");

  const expected = {
    runs: ["old"],
    kept: [
      { run: "used", why: "run young uses its files" },
      { run: "busy", why: "it is RUNNING" },
    ],
  };
  expect(await factory.collectGarbage({ olderThan, dryRun: true })).toEqual(expected);
  expect(await factory.storage.stat("note/old/a/note.txt")).toBeDefined();
  expect(await factory.collectGarbage({ olderThan })).toEqual(expected);
  await expect(factory.showRun("old")).rejects.toMatchObject({ code: "not-found" });
  expect(await factory.storage.stat("note/old/a/note.txt")).toBeUndefined();
  expect(await factory.storage.stat("note/used/a/note.txt")).toBeDefined();
  const left = await under.database.query(
    "select workflow_uuid from dbos.workflow_status where workflow_uuid like 'old%'",
  );
  expect(left).toEqual([]);
  await factory.cancelRun("busy");
  await untilEnded(factory, "busy");
});
