import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { LiveStatus } from "../../components/live-status.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { withQuery } from "../../lib/api.ts";
import type { List, Run } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import { useRuns } from "../../lib/run-queries.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RunList } from "../runs/run-list.tsx";
import { LoadForm } from "./load-form.tsx";

const states = { running: "RUNNING,WAITING", failed: "FAILED", done: "DONE,CANCELLED" } as const;

const hrefOf = (status: string): string => withQuery("/runs", { status });

/** `/`: what runs now, what failed, what was done, and a form to load a file. */
export function OverviewPage() {
  useTitle("Overview");
  const running = useRuns({ status: states.running, limit: "5" });
  const failed = useRuns({ status: states.failed, limit: "4" });
  const done = useRuns({ status: states.done, limit: "8" });
  const lost = [running, failed, done].find((query) => query.isError);
  return (
    <>
      <PageHead
        title="Overview"
        tools={<LiveStatus state={lost ? "lost" : "polling"} updated={running.dataUpdatedAt} />}
      />
      <div className="overview">
        <div className="overview-runs">
          {lost !== undefined && lost.data === undefined ? (
            <ErrorBox error={lost.error} onRetry={() => void lost.refetch()} />
          ) : (
            <Runs running={running.data} failed={failed.data} done={done.data} />
          )}
        </div>
        <LoadForm />
      </div>
    </>
  );
}

type Runs = List<Run> | undefined;

interface RunsProps {
  readonly running: Runs;
  readonly failed: Runs;
  readonly done: Runs;
}

/** The three lists, shown together when all are there, so that none pushes another down. */
function Runs({ running, failed, done }: RunsProps) {
  if (running === undefined || failed === undefined || done === undefined) {
    return (
      <Card title="Runs">
        <Skeleton lines={9} height={64} />
      </Card>
    );
  }
  if (running.total + failed.total + done.total === 0) {
    return (
      <Card title="Runs">
        <Empty icon="upload" title="Nothing has run yet">
          Load a file: drop it on the form, and its run appears here.
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <RunsCard title="Running now" runs={running} href={hrefOf(states.running)}>
        Nothing is running.
      </RunsCard>
      <RunsCard title="Failed lately" runs={failed} href={hrefOf(states.failed)}>
        Nothing has failed.
      </RunsCard>
      <RunsCard title="Done lately" runs={done} href={hrefOf(states.done)}>
        Nothing is done yet.
      </RunsCard>
    </>
  );
}

interface RunsCardProps {
  readonly title: string;
  readonly runs: List<Run>;
  /** Where all of them are. */
  readonly href: string;
  /** What stands there if there is none. */
  readonly children: string;
}

function RunsCard({ title, runs, href, children }: RunsCardProps) {
  const more = runs.total > runs.items.length;
  return (
    <Card
      title={title}
      tools={more ? <Link href={href}>{`All ${formatNumber(runs.total)}`}</Link> : undefined}
    >
      {runs.items.length === 0 ? (
        <p className="quiet-empty">{children}</p>
      ) : (
        <RunList runs={runs.items} label={title} />
      )}
    </Card>
  );
}
