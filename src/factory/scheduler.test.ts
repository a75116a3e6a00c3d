import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import { openDatabase } from "./database/database.ts";
import type { RunRequest } from "./factory-types.ts";
import { openScheduler } from "./scheduler.ts";
import { openSchedules } from "./schedules.ts";
import { startTestFactory, type TestFactory, untilEnded } from "./test-factory.ts";

let under: TestFactory;
const factory = () => under.factory();
beforeAll(async () => {
  under = await startTestFactory({ scheduler: false });
});
afterAll(() => under.close());

const everyDay = { cron: "0 6 * * *", timezone: "UTC" };
const tasks = { a: { kind: "note" } };

/** One turn of a scheduler of its own at an instant, as another process would have it. */
async function turnAt(now: string): Promise<void> {
  const database = await openDatabase(under.database.url, silentLog);
  const parts = { schedules: openSchedules(database), log: silentLog, clock: () => new Date(now) };
  const scheduler = openScheduler({
    ...parts,
    startRun: (request: RunRequest) => factory().startRun(request),
    showRun: (id) => factory().showRun(id),
  });
  await scheduler.first;
  await scheduler.close();
  await database.close();
}

/** Instants up to this one are over. */
const handledAt = (id: string, instant: string) =>
  under.database.query(`update aircan.schedule set handled = '${instant}' where id = '${id}'`);

async function notes(dag: string): Promise<(string | null)[]> {
  return (await factory().listRuns({ dag })).items.map(({ note }) => note).reverse();
}

test("a run starts once at its time, however many schedulers look, also after a restart", async () => {
  await factory().putDag({ dag: "daily", tasks, schedule: { ...everyDay, catchup: false, conf: { n: 1 } } });
  await handledAt("daily", "2026-11-20T06:00:00Z");
  await turnAt("2026-11-21T05:59:00Z");
  expect(await notes("daily")).toEqual([]);
  await Promise.all([1, 2, 3, 4].map(() => turnAt("2026-11-21T06:00:01Z")));
  // as after a crash between the start and its note
  await handledAt("daily", "2026-11-20T06:00:00Z");
  await under.reopen();
  await turnAt("2026-11-21T06:00:30Z");
  expect(await notes("daily")).toEqual(["By schedule daily, due 2026-11-21T06:00:00.000Z"]);
  const [run] = (await factory().listRuns({ dag: "daily" })).items;
  expect([run?.trigger, run?.conf]).toEqual(["schedule", { n: 1 }]);
  await untilEnded(factory(), run?.id ?? "");
  expect(await factory().schedules.show("daily")).toMatchObject({
    last_run: run?.id,
    paused: false,
    source: "dag",
  });
});

test("nothing starts while a schedule or its DAG is paused, nor for that time after it", async () => {
  await factory().putDag({ dag: "resting", tasks });
  await factory().schedules.put("rest", "resting", everyDay);
  await handledAt("rest", "2026-11-20T06:00:00Z");
  await factory().schedules.pause("rest", true);
  await turnAt("2026-11-21T07:00:00Z");
  expect((await factory().schedules.show("rest")).next).toBe(null);
  await factory().schedules.pause("rest", false);
  await factory().pauseDag("resting", true);
  await turnAt("2026-11-21T07:00:00Z");
  await factory().pauseDag("resting", false);
  await turnAt("2026-11-21T07:00:00Z");
  expect(await notes("resting")).toEqual([]);
  expect((await factory().schedules.show("rest")).next).toMatch(/T06:00:00.000Z$/);
});

test("a run that cannot start is said, and does not stand in the way of others", async () => {
  const params = { day: { type: "string", required: true } };
  await factory().putDag({ dag: "needy", tasks, params });
  await factory().schedules.put("a-needy", "needy", everyDay);
  await handledAt("a-needy", "2026-11-20T06:00:00Z");
  await turnAt("2026-11-21T07:00:00Z");
  expect((await factory().schedules.show("a-needy")).last_error).toContain('Parameter "day"');
});

test("a schedule goes with its DAG, and stands as long as its text does", async () => {
  const spec = { ...everyDay, catchup: false };
  await factory().putDag({ dag: "text", tasks, schedule: spec });
  await handledAt("text", "2026-11-20T06:00:00Z");
  await factory().putDag({ dag: "text", tasks: { b: { kind: "note" } }, schedule: spec });
  const [row] = await under.database.query("select handled from aircan.schedule where id = 'text'");
  expect(row?.handled).toEqual(new Date("2026-11-20T06:00:00Z"));
  await expect(factory().schedules.put("text", "text", everyDay)).rejects.toMatchObject({ code: "conflict" });
  await expect(factory().schedules.remove("text")).rejects.toMatchObject({ code: "conflict" });
  await factory().putDag({ dag: "text", tasks });
  expect((await factory().showDag("text")).schedules).toEqual([]);
});

test("a schedule of a DAG that is not there is refused", async () => {
  await expect(factory().schedules.put("x", "nothing", everyDay)).rejects.toMatchObject({
    code: "not-found",
  });
});

test("no run starts while the one before is under way, unless all are to be caught up", async () => {
  const waiting = { a: { kind: "wait" } };
  const due = async (dag: string, catchup: boolean) => {
    await factory().putDag({ dag, tasks: waiting, schedule: { ...everyDay, catchup } });
    await handledAt(dag, "2026-11-19T06:00:00Z");
    await turnAt("2026-11-20T07:00:00Z");
    await turnAt("2026-11-21T07:00:00Z");
    const { items } = await factory().listRuns({ dag });
    await Promise.all(items.map(({ id }) => factory().cancelRun(id)));
    return items.length;
  };
  expect(await due("slow", false)).toBe(1);
  expect((await factory().schedules.show("slow")).last_error).toMatch(/was still under way at 2026-11-21T06/);
  expect(await due("thorough", true)).toBe(2);
});
