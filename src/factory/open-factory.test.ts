import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunRequest } from "./factory.ts";
import type { RunEvent } from "./model.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";
import { startTestFactory, type TestFactory, untilEnded, untilEvent } from "./test-factory.ts";

let under: TestFactory;
const factory = () => under.factory();
beforeAll(async () => {
  under = await startTestFactory({ concurrency: 4 });
});
afterAll(() => under.close());

const two: DagDefinition = {
  dag: "two",
  jobType: "LOAD",
  params: { day: { type: "string", default: "monday" } },
  tasks: { second: { kind: "note", after: ["first"] }, first: { kind: "note" } },
};

let names = 0;
async function begin(tasks: Record<string, TaskDefinition>, more: Partial<RunRequest> = {}): Promise<string> {
  names += 1;
  const dag = `dag${names}`;
  await factory().putDag({ dag, tasks });
  return (await factory().startRun({ dag, ...more })).run.id;
}

async function finish(
  tasks: Record<string, TaskDefinition>,
  more: Partial<RunRequest> = {},
): Promise<string> {
  const run = await begin(tasks, more);
  await untilEnded(factory(), run);
  return run;
}

/** `task[index]: STATUS try` of every task of a run. */
async function statuses(run: string): Promise<string[]> {
  const tasks = await factory().listTasks(run);
  return tasks.map(
    ({ id, map_index, status, try: nth }) =>
      `${id}${map_index === null ? "" : `[${map_index}]`}: ${status} ${nth}`,
  );
}

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
    expect(await factory().showRun("r1")).toMatchObject({
      ...{ status: "DONE", error: null, attempt: 1, dataset: "org/set", user: "ann", job_type: "LOAD" },
      tasks: { total: 2, done: 2, failed: 0, running: 0 },
    });
    expect(await factory().listTasks("r1")).toMatchObject([
      {
        id: "second",
        status: "DONE",
        try: 1,
        address: "two/r1/second/",
        after: ["first"],
        stats: { rows: 5 },
      },
      { id: "first", status: "DONE", try: 1, address: "two/r1/first/", after: [], stats: { rows: 5 } },
    ]);
    expect(await readFile(join(under.folder, "storage/two/r1/second/note.txt"), "utf8")).toBe(
      '{"day":"monday"}',
    );
    expect(
      (await factory().listLogs({ run: "r1" })).map(({ task, message }) => `${task}: ${message}`),
    ).toEqual(["first: note of first try=1", "second: note of second try=1"]);
    expect((await factory().listOutputs("r1")).map(({ address, rows }) => [address, rows])).toEqual([
      ["two/r1/second/note.txt", 5],
      ["two/r1/first/note.txt", 5],
    ]);
  });

  test("is a job that says how it went", async () => {
    const run = await factory().showRun("r1");
    expect(await factory().showJob(run.job_id)).toMatchObject({
      ...{ factory_id: "r1", job_type: "LOAD", status: "DONE", dataset: "org/set", user: "ann" },
      info: { dag: "two", tasks: { total: 2, done: 2 }, outputs: [{ task: "second" }, { task: "first" }] },
    });
  });

  test("told its events in order", async () => {
    expect(
      (await factory().listEvents({ run: "r1" })).map(({ type, task }) => (task ? `${type} ${task}` : type)),
    ).toEqual([
      ...["run.created", "run.started", "task.queued first", "task.started first", "task.progress first"],
      ...["task.ended first", "task.queued second", "task.started second", "task.progress second"],
      ...["task.ended second", "run.ended"],
    ]);
  });

  test("is not started twice with one idempotency key, nor with one id", async () => {
    const request = { dag: "two", idempotencyKey: "once" };
    const starts = await Promise.all([factory().startRun(request), factory().startRun(request)]);
    expect(new Set(starts.map(({ run }) => run.id)).size).toBe(1);
    expect(starts.map(({ created }) => created).sort()).toEqual([false, true]);
    await expect(factory().startRun({ dag: "two", runId: "r1" })).rejects.toMatchObject({ code: "conflict" });
  });
});

test.each([
  [{ dag: "twoo" }, "not-found", "Did you mean"],
  [{ dag: "two", conf: { day: 7 } }, "params-error", "expected string"],
  [{ dag: "two", runId: "../x" }, "config-error", "cannot be the id of a run"],
])("a run asked for as %j is refused: %s", async (request, code, text) => {
  const error = await factory()
    .startRun(request)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(JSON.stringify(error)).toContain(text);
});

