import "@xyflow/react/dist/base.css";
import { Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { useNarrow } from "../../lib/use-narrow.ts";
import { type Status, StatusIcon, statusWord } from "../status.tsx";
import { type GraphNode, NODE_HEIGHT, NODE_WIDTH, placeNodes } from "./layout.ts";

/** A task as the graph shows it. */
export interface DagNode extends GraphNode {
  readonly title: string;
  /** `null`: no run, only the definition. */
  readonly status: Status | null;
  readonly facts: readonly string[];
}

interface DagGraphProps {
  readonly nodes: readonly DagNode[];
  readonly selected: string | null;
  readonly onSelect?: (id: string) => void;
}

type FlowNode = Node<
  { node: DagNode; selected: boolean; direction: "LR" | "TB"; onSelect: ((id: string) => void) | undefined },
  "task"
>;

const nodeTypes = { task: TaskNode };
const PADDING = 24;

/** The tasks of a DAG and what they wait for, drawn; each task is a button. */
export default function DagGraph({ nodes, selected, onSelect }: DagGraphProps) {
  const direction = useNarrow() ? "TB" : "LR";
  const shape = nodes.map((node) => `${node.id}<${node.after.join()}`).join(";");
  // Places depend on who waits for whom only; states change all the time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says when `nodes` differ in that sense
  const placed = useMemo(() => placeNodes(nodes, direction), [shape, direction]);
  const flowNodes: FlowNode[] = nodes.map((node) => ({
    id: node.id,
    type: "task",
    position: placed.places.get(node.id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { node, selected: node.id === selected, direction, onSelect },
  }));
  return (
    <div className="graph" style={{ height: Math.min(placed.height + 2 * PADDING, 420) }}>
      <ReactFlow
        key={`${shape} ${direction}`}
        nodes={flowNodes}
        edges={edgesOf(nodes)}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: `${PADDING}px` }}
        minZoom={0.1}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        deleteKeyCode={null}
        proOptions={{ hideAttribution: true }}
      >
        {nodes.length > 8 && <Controls showInteractive={false} />}
      </ReactFlow>
    </div>
  );
}

function edgesOf(nodes: readonly DagNode[]): Edge[] {
  const status = new Map(nodes.map((node) => [node.id, node.status]));
  return nodes.flatMap((node) =>
    node.after
      .filter((upstream) => status.has(upstream))
      .map((upstream) => ({
        id: `${upstream} ${node.id}`,
        source: upstream,
        target: node.id,
        className: status.get(upstream) === "DONE" ? "edge-done" : "",
      })),
  );
}

function TaskNode({ data }: NodeProps<FlowNode>) {
  const { node, selected, direction, onSelect } = data;
  const content = (
    <>
      <span className="node-title">
        {node.status !== null && <StatusIcon status={node.status} />}
        <span>{node.title}</span>
      </span>
      {(node.status !== null || node.facts.length > 0) && (
        <span className="node-facts">{node.facts.join(" · ")}</span>
      )}
    </>
  );
  const look = `node ${node.status === null ? "" : `node-${node.status.toLowerCase()}`}`;
  return (
    <>
      <Handle type="target" position={direction === "LR" ? Position.Left : Position.Top} />
      {onSelect === undefined ? (
        <div className={look}>{content}</div>
      ) : (
        <button
          type="button"
          className={`${look} nopan`}
          aria-pressed={selected}
          aria-label={[node.title, node.status && statusWord(node.status), ...node.facts]
            .filter(Boolean)
            .join(", ")}
          onClick={() => onSelect(node.id)}
        >
          {content}
        </button>
      )}
      <Handle type="source" position={direction === "LR" ? Position.Right : Position.Bottom} />
    </>
  );
}
