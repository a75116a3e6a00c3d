import { expect, it } from "vitest";
import type { Task } from "../../lib/contract.ts";
import { factsOf, groupTasks, hasChecked, tableOf } from "./task-groups.ts";

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

const failure = (kind: "io" | "data") => ({ code: "x", message: "", hint: "", kind, where: {}, docs: "" });

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

it("says how far a single task is, and no rows where it counts none", () => {
  const [fetching] = groupTasks([
    task("fetch", { status: "RUNNING", progress: { rows: 0, fraction: 0.378 } }),
  ]);
  expect(fetching && factsOf(fetching)).toEqual(["37 %"]);
});

it.each([
  ["a check that is through", { stats: { errors: 0 } }, true],
  ["a check that runs", { status: "RUNNING", stats: { errors: 0 } }, false],
  ["a file that could not be fetched", { status: "FAILED", error: failure("io") }, false],
  ["a file that is no table", { status: "FAILED", error: failure("data") }, true],
] as const)("knows whether there is a report after %s", (_, more, expected) =>
  expect(hasChecked([task("check", more)])).toBe(expected),
);

it("names the table that was loaded, and none while loading", () => {
  const loading = task("load", { status: "RUNNING", stats: { table: "cities" } });
  const loaded = task("load", { stats: { table: "cities" } });
  expect([tableOf(groupTasks([loading])), tableOf(groupTasks([loaded]))]).toEqual([null, "cities"]);
});
