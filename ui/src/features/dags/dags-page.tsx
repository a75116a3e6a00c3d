import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Prose } from "../../components/prose.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Ago } from "../../components/time.tsx";
import type { Dag } from "../../lib/contract.ts";
import { useDags } from "../../lib/dag-queries.ts";
import { formatCount } from "../../lib/format.ts";
import { dagUrl, runUrl } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";

/** `/dags`: what can be run. */
export function DagsPage() {
  useTitle("DAGs");
  const dags = useDags();
  return (
    <>
      <PageHead
        title="DAGs"
        lead="What this factory can run: built in, from files, or stored through the API."
      />
      {dags.isError && <ErrorBox error={dags.error} onRetry={() => void dags.refetch()} />}
      {!dags.isError && (
        <Card title={dags.data === undefined ? "DAGs" : formatCount(dags.data.items.length, "DAG")}>
          {dags.data === undefined ? (
            <Skeleton lines={3} height={64} />
          ) : dags.data.items.length === 0 ? (
            <Empty icon="play" title="No DAGs">
              Start the factory with <code>--dags DIR</code>, or PUT one to <code>/api/dags/NAME</code>.
            </Empty>
          ) : (
            <ul className="run-list" aria-label="DAGs">
              {dags.data.items.map((dag) => (
                <DagRow key={dag.id} dag={dag} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </>
  );
}

function DagRow({ dag }: { readonly dag: Dag }) {
  return (
    <li className="run-row dag-row">
      <div className="run-row-text">
        <Link href={dagUrl(dag.id)} className="run-row-title">
          {dag.title || dag.id}
        </Link>
        {dag.description !== "" && <p className="muted">{dag.description}</p>}
        {dag.import_error !== null && (
          <p className="run-row-summary status-failed">
            <Prose text={dag.import_error.message} />
          </p>
        )}
        <p className="run-row-facts">
          <span className="tag">{dag.id}</span>
          <span>{formatCount(dag.tasks.length, "task")}</span>
          <span>{dag.source}</span>
          {dag.paused && <span>paused</span>}
        </p>
      </div>
      <p className="run-row-times">
        {dag.last_run === null ? (
          <span>never ran</span>
        ) : (
          <>
            <Link href={runUrl(dag.last_run)}>
              <StatusBadge status={dag.last_run.status} />
            </Link>
            <Ago time={dag.last_run.created} />
          </>
        )}
      </p>
    </li>
  );
}
