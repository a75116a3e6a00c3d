import { type ComponentProps, lazy, Suspense } from "react";
import type DagGraph from "./dag-graph.tsx";

const Graph = lazy(() => import("./dag-graph.tsx"));

/** The graph, whose code is fetched when it is first needed; its place is kept meanwhile. */
export function LazyGraph(props: ComponentProps<typeof DagGraph>) {
  return (
    <Suspense fallback={<div className="graph graph-wait" />}>
      <Graph {...props} />
    </Suspense>
  );
}
