import type { ReactNode } from "react";
import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { LiveStatus } from "../../components/live-status.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { List, Run } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import { useRuns } from "../../lib/run-queries.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RunList } from "../runs/run-list.tsx";
import { LoadForm } from "./load-form.tsx";

/** `/`: what runs now, what failed, what ran, and a form to load a file. */
export function OverviewPage() {
  useTitle("Overview");
  const recent = useRuns({ limit: "8" });
  return (
    <>
      <PageHead
        title="Overview"
        tools={<LiveStatus state={recent.isError ? "lost" : "polling"} updated={recent.dataUpdatedAt} />}
      />
      <div className="overview">
        <div className="overview-runs">
          {recent.isError && recent.data === undefined ? (
            <ErrorBox error={recent.error} onRetry={() => void recent.refetch()} />
          ) : (
            <Runs recent={recent.data} />
          )}
        </div>
        <LoadForm />
      </div>
    </>
  );
}

/** The three lists, shown together when all are there, so that none pushes another down. */
function Runs({ recent }: { readonly recent: List<Run> | undefined }) {
  const running = useRuns({ status: "RUNNING,WAITING", limit: "5" }).data;
  const failed = useRuns({ status: "FAILED", limit: "3" }).data;
  if (recent === undefined || running === undefined || failed === undefined) {
    return (
      <Card title="Runs">
        <Skeleton lines={9} height={64} />
      </Card>
    );
  }
  return (
    <>
      <RunsCard title="Running now" runs={running} href="/runs?status=RUNNING">
        <p className="quiet-empty">Nothing is running.</p>
      </RunsCard>
      <RunsCard title="Failed lately" runs={failed} href="/runs?status=FAILED">
        <p className="quiet-empty">Nothing has failed.</p>
      </RunsCard>
      <RunsCard title="Ran lately" runs={recent} href="/runs">
        <Empty icon="upload" title="Nothing has run yet">
          Load a file: drop it on the form, and its run appears here.
        </Empty>
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
  readonly children: ReactNode;
}

function RunsCard({ title, runs, href, children }: RunsCardProps) {
  const more = runs.total > runs.items.length;
  return (
    <Card title={title} tools={more ? <Link href={href}>All {formatNumber(runs.total)}</Link> : undefined}>
      {runs.items.length === 0 ? children : <RunList runs={runs.items} label={title} />}
    </Card>
  );
}
