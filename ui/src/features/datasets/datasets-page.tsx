import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Ago } from "../../components/time.tsx";
import { get } from "../../lib/api.ts";
import type { Job, List } from "../../lib/contract.ts";
import { formatCount } from "../../lib/format.ts";
import { datasetUrl, runUrl } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";

/** `/datasets`: every dataset that the latest jobs were for, with its last job. */
export function DatasetsPage() {
  useTitle("Datasets");
  const jobs = useQuery({
    queryKey: ["jobs", "datasets"],
    queryFn: ({ signal }) => get<List<Job>>("/api/jobs?limit=500", signal),
    refetchInterval: 5000,
  });
  const datasets = lastJobs(jobs.data?.items ?? []);
  return (
    <>
      <PageHead title="Datasets" lead="What jobs were run for, and how the last one ended." />
      {jobs.isError ? (
        <ErrorBox error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : (
        <Card title={jobs.data === undefined ? "Datasets" : formatCount(datasets.length, "dataset")}>
          {jobs.data === undefined ? (
            <Skeleton lines={4} height={60} />
          ) : datasets.length === 0 ? (
            <Empty icon="table" title="No datasets yet">
              A run that names its dataset, such as <code>org/dataset</code>, appears here.
            </Empty>
          ) : (
            <ul className="run-list" aria-label="Datasets">
              {datasets.map((job) => (
                <DatasetRow key={job.dataset} job={job} dataset={job.dataset} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </>
  );
}

type DatasetJob = Job & { readonly dataset: string };

function DatasetRow({ job, dataset }: { readonly job: Job; readonly dataset: string }) {
  return (
    <li className="run-row dag-row">
      <div className="run-row-text">
        <Link href={datasetUrl(dataset)} className="run-row-title">
          {dataset}
        </Link>
        <p className="run-row-facts">
          <span className="tag">{job.job_type}</span>
          {job.resource !== null && <span>{job.resource}</span>}
          {job.user !== null && <span>by {job.user}</span>}
        </p>
      </div>
      <p className="run-row-times">
        <Link href={runUrl({ id: job.factory_id, dataset })}>
          <StatusBadge status={job.status} />
        </Link>
        <Ago time={job.updated} />
      </p>
    </li>
  );
}

/** The newest job of each dataset, newest first. */
function lastJobs(jobs: readonly Job[]): readonly DatasetJob[] {
  const named = jobs.filter((job): job is DatasetJob => job.dataset !== null);
  const newestFirst = named.toSorted((a, b) => b.created.localeCompare(a.created));
  return [...Map.groupBy(newestFirst, (job) => job.dataset).values()].flatMap((group) => group[0] ?? []);
}
