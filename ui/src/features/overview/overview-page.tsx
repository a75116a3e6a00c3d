import type { ReactNode } from "react";
import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { LiveStatus } from "../../components/live-status.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { formatNumber } from "../../lib/format.ts";
import { type RunListQuery, useRuns } from "../../lib/run-queries.ts";
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
      {recent.isError ? (
        <ErrorBox error={recent.error} onRetry={() => void recent.refetch()} />
      ) : (
        <div className="overview">
          <div className="overview-runs">
            <RunsCard title="Running now" query={{ status: "RUNNING", limit: "5" }} lines={1}>
              <p className="quiet-empty">Nothing is running.</p>
            </RunsCard>
            <RunsCard title="Failed lately" query={{ status: "FAILED", limit: "4" }} lines={2}>
              <p className="quiet-empty">Nothing has failed.</p>
            </RunsCard>
            <RunsCard title="Ran lately" query={{ limit: "8" }} lines={5} all>
              <Empty icon="upload" title="Nothing has run yet">
                Load a file: drop it on the form, and its run appears here.
              </Empty>
            </RunsCard>
          </div>
          <LoadForm />
        </div>
      )}
    </>
  );
}

interface RunsCardProps {
  readonly title: string;
  readonly query: RunListQuery;
  /** Rows that the place is kept for. */
  readonly lines: number;
  readonly all?: boolean;
  /** What stands there if there is none. */
  readonly children: ReactNode;
}

function RunsCard({ title, query, lines, all = false, children }: RunsCardProps) {
  const runs = useRuns(query);
  const href = query.status === undefined ? "/runs" : `/runs?status=${query.status}`;
  const more = runs.data !== undefined && runs.data.total > runs.data.items.length;
  return (
    <Card
      title={title}
      tools={
        (all || more) && runs.data !== undefined ? (
          <Link href={href}>All {formatNumber(runs.data.total)}</Link>
        ) : undefined
      }
    >
      {runs.data === undefined ? (
        <Skeleton lines={lines} height={60} />
      ) : runs.data.items.length === 0 ? (
        children
      ) : (
        <RunList runs={runs.data.items} label={title} />
      )}
    </Card>
  );
}
