/** A node of a DAG before it has a place. */
export interface GraphNode {
  readonly id: string;
  readonly after: readonly string[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Left upper corners. */
  readonly places: ReadonlyMap<string, Place>;
}

/** `across`: from left to right; `down`: from top to bottom. */
export type Direction = "across" | "down";

/** Of a node. */
export const sizes = {
  across: { width: 192, height: 64 },
  down: { width: 156, height: 64 },
} as const;
/** Between ranks, where the edges are; and between the nodes of one rank. */
const gaps = { across: { rank: 48, node: 16 }, down: { rank: 28, node: 16 } } as const;

/** Places each node one rank after the last of those it waits for, ranks centred, near what it waits for. */
export function placeNodes(nodes: readonly GraphNode[], direction: Direction): Placed {
  const ranks = orderRanks(rankNodes(nodes));
  const widest = Math.max(1, ...ranks.map((rank) => rank.length));
  const size = sizes[direction];
  const [along, beside] = direction === "across" ? [size.width, size.height] : [size.height, size.width];
  const gap = gaps[direction];
  const places = ranks.flatMap((rank, depth) =>
    rank.map(({ id }, index) => {
      const ahead = depth * (along + gap.rank);
      const aside = (index + (widest - rank.length) / 2) * (beside + gap.node);
      return [id, direction === "across" ? { x: ahead, y: aside } : { x: aside, y: ahead }] as const;
    }),
  );
  const length = Math.max(1, ranks.length) * (along + gap.rank) - gap.rank;
  const breadth = widest * (beside + gap.node) - gap.node;
  const [width, height] = direction === "across" ? [length, breadth] : [breadth, length];
  return { width, height, places: new Map(places) };
}

/** Nodes by their depth: the length of the longest way to them. */
function rankNodes(nodes: readonly GraphNode[]): readonly (readonly GraphNode[])[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<string, number>();
  const depthOf = (node: GraphNode): number => {
    const before = depths.get(node.id);
    if (before !== undefined) return before;
    // A node that waits for itself in the end would be looked at for ever.
    depths.set(node.id, 0);
    const upstream = node.after.flatMap((id) => known.get(id) ?? []);
    const depth = Math.max(0, ...upstream.map((other) => depthOf(other) + 1));
    depths.set(node.id, depth);
    return depth;
  };
  const byDepth = [...Map.groupBy(nodes, depthOf)];
  return byDepth.sort(([a], [b]) => a - b).map(([, rank]) => rank);
}

/** Within a rank, nodes stand in the order of the places of what they wait for. */
function orderRanks(ranks: readonly (readonly GraphNode[])[]): GraphNode[][] {
  const at = new Map<string, number>();
  return ranks.map((rank) => {
    const middle = ({ after }: GraphNode) => {
      const known = after.flatMap((id) => at.get(id) ?? []);
      return known.length === 0 ? 0.5 : known.reduce((sum, place) => sum + place, 0) / known.length;
    };
    const ordered = rank.toSorted((a, b) => middle(a) - middle(b));
    for (const [index, { id }] of ordered.entries()) at.set(id, (index + 0.5) / ordered.length);
    return ordered;
  });
}

/** The way of an edge between two nodes, as an SVG path. */
export function edgePath(from: Place, to: Place, direction: Direction): string {
  const { width, height } = sizes[direction];
  if (direction === "across") {
    const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1, x2, y2] = [from.x + width / 2, from.y + height, to.x + width / 2, to.y];
  const bend = (y2 - y1) / 2;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
