import { afterAll, beforeAll, expect, test } from "vitest";
import type { ListFilter } from "./factory-types.ts";
import { startTestFactory, type TestFactory } from "./test-factory.ts";

let under: TestFactory;
beforeAll(async () => {
  under = await startTestFactory({ worker: false });
  await under.database.query(
    `insert into aircan.run (id, dag, job_id, job_type, snapshot, conf, trigger, dataset, resource, "user", note, created, updated, state)
     select 'run-' || lpad(i::text, 5, '0'), 'dag' || i % 3, 'job-' || i, 'LOAD', '{"dag":"d","tasks":{}}', '{}', 'api',
            'org/set' || i % 7, 'res' || i % 5, case when i % 2 = 0 then 'ann' end, case when i = 77 then '100% done' end,
            timestamptz '2026-01-01T00:00:00Z' + interval '1 minute' * (i / 2), now(),
            jsonb_build_object('attempt', 1, 'status', (array['DONE','FAILED','DONE','CANCELLED'])[i % 4 + 1])
     from generate_series(1, 10000) i`,
  );
  await under.database.query(
    `insert into aircan.task (run_id, task, map_index, position, state)
     select id, task, -1, 0, '{"attempt":1,"try":1,"maxTries":1,"status":"DONE"}' from aircan.run, unnest(array['a','b','c','d']) task`,
  );
  await under.database.query("analyze");
});
afterAll(() => under.close());

const ids = async (filter: ListFilter) => (await under.factory().listRuns(filter)).items.map(({ id }) => id);

test("pages go through all runs, newest first, each once", async () => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await under.factory().listRuns({ dag: "dag1", limit: 500, ...(cursor ? { cursor } : {}) });
    expect(page.total).toBe(3334);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  const expected = await under.database.query(
    "select id from aircan.run where dag = 'dag1' order by created desc, id desc",
  );
  expect(found).toEqual(expected.map(({ id }) => id));
});

test.each<[ListFilter, string[], number]>([
  [{ status: ["FAILED", "CANCELLED"], limit: 3 }, ["run-09999", "run-09997", "run-09995"], 5000],
  [{ dataset: "org/set3", user: "ann", limit: 2 }, ["run-09992", "run-09978"], 714],
  [{ q: "100% d" }, ["run-00077"], 1],
  [{ q: "_" }, [], 0],
  [{ since: "2026-01-01T00:10:00Z", until: "2026-01-01T00:11:00Z" }, ["run-00021", "run-00020"], 2],
  [{ jobType: "HARVEST" }, [], 0],
])("the filter %j finds its runs", async (filter, expected, total) => {
  expect(await ids(filter)).toEqual(expected);
  expect((await under.factory().listJobs(filter)).total).toBe(total);
});

test.each<[string, ListFilter]>([
  ["a cursor of somebody else", { cursor: "abc" }],
  ["a limit of nothing", { limit: 0 }],
  ["no instant", { since: "yesterday" }],
])("%s is refused", async (_, filter) => {
  await expect(under.factory().listRuns(filter)).rejects.toMatchObject({ code: "usage-error" });
});

test("a page of 10,000 runs comes by an index, not by sorting all", async () => {
  const plan = await under.database.query(
    "explain select * from aircan.run where true order by created desc, id desc limit 51",
  );
  expect(JSON.stringify(plan)).toContain("run_by_age");
});

test("each dataset is listed once, by name, with its newest run", async () => {
  const first = await under.factory().listDatasets({ limit: 4 });
  expect([first.total, first.next_cursor]).toEqual([7, "org/set3"]);
  const second = await under.factory().listDatasets({ limit: 4, cursor: first.next_cursor ?? "" });
  expect([second.total, second.next_cursor]).toEqual([7, null]);
  expect([...first.items, ...second.items].map(({ id, last_run }) => [id, last_run.id])).toEqual([
    ["org/set0", "run-09996"],
    ["org/set1", "run-09997"],
    ["org/set2", "run-09998"],
    ["org/set3", "run-09999"],
    ["org/set4", "run-10000"],
    ["org/set5", "run-09994"],
    ["org/set6", "run-09995"],
  ]);
  expect((await under.factory().listDatasets({ q: "SET5" })).items.map(({ id }) => id)).toEqual(["org/set5"]);
});
