import { Button } from "../../components/button.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import type { Run } from "../../lib/contract.ts";
import { useRetry } from "../../lib/run-queries.ts";
import type { TaskGroup } from "./task-groups.ts";

/** Why a run failed: the error of the task that failed first, before those that failed because of it. */
export function RootCause({ run, groups }: { readonly run: Run; readonly groups: readonly TaskGroup[] }) {
  if (run.status !== "FAILED") return null;
  const failed = groups
    .flatMap((group) => group.tasks)
    .filter((task) => task.status === "FAILED" && task.error !== null)
    .sort((a, b) => (a.ended ?? "").localeCompare(b.ended ?? ""));
  const first = failed[0];
  const error = first?.error ?? run.error;
  if (error === null || error === undefined) return null;
  const title = first === undefined ? "The run failed" : `Task ${first.title || first.id} failed`;
  return (
    <div className="root-cause">
      <ErrorBox
        error={error}
        title={title}
        action={stoppedAtBadCells(run) ? <LoadGoodRows run={run} /> : undefined}
      />
    </div>
  );
}

/** Whether a load failed because of its data, so that a retry helps only if it leaves the bad rows out. */
export function stoppedAtBadCells({ job_type, error, conf }: Run): boolean {
  return job_type === "LOAD" && error?.code === "data-error" && conf.on_error !== "report";
}

/** Retries a load that stopped at bad cells, without them this time. */
function LoadGoodRows({ run }: { readonly run: Run }) {
  const retry = useRetry(run.id);
  return (
    <>
      <Button
        icon="play"
        look="primary"
        pending={retry.isPending}
        onClick={() => retry.mutate({ ...run.conf, on_error: "report" })}
      >
        Load the good rows, report the others
      </Button>
      {retry.isError && <ErrorBox error={retry.error} title="The run was not retried" />}
    </>
  );
}
