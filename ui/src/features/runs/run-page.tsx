import { useMemo } from "react";
import { Card } from "../../components/card.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { NotFoundPage } from "../../components/not-found.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { isOver } from "../../components/status.tsx";
import { ApiError } from "../../lib/error.ts";
import { useReport, useRun, useTasks } from "../../lib/run-queries.ts";
import { shortId } from "../../lib/urls.ts";
import { useAddress } from "../../lib/use-address.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RootCause } from "./root-cause.tsx";
import { RunDetails } from "./run-details.tsx";
import { RunHead } from "./run-head.tsx";
import { groupTasks } from "./task-groups.ts";
import { TaskOverview } from "./task-overview.tsx";
import { useRunEvents } from "./use-run-events.ts";
import { useSayStatus } from "./use-say-status.ts";

/** One run: what happened, why, and everything that it left. */
export function RunPage({ id }: { readonly id: string }) {
  const first = useRun(id, true);
  useTitle(first.data?.summary || `Run ${shortId(id)}`);
  if (first.data !== undefined) return <LoadedRun id={id} />;
  if (first.error instanceof ApiError && first.error.status === 404) {
    return <NotFoundPage what={`run ${id}`} />;
  }
  if (first.isError) return <ErrorBox error={first.error} onRetry={() => void first.refetch()} />;
  return <RunSkeleton />;
}

function LoadedRun({ id }: { readonly id: string }) {
  const known = useRun(id, true).data;
  const active = known !== undefined && !isOver(known.status);
  const live = useRunEvents(id, active);
  const run = useRun(id, live === "live");
  const tasks = useTasks(run.data, live === "live");
  const report = useReport(id);
  const groups = useMemo(() => groupTasks(tasks.data?.items ?? []), [tasks.data]);
  const [params, change] = useAddress();
  useSayStatus(run.data);
  if (run.data === undefined) return null;
  const task = params.get("task");
  return (
    <>
      <RunHead run={run.data} live={live} updated={run.dataUpdatedAt} />
      <RootCause run={run.data} groups={groups} />
      {tasks.isError ? (
        <ErrorBox error={tasks.error} onRetry={() => void tasks.refetch()} />
      ) : (
        <TaskOverview
          groups={groups}
          selected={task}
          onSelect={(selected) =>
            change({ task: selected === task ? null : selected, tab: "log" }, { replace: true })
          }
        />
      )}
      <RunDetails run={run.data} groups={groups} active={active} report={report} />
    </>
  );
}

/** As high as the page that it stands for. */
function RunSkeleton() {
  return (
    <>
      <Skeleton lines={4} height={30} />
      <Card title="Tasks">
        <div className="graph-wait" />
      </Card>
      <Card title="Details">
        <Skeleton lines={10} height={34} />
      </Card>
    </>
  );
}
