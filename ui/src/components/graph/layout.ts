import { Graph, layout } from "@dagrejs/dagre";

/** A node of a DAG before it has a place. */
export interface GraphNode {
  readonly id: string;
  readonly after: readonly string[];
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Left upper corners. */
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}

export const NODE_WIDTH = 192;
export const NODE_HEIGHT = 64;

/** Places nodes in ranks, from left to right or downwards. */
export function placeNodes(nodes: readonly GraphNode[], direction: "LR" | "TB"): Placed {
  const graph = new Graph();
  graph.setGraph({ rankdir: direction, nodesep: 20, ranksep: direction === "LR" ? 56 : 32 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { id, after } of nodes) {
    for (const upstream of after) if (graph.hasNode(upstream)) graph.setEdge(upstream, id);
  }
  layout(graph);
  const places = new Map(
    nodes.map(({ id }) => {
      const { x, y } = graph.node(id);
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }] as const;
    }),
  );
  const { width = NODE_WIDTH, height = NODE_HEIGHT } = graph.graph();
  return { width, height, places };
}
