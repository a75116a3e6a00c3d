import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/dialog.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { isOver } from "../../components/status.tsx";
import type { Run } from "../../lib/contract.ts";
import { useCancel, useRetry, useRunAgain } from "../../lib/run-queries.ts";
import { runUrl } from "../../lib/urls.ts";
import { stoppedAtBadCells } from "./root-cause.tsx";

/** What can be done with a run in its present state. */
export function RunActions({ run }: { readonly run: Run }) {
  const retry = useRetry(run.id);
  const failed = run.status === "FAILED" || run.status === "CANCELLED";
  return (
    <div className="run-actions">
      {!isOver(run.status) && <CancelButton run={run} />}
      {failed && (
        <Button
          icon="retry"
          look={stoppedAtBadCells(run) ? "plain" : "primary"}
          pending={retry.isPending}
          onClick={() => retry.mutate(undefined)}
        >
          {run.status === "FAILED" ? "Retry failed tasks" : "Go on"}
        </Button>
      )}
      {isOver(run.status) && <RunAgainButton run={run} />}
      {retry.isError && <ErrorBox error={retry.error} title="The run was not retried" />}
    </div>
  );
}

function CancelButton({ run }: { readonly run: Run }) {
  const [asking, setAsking] = useState(false);
  const cancel = useCancel(run.id);
  return (
    <>
      <Button icon="stop" look="danger" pending={cancel.isSuccess} onClick={() => setAsking(true)}>
        {cancel.isSuccess ? "Cancelling" : "Cancel"}
      </Button>
      {asking && (
        <Confirm
          title="Cancel this run?"
          action="Cancel the run"
          look="danger"
          pending={cancel.isPending}
          onConfirm={() => cancel.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        >
          <p>
            Tasks that run are stopped. What finished tasks wrote is kept; a table that is being loaded stays
            as it was before.
          </p>
          {cancel.isError && <ErrorBox error={cancel.error} />}
        </Confirm>
      )}
    </>
  );
}

function RunAgainButton({ run }: { readonly run: Run }) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const again = useRunAgain(run);
  const start = () =>
    again.mutate(undefined, {
      onSuccess: ({ run_id }) => {
        setAsking(false);
        navigate(runUrl({ id: run_id, dataset: run.dataset }));
      },
    });
  return (
    <>
      <Button icon="play" onClick={() => setAsking(true)}>
        Run again
      </Button>
      {asking && (
        <Confirm
          title="Run again?"
          action="Start a new run"
          look="primary"
          pending={again.isPending}
          onConfirm={start}
          onClose={() => setAsking(false)}
        >
          <p>
            A new run of <code>{run.dag}</code> starts with the same inputs. This one stays as it is.
          </p>
          {again.isError && <ErrorBox error={again.error} />}
        </Confirm>
      )}
    </>
  );
}