describe("failing", () => {
  test("of one task skips what depends on it, and names the reason", async () => {
    const run = await finish({
      bad: { kind: "fail", config: { kind: "data" }, retries: 3 },
      after: { kind: "nothing", after: ["bad"] },
      anyway: { kind: "note", after: ["bad"], when: "always" },
    });
    expect(await statuses(run)).toEqual(["bad: FAILED 1", "after: SKIPPED 0", "anyway: DONE 1"]);
    expect(await factory().showRun(run)).toMatchObject({
      status: "FAILED",
      summary: 'Task "bad" failed: no luck in try 1',
      error: { code: "data-error", message: "no luck in try 1", where: { task: "bad" } },
    });
  });

  test("is tried again as often as the task says, later each time", async () => {
    const run = await finish({ shaky: { kind: "fail", config: { times: 1 }, retries: 2 } });
    expect(await statuses(run)).toEqual(["shaky: DONE 2"]);
    expect((await factory().showTask(run, "shaky")).max_tries).toBe(3);
    const lines = await factory().listLogs({ run });
    expect(lines.map(({ try: nth, level, message }) => `${nth} ${level} ${message}`)).toEqual([
      "1 error source-error: no luck in try 1",
    ]);
  });

  test.each([
    ["a crash", { kind: "crash" }, "task-failed"],
    ["a time limit", { kind: "wait", timeout: "200ms" }, "timeout"],
    ["a memory limit", { kind: "greedy", memory: "300MB" }, "task-failed"],
    ["a kind that is not there", { kind: "nonsense" }, "dag-error"],
  ])("by %s ends the run with that reason", async (_, task, code) => {
    const run = await finish({ only: task });
    expect(await factory().showRun(run)).toMatchObject({ status: "FAILED", error: { code } });
  });
});

describe("cancelling", () => {
  test("stops what runs and what waits, within a moment", async () => {
    const run = await begin({ long: { kind: "wait" }, next: { kind: "nothing", after: ["long"] } });
    await untilEvent(factory(), run, "task.started");
    const clock = performance.now();
    await factory().cancelRun(run);
    await untilEnded(factory(), run);
    expect(performance.now() - clock).toBeLessThan(2_000);
    expect(await statuses(run)).toEqual(["long: CANCELLED 1", "next: CANCELLED 0"]);
    expect(await factory().showRun(run)).toMatchObject({ status: "CANCELLED", error: null });
    await expect(factory().cancelRun(run)).rejects.toMatchObject({ code: "conflict" });
  });

  test("is known from the end of a task that was stopped, before the run is told of it", async () => {
    const run = await begin({ long: { kind: "wait" }, next: { kind: "nothing", after: ["long"] } });
    await untilEvent(factory(), run, "task.started");
    await under.database.query(
      `update aircan.run set state = state || '{"cancelling":true}' where id = '${run}'`,
    );
    await under.database.query(`select pg_notify('aircan_cancel', '${run}')`);
    await untilEnded(factory(), run);
    expect(await statuses(run)).toEqual(["long: CANCELLED 1", "next: CANCELLED 0"]);
    expect(await factory().showRun(run)).toMatchObject({ status: "CANCELLED", error: null });
  });

  test("a run that waits for its turn ends it at once", async () => {
    const first = await begin({ long: { kind: "wait" } }, { resource: "lane" });
    const second = await begin({ one: { kind: "nothing" } }, { resource: "lane" });
    await untilEvent(factory(), first, "task.started");
    expect(await factory().cancelRun(second)).toMatchObject({ status: "CANCELLED" });
    await factory().cancelRun(first);
    await untilEnded(factory(), first);
    expect(await statuses(second)).toEqual(["one: CANCELLED 0"]);
  });
});

describe("runs of one resource", () => {
  test("never overlap, and go in the order of their start", async () => {
    const tasks = { a: { kind: "nothing" }, b: { kind: "nothing", after: ["a"] } };
    const runs: string[] = [];
    for (let i = 0; i < 4; i++) runs.push(await begin(tasks, { resource: "turns" }));
    await Promise.all(runs.map((run) => untilEnded(factory(), run)));
    const events = (await factory().listEvents({})).filter(
      ({ run_id, type }) => runs.includes(run_id) && /^run\.(started|ended)$/.test(type),
    );
    const expected = runs.flatMap((run) => [`${run} run.started`, `${run} run.ended`]);
    expect(events.map(({ run_id, type }) => `${run_id} ${type}`)).toEqual(expected);
  });
});

