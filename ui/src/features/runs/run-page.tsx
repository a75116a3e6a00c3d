import { useMemo } from "react";
import { Card } from "../../components/card.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { NotFoundPage } from "../../components/not-found.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { isOver, statusWord } from "../../components/status.tsx";
import type { Run } from "../../lib/contract.ts";
import { ApiError } from "../../lib/error.ts";
import { useReport, useRun, useTasks } from "../../lib/run-queries.ts";
import { shortId } from "../../lib/urls.ts";
import { useAddress } from "../../lib/use-address.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RootCause } from "./root-cause.tsx";
import { RunDetails } from "./run-details.tsx";
import { RunHead } from "./run-head.tsx";
import { titleOf } from "./run-list.tsx";
import { groupTasks, hasChecked } from "./task-groups.ts";
import { TaskOverview } from "./task-overview.tsx";
import { useRunEvents } from "./use-run-events.ts";
import { useSayStatus } from "./use-say-status.ts";

/** One run: what happened, why, and everything that it left. */
export function RunPage({ id }: { readonly id: string }) {
  const run = useRun(id);
  const tasks = useTasks(id);
  const report = useReport(id, hasChecked(tasks.data?.items ?? []));
  // The tab says how it stands, also while one looks elsewhere.
  useTitle(
    run.data === undefined ? `Run ${shortId(id)}` : `${statusWord(run.data.status)}: ${titleOf(run.data)}`,
  );
  useSayStatus(run.data);
  // Shown when all is there, so that nothing on it moves.
  if (run.data !== undefined && !tasks.isPending && !report.isLoading)
    return <LoadedRun run={run.data} updated={run.dataUpdatedAt} tasks={tasks} report={report} />;
  if (run.error instanceof ApiError && run.error.status === 404) return <NotFoundPage what={`run ${id}`} />;
  if (run.isError) return <ErrorBox error={run.error} onRetry={() => void run.refetch()} />;
  return <RunSkeleton />;
}

interface LoadedRunProps {
  readonly run: Run;
  readonly updated: number;
  readonly tasks: ReturnType<typeof useTasks>;
  readonly report: ReturnType<typeof useReport>;
}

function LoadedRun({ run, updated, tasks, report }: LoadedRunProps) {
  const active = !isOver(run.status);
  const live = useRunEvents(run.id, active);
  const groups = useMemo(() => groupTasks(tasks.data?.items ?? []), [tasks.data]);
  const [params, change] = useAddress();
  const task = params.get("task");
  const select = (selected: string) =>
    change({ task: selected === task ? null : selected, tab: "log" }, { replace: true });
  return (
    <>
      <RunHead run={run} live={live} updated={updated} />
      <RootCause run={run} groups={groups} />
      {tasks.isError && tasks.data === undefined ? (
        <ErrorBox error={tasks.error} onRetry={() => void tasks.refetch()} />
      ) : (
        <TaskOverview groups={groups} selected={task} onSelect={select} />
      )}
      <RunDetails run={run} groups={groups} active={active} report={report} />
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
