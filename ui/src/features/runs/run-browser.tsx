import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { LiveStatus } from "../../components/live-status.tsx";
import { Pages } from "../../components/pages.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { formatCount } from "../../lib/format.ts";
import { type RunFilter, type RunListQuery, runFilters, useRuns } from "../../lib/run-queries.ts";
import { useAddress } from "../../lib/use-address.ts";
import { RunFilters } from "./run-filters.tsx";
import { RunList } from "./run-list.tsx";

const PAGE = "30";

/** Runs with filters and pages; `fixed` filters belong to the page and cannot be changed. */
export function RunBrowser({
  fixed = {},
}: {
  readonly fixed?: Readonly<Partial<Record<RunFilter, string>>>;
}) {
  const [params] = useAddress();
  const query = { ...queryOf(params), ...fixed, limit: PAGE };
  const runs = useRuns(query);
  const count = runs.data === undefined ? "" : formatCount(runs.data.total, "run");
  return (
    <>
      {/* A scope that is the page's own is no filter. */}
      <RunFilters fixed={Object.keys(fixed).filter((name): name is RunFilter => name in fixed)} />
      <Card
        title={count === "" ? "Runs" : count}
        tools={<LiveStatus state={runs.isError ? "lost" : "polling"} updated={runs.dataUpdatedAt} />}
      >
        <RunBrowserList runs={runs} filtered={runFilters.some((name) => params.has(name))} />
      </Card>
      {runs.data !== undefined && <Pages next={runs.data.next_cursor} forward="Older" back="Newest" />}
    </>
  );
}

function RunBrowserList({
  runs,
  filtered,
}: {
  readonly runs: ReturnType<typeof useRuns>;
  readonly filtered: boolean;
}) {
  if (runs.data === undefined) {
    if (!runs.isError) return <Skeleton lines={10} height={64} />;
    return (
      <div className="card-body">
        <ErrorBox error={runs.error} onRetry={() => void runs.refetch()} />
      </div>
    );
  }
  if (runs.data.items.length > 0) return <RunList runs={runs.data.items} label="Runs" />;
  return filtered ? (
    <Empty icon="search" title="No run fits these filters">
      Take one away, or look at <Link href="/runs">all runs</Link>.
    </Empty>
  ) : (
    <Empty icon="play" title="Nothing has run yet">
      <Link href="/">Load a file</Link> and its run appears here.
    </Empty>
  );
}

function queryOf(params: URLSearchParams): RunListQuery {
  const names = [...runFilters, "cursor"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (params.has(name) ? [[name, params.get(name) ?? ""]] : [])),
  );
}