describe("retrying", () => {
  const tasks = {
    good: { kind: "note" },
    shaky: { kind: "fail", config: { times: 1 }, after: ["good"] },
    last: { kind: "note", after: ["shaky"] },
  };

  test("runs failed tasks and what was skipped, not what is done", async () => {
    const run = await finish(tasks);
    expect(await statuses(run)).toEqual(["good: DONE 1", "shaky: FAILED 1", "last: SKIPPED 0"]);
    expect(await factory().retryRun(run)).toMatchObject({ attempt: 2, ended: null, error: null });
    await untilEnded(factory(), run);
    expect(await statuses(run)).toEqual(["good: DONE 1", "shaky: DONE 2", "last: DONE 1"]);
    expect(await factory().showRun(run)).toMatchObject({ status: "DONE", attempt: 2 });
    await expect(factory().retryRun(run)).rejects.toMatchObject({ code: "conflict" });
  });

  test("runs all, or what is named with what depends on it", async () => {
    const run = await finish({ a: { kind: "note" }, b: { kind: "note", after: ["a"] }, c: { kind: "note" } });
    await factory().retryRun(run, { tasks: ["a"], conf: { more: 1 } });
    await untilEnded(factory(), run);
    expect(await statuses(run)).toEqual(["a: DONE 2", "b: DONE 2", "c: DONE 1"]);
    await factory().retryRun(run, { tasks: "all" });
    await untilEnded(factory(), run);
    expect(await statuses(run)).toEqual(["a: DONE 3", "b: DONE 3", "c: DONE 2"]);
    expect((await factory().showRun(run)).conf).toEqual({ more: 1 });
    await expect(factory().retryRun(run, { tasks: ["z"] })).rejects.toMatchObject({ code: "not-found" });
  });

  test("of a list runs its bad items only", async () => {
    const run = await finish({
      make: { kind: "list", config: { count: 3 } },
      each: { kind: "failItem", map: "make", config: { item: 1, times: 1 } },
      end: { kind: "nothing", after: ["each"] },
    });
    expect(await statuses(run)).toEqual([
      ...["make: DONE 1", "each: FAILED 0", "each[0]: DONE 1", "each[1]: FAILED 1", "each[2]: DONE 1"],
      "end: SKIPPED 0",
    ]);
    await factory().retryRun(run);
    await untilEnded(factory(), run);
    expect(await statuses(run)).toEqual([
      ...["make: DONE 1", "each: DONE 0", "each[0]: DONE 1", "each[1]: DONE 2", "each[2]: DONE 1"],
      "end: DONE 1",
    ]);
  });
});

test("a task fans out over the list that another made, also over an empty one", async () => {
  const run = await finish({
    make: { kind: "list", config: { count: 40 } },
    none: { kind: "list", config: { count: 0 } },
    each: { kind: "note", map: "make" },
    nothing: { kind: "note", map: "none" },
    end: { kind: "nothing", after: ["each", "nothing"] },
  });
  const items = Array.from({ length: 40 }, (_, i) => `each[${i}]: DONE 1`);
  expect(await statuses(run)).toEqual([
    "make: DONE 1",
    "none: DONE 1",
    "each: DONE 0",
    ...items,
    "nothing: DONE 0",
    "end: DONE 1",
  ]);
  expect((await factory().showTask(run, "each", 39)).address).toMatch(/\/each\/39\/$/);
});

test("secrets are given to tasks and stand in no conf, log, event or error", async () => {
  await factory().secrets.set("password", 'open "sesame"');
  const run = await finish(
    { use: { kind: "secret" }, spill: { kind: "spill" } },
    { conf: { password: "secret://password" } },
  );
  const told = JSON.stringify([
    await factory().showRun(run),
    await factory().listTasks(run),
    await factory().listEvents({ run }),
    await factory().listLogs({ run }),
  ]);
  expect(told).not.toContain("sesame");
  expect(told).toContain("the password is ***");
  expect(await factory().secrets.redact('x open "sesame" y')).toBe("x *** y");
});

describe("watching", () => {
  test("logs end with the run", async () => {
    const run = await begin({ a: { kind: "note" }, b: { kind: "note", after: ["a"] } });
    const lines = [];
    for await (const line of factory().followLogs({ run, signal: AbortSignal.timeout(20_000) }))
      lines.push(line.message);
    expect(lines).toEqual(["note of a try=1", "note of b try=1"]);
  });

  test("of all runs hears each event once, and goes on where it was left", async () => {
    const [last] = (await factory().listEvents({ after: 0 })).slice(-1);
    const after = last?.id ?? 0;
    const runs = await Promise.all(
      [1, 2, 3].map(() => begin({ a: { kind: "nothing" }, b: { kind: "nothing" } })),
    );
    const heard: RunEvent[] = [];
    const abort = new AbortController();
    for await (const event of factory().subscribe({ after, signal: abort.signal })) {
      heard.push(event);
      if (heard.filter(({ type }) => type === "run.ended").length === runs.length) abort.abort();
    }
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
    expect(heard.length).toBe(3 * 9);
    const half = heard[10]?.id ?? 0;
    const again = [];
    const second = new AbortController();
    const rest = heard.filter(({ id }) => id > half).map(({ id }) => id);
    for await (const { id } of factory().subscribe({ after: half, signal: second.signal })) {
      again.push(id);
      if (again.length === rest.length) second.abort();
    }
    expect(new Set(again)).toEqual(new Set(rest));
  });
});
