import { Card } from "../../components/card.tsx";
import { DagGraph } from "../../components/graph/dag-graph.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Duration } from "../../components/time.tsx";
import { formatDuration, formatTime, secondsOf } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { factsOf, type TaskGroup } from "./task-groups.ts";

interface TaskOverviewProps {
  readonly groups: readonly TaskGroup[];
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** The tasks as a graph, and the same facts as a table for those who read rather than look. */
export function TaskOverview({ groups, selected, onSelect }: TaskOverviewProps) {
  const running = groups.some((group) => group.status === "RUNNING");
  const now = useNow(running ? 250 : null);
  const nodes = groups.map((group) => {
    const seconds = secondsOf(group, now);
    return {
      id: group.id,
      title: group.title,
      after: group.after,
      status: group.status,
      facts: [...(seconds === null ? [] : [formatDuration(seconds)]), ...factsOf(group)],
    };
  });
  return (
    <Card title="Tasks">
      {nodes.length === 0 ? (
        <div className="graph graph-wait" />
      ) : (
        <DagGraph nodes={nodes} selected={selected} onSelect={onSelect} />
      )}
      <details className="task-list">
        <summary>Tasks as a list</summary>
        <div className="table-scroll">
          <TaskTable groups={groups} />
        </div>
      </details>
    </Card>
  );
}

function TaskTable({ groups }: { readonly groups: readonly TaskGroup[] }) {
  return (
    <table className="grid-table">
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">Status</th>
          <th scope="col">After</th>
          <th scope="col">Started</th>
          <th scope="col" className="number">
            Took
          </th>
          <th scope="col">Counts</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.id}>
            <th scope="row">{group.title}</th>
            <td>
              <StatusBadge status={group.status} />
            </td>
            <td>{group.after.join(", ") || "–"}</td>
            <td>{group.started === null ? "–" : formatTime(group.started)}</td>
            <td className="number">
              <Duration of={group} />
            </td>
            <td>{factsOf(group).join(", ") || "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
