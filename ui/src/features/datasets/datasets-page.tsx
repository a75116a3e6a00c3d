import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Pages } from "../../components/pages.tsx";
import { Prose } from "../../components/prose.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { SearchField } from "../../components/text-field.tsx";
import { Ago } from "../../components/time.tsx";
import { get, withQuery } from "../../lib/api.ts";
import type { Dataset, List } from "../../lib/contract.ts";
import { formatCount } from "../../lib/format.ts";
import { datasetUrl, runUrl } from "../../lib/urls.ts";
import { useAddress } from "../../lib/use-address.ts";
import { useTitle } from "../../lib/use-title.ts";

/** `/datasets`: what runs were for, and how the last one of each went. */
export function DatasetsPage() {
  useTitle("Datasets");
  const [params, change] = useAddress();
  const query = { q: params.get("q"), cursor: params.get("cursor"), limit: 30 };
  const datasets = useQuery({
    queryKey: ["datasets", query],
    queryFn: ({ signal }) => get<List<Dataset>>(withQuery("/api/datasets", query), signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });
  const { data } = datasets;
  return (
    <>
      <PageHead title="Datasets" lead="What runs were for, and how the last one went." />
      <search className="filters" aria-label="Filter datasets">
        <SearchField
          label="Search datasets"
          placeholder="Search datasets"
          value={query.q ?? ""}
          onChange={(q) => change({ q, cursor: null }, { replace: true })}
        />
      </search>
      {datasets.isError && data === undefined ? (
        <ErrorBox error={datasets.error} onRetry={() => void datasets.refetch()} />
      ) : (
        <Card title={data === undefined ? "Datasets" : formatCount(data.total, "dataset")}>
          <DatasetList datasets={data?.items} searched={query.q !== null} />
        </Card>
      )}
      {data !== undefined && <Pages next={data.next_cursor} forward="Next" back="First" />}
    </>
  );
}

interface DatasetListProps {
  readonly datasets: readonly Dataset[] | undefined;
  readonly searched: boolean;
}

function DatasetList({ datasets, searched }: DatasetListProps) {
  if (datasets === undefined) return <Skeleton lines={4} height={60} />;
  if (datasets.length === 0) {
    return searched ? (
      <Empty icon="search" title="No dataset is called this" />
    ) : (
      <Empty icon="table" title="No datasets yet">
        A run that names its dataset, such as <code>org/dataset</code>, appears here.
      </Empty>
    );
  }
  return (
    <ul className="run-list" aria-label="Datasets">
      {datasets.map((dataset) => (
        <DatasetRow key={dataset.id} dataset={dataset} />
      ))}
    </ul>
  );
}

function DatasetRow({ dataset: { id, last_run: run } }: { readonly dataset: Dataset }) {
  return (
    <li className="run-row dag-row">
      <div className="run-row-text">
        <Link href={datasetUrl(id)} className="run-row-title">
          {id}
        </Link>
        <p className={run.status === "FAILED" ? "run-row-summary status-failed" : "run-row-summary"}>
          <Prose text={run.summary} />
        </p>
      </div>
      <p className="run-row-times">
        <Link href={runUrl(run)}>
          <StatusBadge status={run.status} />
        </Link>
        <Ago time={run.created} />
      </p>
    </li>
  );
}
