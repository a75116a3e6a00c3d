import fc from "fast-check";
import { expect, test } from "vitest";
import { upstreamOf } from "./dag.ts";
import { type Finished, type Item, itemKey, openGraph, type Settled } from "./graph.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";

/** A random DAG: each task waits for some of those before it; some fan out over one of them. */
const dags: fc.Arbitrary<DagDefinition> = fc
  .array(
    fc.record({
      after: fc.array(fc.nat(), { maxLength: 3 }),
      map: fc.option(fc.nat(), { freq: 4, nil: undefined }),
      always: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((tasks) => {
    const named = tasks.map(({ after, map, always }, i): [string, TaskDefinition] => {
      const pick = (nth: number) => `t${nth % i}`;
      const upstream = i === 0 ? {} : { after: [...new Set(after.map(pick))] };
      const list = i === 0 || map === undefined ? {} : { map: pick(map) };
      return [`t${i}`, { kind: "k", ...upstream, ...list, ...(always ? { when: "always" as const } : {}) }];
    });
    return { dag: "d", tasks: Object.fromEntries(named) };
  });

/** How an item ends follows from its name alone. */
const outcome = (seed: number, item: Item): { status: Settled; count: number } => {
  const hash = [...`${seed}${itemKey(item)}`].reduce(
    (sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1_009,
    7,
  );
  return { status: hash % 5 === 0 ? "FAILED" : "DONE", count: hash % 4 };
};

interface Walked {
  readonly order: readonly string[];
  readonly statuses: ReadonlyMap<string, string>;
}

/** Walks a DAG; `choose` says which of the items in flight ends next. */
function walk(
  dag: DagDefinition,
  seed: number,
  choose: (length: number) => number,
  finished: Finished = {},
): Walked {
  const graph = openGraph(dag, finished);
  const order: string[] = [];
  const flying: Item[] = [];
  const begin = (items: readonly Item[]) => {
    for (const item of items) {
      for (const upstream of upstreamOf(dag.tasks[item.task] ?? { kind: "" }))
        expect(["WAITING", "OPEN"]).not.toContain(graph.statuses().get(upstream));
      order.push(itemKey(item));
      flying.push(item);
    }
  };
  begin(graph.begin().ready);
  while (flying.length > 0) {
    const [item] = flying.splice(choose(flying.length), 1);
    if (item) begin(graph.end(item, outcome(seed, item)).ready);
  }
  return { order, statuses: graph.statuses() };
}

const choices = (numbers: readonly number[]) => {
  let nth = 0;
  return (length: number) => (numbers[nth++ % numbers.length] ?? 0) % length;
};

const cases = fc.tuple(
  dags,
  fc.nat({ max: 1_000 }),
  fc.array(fc.nat({ max: 100 }), { minLength: 5, maxLength: 40 }),
);

test("whatever the order in which tasks end, the same ones run, each once, and all are settled alike", () => {
  fc.assert(
    fc.property(cases, ([dag, seed, numbers]) => {
      const inOrder = walk(dag, seed, () => 0);
      const shuffled = walk(dag, seed, choices(numbers));
      expect([...shuffled.order].sort()).toEqual([...inOrder.order].sort());
      expect(new Set(shuffled.order).size).toBe(shuffled.order.length);
      expect(shuffled.statuses).toEqual(inOrder.statuses);
      for (const status of inOrder.statuses.values()) expect(["DONE", "FAILED", "SKIPPED"]).toContain(status);
    }),
    { seed: 3 },
  );
});

test("a walk over a DAG whose tasks are all finished runs nothing", () => {
  fc.assert(
    fc.property(dags, (dag) => {
      const finished = Object.fromEntries(Object.keys(dag.tasks).map((id) => [`${id}/-1`, { count: 1 }]));
      const { order, statuses } = walk(dag, 0, () => 0, finished);
      expect(order).toEqual([]);
      expect(new Set(statuses.values())).toEqual(new Set(["DONE"]));
    }),
    { seed: 4 },
  );
});
