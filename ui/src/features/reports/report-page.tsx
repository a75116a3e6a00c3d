import { Link } from "wouter";
import { Card } from "../../components/card.tsx";
import { DownloadLink } from "../../components/download-link.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { NotFoundPage } from "../../components/not-found.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { formatCount } from "../../lib/format.ts";
import { useReport } from "../../lib/run-queries.ts";
import { runApi } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";
import { ReportView } from "./report-view.tsx";

/** `/reports/{id}`: what the check of a run found, alone, to be sent to whoever can mend the file. */
export function ReportPage({ id }: { readonly id: string }) {
  useTitle("Report");
  const report = useReport(id);
  if (report.isError) return <ErrorBox error={report.error} onRetry={() => void report.refetch()} />;
  if (report.data === undefined) return <Skeleton lines={10} height={34} />;
  if (report.data === null) return <NotFoundPage what={`report ${id}`} />;
  const { valid, stats } = report.data;
  return (
    <>
      <PageHead
        title={valid ? "The data is valid" : `${formatCount(stats.errors, "error")} in the data`}
        lead={
          <>
            Report of run{" "}
            <Link href={`/runs/${encodeURIComponent(id)}`}>
              <code>{id}</code>
            </Link>
          </>
        }
        tools={
          <DownloadLink
            href={runApi(id, "/report")}
            name={`report-${id}.json`}
            label="Download the report as JSON"
          >
            JSON
          </DownloadLink>
        }
      />
      <Card title={formatCount(stats.tasks, "table")}>
        <ReportView report={report.data} />
      </Card>
    </>
  );
}
