import { expect, it } from "vitest";
import type { Task } from "../../lib/contract.ts";
import { factsOf, groupTasks, tableOf } from "./task-groups.ts";

const task = (id: string, more: Partial<Task>): Task => ({
  id,
  title: "",
  after: [],
  map_index: null,
  status: "DONE",
  try: 1,
  max_tries: 1,
  started: "2026-01-02T12:00:00Z",
  ended: "2026-01-02T12:00:01Z",
  seconds: 1,
  address: `dag/run/${id}/`,
  stats: {},
  progress: null,
  error: null,
  ...more,
});

it("makes one group of a mapped task, in its most pressing state, with what all of them did", () => {
  const groups = groupTasks([
    task("list", {}),
    task("read", { after: ["list"], map_index: 0, stats: { rows: 1200 } }),
    task("read", {
      after: ["list"],
      map_index: 1,
      status: "RUNNING",
      ended: null,
      progress: { rows: 34, fraction: null },
    }),
    task("read", { after: ["list"], map_index: 2, status: "WAITING", try: 0, started: null, ended: null }),
  ]);
  expect(groups.map((group) => [group.id, group.status, group.after, group.ended, factsOf(group)])).toEqual([
    ["list", "DONE", [], "2026-01-02T12:00:01Z", []],
    ["read", "RUNNING", ["list"], null, ["1 of 3 done", "1,234 rows"]],
  ]);
});

it("says which try it is from the second on", () => {
  const [group] = groupTasks([task("fetch", { try: 2 })]);
  expect(group && factsOf(group)).toEqual(["try 2"]);
});

it("names the table that was loaded, and none while loading", () => {
  const loading = task("load", { status: "RUNNING", stats: { table: "cities" } });
  const loaded = task("load", { stats: { table: "cities" } });
  expect([tableOf(groupTasks([loading])), tableOf(groupTasks([loaded]))]).toEqual([null, "cities"]);
});
