import { describe, expect, test } from "vitest";
import { checkDag, hashDag, topologicalOrder } from "./dag.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";

const dag = (tasks: Record<string, TaskDefinition>): DagDefinition => ({ dag: "d", tasks });
const task = (more: Partial<TaskDefinition> = {}): TaskDefinition => ({ kind: "k", ...more });

describe("a DAG is refused", () => {
  test.each<[string, DagDefinition, string]>([
    ["for a cycle", dag({ a: task({ after: ["b"] }), b: task({ after: ["a"] }) }), "a → b → a"],
    [
      "for an unknown upstream",
      dag({ a: task({ after: ["x"] }) }),
      '"x", which is no task of this DAG; there are a',
    ],
    ["for an unknown list to map over", dag({ a: task({ map: "x" }) }), '"x"'],
    ["for a bad timeout", dag({ a: task({ timeout: "soon" }) }), "soon"],
    ["for a bad memory cap", dag({ a: task({ memory: "much" }) }), "much"],
    ["for half a retry", dag({ a: task({ retries: 0.5 }) }), "0.5 retries"],
    ["without tasks", dag({}), "has no tasks"],
    ["for a name that leaves its folder", { dag: "../d", tasks: { a: task() } }, "../d"],
  ])("%s", (_why, definition, message) => {
    expect(() => checkDag(definition)).toThrow(message);
  });
});

test("tasks stand after all that they wait for", () => {
  const definition = dag({ c: task({ after: ["b"] }), b: task({ map: "a" }), a: task() });
  expect(topologicalOrder(definition)).toEqual(["a", "b", "c"]);
});

test("equal definitions have equal hashes, wherever their file lies", () => {
  expect(hashDag({ ...dag({ a: task() }), file: "/x.ts" })).toBe(
    hashDag({ tasks: { a: { kind: "k" } }, dag: "d" }),
  );
});
