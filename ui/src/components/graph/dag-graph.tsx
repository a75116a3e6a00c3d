import { useEffect, useRef } from "react";
import { useNarrow } from "../../lib/use-narrow.ts";
import { ScrollArea } from "../scroll-area.tsx";
import { type Status, StatusIcon, statusWord } from "../status.tsx";
import {
  type Direction,
  edgePath,
  type GraphNode,
  type Place,
  type Placed,
  placeNodes,
  sizes,
} from "./layout.ts";

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

/** The tasks of a DAG and what they wait for, drawn; where `onSelect` is given, each task is a button. */
export function DagGraph({ nodes, selected, onSelect }: DagGraphProps) {
  const direction = useNarrow() ? "down" : "across";
  const placed = placeNodes(nodes, direction);
  const { width, height } = placed;
  const scroller = useRef<HTMLElement>(null);
  useEffect(() => {
    const area = scroller.current;
    // A tree that grows downwards has its trunk in the middle.
    if (area !== null && direction === "down") area.scrollLeft = (area.scrollWidth - area.clientWidth) / 2;
  }, [direction]);
  return (
    <ScrollArea ref={scroller} label="Graph of the tasks" className="graph">
      <div className="graph-canvas" style={{ width, height }}>
        <svg className="graph-edges" width={width} height={height} aria-hidden="true">
          <Edges nodes={nodes} placed={placed} direction={direction} />
        </svg>
        {nodes.map((node) => (
          <TaskNode
            key={node.id}
            node={node}
            place={placed.places.get(node.id) ?? { x: 0, y: 0 }}
            direction={direction}
            selected={node.id === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
    </ScrollArea>
  );
}

interface EdgesProps {
  readonly nodes: readonly DagNode[];
  readonly placed: Placed;
  readonly direction: Direction;
}

function Edges({ nodes, placed: { places }, direction }: EdgesProps) {
  const done = new Set(nodes.filter((node) => node.status === "DONE").map((node) => node.id));
  return nodes.flatMap(({ id, after }) =>
    after.map((upstream) => {
      const [from, to] = [places.get(upstream), places.get(id)];
      if (from === undefined || to === undefined) return null;
      return (
        <path
          key={`${upstream} ${id}`}
          className={done.has(upstream) ? "edge-done" : undefined}
          d={edgePath(from, to, direction)}
        />
      );
    }),
  );
}

interface TaskNodeProps {
  readonly node: DagNode;
  readonly place: Place;
  readonly direction: Direction;
  readonly selected: boolean;
  readonly onSelect: ((id: string) => void) | undefined;
}

function TaskNode({ node, place, direction, selected, onSelect }: TaskNodeProps) {
  const { id, title, status, facts } = node;
  const className = status === null ? "node" : `node node-${status.toLowerCase()}`;
  const style = { left: place.x, top: place.y, ...sizes[direction] };
  const content = (
    <>
      <span className="node-title">
        {status !== null && <StatusIcon status={status} />}
        <span className="node-name">{title}</span>
      </span>
      {(status !== null || facts.length > 0) && <span className="node-facts">{facts.join(" · ")}</span>}
    </>
  );
  if (onSelect === undefined) {
    return (
      <div className={className} style={style}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={className}
      style={style}
      aria-pressed={selected}
      aria-label={[title, status && statusWord(status), ...facts].filter(Boolean).join(", ")}
      onClick={() => onSelect(id)}
    >
      {content}
    </button>
  );
}
