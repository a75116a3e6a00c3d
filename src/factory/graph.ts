import { upstreamOf } from "./dag.ts";
import type { DagDefinition } from "./task.ts";

/** One thing to run: a task, or one item of a mapped task. */
export interface Item {
  readonly task: string;
  /** -1 for a task that is not mapped. */
  readonly mapIndex: number;
}

/** How a task stands for those that wait for it. */
export type Settled = "DONE" | "FAILED" | "SKIPPED" | "CANCELLED";

/** What happened by one step through the graph. */
export interface Progress {
  readonly ready: readonly Item[];
  /** Tasks that are settled without having run, or whose list is finished. */
  readonly settled: readonly { readonly task: string; readonly status: Settled }[];
}

/** Items that need not run (again), with the length of the list each made. */
export type Finished = Readonly<Record<string, { readonly count: number | null }>>;

interface Node {
  waitsFor: number;
  status: Settled | "WAITING" | "OPEN";
  /** Items not ended yet. */
  open: number;
  failed: boolean;
  count: number | null;
}

/** Walks a DAG: says what is ready as tasks end. Pure bookkeeping in memory; the same ends give the same walk. */
export interface Graph {
  readonly begin: () => Progress;
  readonly end: (item: Item, how: { readonly status: Settled; readonly count: number | null }) => Progress;
  readonly statuses: () => ReadonlyMap<string, Node["status"]>;
}

export const itemKey = ({ task, mapIndex }: Item): string => `${task}/${mapIndex}`;

export function openGraph(dag: DagDefinition, finished: Finished): Graph {
  const nodes = new Map<string, Node>();
  const dependents = new Map<string, string[]>();
  for (const [id, task] of Object.entries(dag.tasks)) {
    const upstream = upstreamOf(task);
    nodes.set(id, { waitsFor: upstream.length, status: "WAITING", open: 0, failed: false, count: null });
    for (const one of upstream) dependents.set(one, [...(dependents.get(one) ?? []), id]);
  }
  const walk = { dag, finished, nodes, dependents };
  return {
    begin: () =>
      advance(
        walk,
        [...nodes].filter(([, node]) => node.waitsFor === 0).map(([id]) => id),
      ),
    end: (item, how) => endItem(walk, item, how),
    statuses: () => new Map([...nodes].map(([id, node]) => [id, node.status])),
  };
}

interface Walk {
  readonly dag: DagDefinition;
  readonly finished: Finished;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

function endItem(walk: Walk, item: Item, how: { status: Settled; count: number | null }): Progress {
  const node = walk.nodes.get(item.task);
  if (node?.status !== "OPEN") return { ready: [], settled: [] };
  node.open -= 1;
  node.failed ||= how.status !== "DONE";
  if (item.mapIndex < 0) node.count = how.count;
  if (node.open > 0) return { ready: [], settled: [] };
  node.status = node.failed ? (item.mapIndex < 0 ? how.status : "FAILED") : "DONE";
  const { ready, settled } = advance(walk, release(walk, item.task));
  const list = item.mapIndex < 0 ? [] : [{ task: item.task, status: node.status }];
  return { ready, settled: [...list, ...settled] };
}

/** Lowers the counters of those that wait for a settled task; gives the ids that wait for nothing more. */
function release(walk: Walk, id: string): string[] {
  return (walk.dependents.get(id) ?? []).filter((dependent) => {
    const node = walk.nodes.get(dependent);
    if (node) node.waitsFor -= 1;
    return node?.waitsFor === 0;
  });
}

function advance(walk: Walk, unblocked: readonly string[]): Progress {
  const ready: Item[] = [];
  const settled: { task: string; status: Settled }[] = [];
  const next = [...unblocked];
  for (let id = next.shift(); id !== undefined; id = next.shift()) {
    const node = walk.nodes.get(id);
    if (!node) continue;
    const opened = open(walk, id, node);
    ready.push(...opened.ready);
    if (opened.settled) settled.push({ task: id, status: opened.settled });
    if (node.status !== "OPEN") next.push(...release(walk, id));
  }
  return { ready, settled };
}

/** Opens a task that waits for nothing more: gives its items, or says how it stands without running. */
function open(walk: Walk, id: string, node: Node): { ready: readonly Item[]; settled?: Settled } {
  const task = walk.dag.tasks[id];
  const before = walk.finished[itemKey({ task: id, mapIndex: -1 })];
  if (!task || before) {
    node.status = "DONE";
    node.count = before?.count ?? null;
    return { ready: [] };
  }
  const upstream = upstreamOf(task).map((one) => walk.nodes.get(one)?.status);
  if (task.when !== "always" && upstream.some((status) => status !== "DONE")) {
    node.status = "SKIPPED";
    return { ready: [], settled: "SKIPPED" };
  }
  const ready = itemsOf(walk, id, task.map).filter((item) => !walk.finished[itemKey(item)]);
  node.open = ready.length;
  node.status = ready.length > 0 ? "OPEN" : "DONE";
  return ready.length > 0 ? { ready } : { ready, settled: "DONE" };
}

function itemsOf(walk: Walk, task: string, map: string | undefined): readonly Item[] {
  if (map === undefined) return [{ task, mapIndex: -1 }];
  const count = walk.nodes.get(map)?.count ?? 0;
  return Array.from({ length: count }, (_, mapIndex) => ({ task, mapIndex }));
}
