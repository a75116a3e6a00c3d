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
  const badCells = run.job_type === "LOAD" && error.code === "data-error" && run.conf.on_error !== "report";
  return (
    <div className="root-cause">
      <ErrorBox error={error} title={title} action={badCells ? <LoadGoodRows run={run} /> : undefined} />
    </div>
  );
}

/** Retries a load that stopped at bad cells, without them this time. */
function LoadGoodRows({ run }: { readonly run: Run }) {
  const retry = useRetry(run.id);
  return (
    <>
      <Button
        icon="play"
        pending={retry.isPending}
        onClick={() => retry.mutate({ ...run.conf, on_error: "report" })}
      >
        Load the good rows, report the others
      </Button>
      {retry.isError && <ErrorBox error={retry.error} title="The run was not retried" />}
    </>
  );
}
