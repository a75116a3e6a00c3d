import { useEffect, useState } from "react";
import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { NotFoundPage } from "../../components/not-found.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Ago } from "../../components/time.tsx";
import type { Report, Run } from "../../lib/contract.ts";
import { ApiError } from "../../lib/error.ts";
import { formatCount } from "../../lib/format.ts";
import { useComparison } from "../../lib/report-queries.ts";
import { isActive, useOutputs, useReport, useRun } from "../../lib/run-queries.ts";
import { datasetUrl, runApi, runUrl } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";
import { useRunEvents } from "../runs/use-run-events.ts";
import { ChangeStrip } from "./change-strip.tsx";
import { ReportDownloads } from "./report-downloads.tsx";
import { ReportTabs } from "./report-tabs.tsx";
import { totalOf } from "./report-view.tsx";
import { ShareDialog } from "./share-dialog.tsx";

/** `/reports/{id}`: what the check of a run found, alone, to be sent to whoever can mend the file. */
export function ReportPage({ id }: { readonly id: string }) {
  useTitle("Report");
  const report = useReport(id);
  const run = useRun(id);
  const comparison = useComparison(id);
  useLastLook(run.data !== undefined && !isActive(run.data) && report.data === null, report.refetch);
  if (run.error instanceof ApiError && run.error.status === 404)
    return <NotFoundPage what={`report ${id}`} />;
  const failed = [report, run].find(({ isError }) => isError);
  if (failed) return <ErrorBox error={failed.error} onRetry={() => void failed.refetch()} />;
  if (report.data === null && run.data) return <NoReport run={run.data} />;
  if (!report.data || run.data === undefined || comparison.isLoading)
    return <Skeleton lines={10} height={34} />;
  return (
    <>
      <ReportHead run={run.data} report={report.data} />
      {comparison.data && <ChangeStrip comparison={comparison.data} />}
      <ReportTabs
        report={report.data}
        comparison={comparison.data ?? undefined}
        profile={runApi(id, "/profile")}
      />
    </>
  );
}

/** Asks once more where a run is over and had no report a moment ago. */
function useLastLook(isDue: boolean, look: () => unknown) {
  useEffect(() => {
    if (isDue) look();
  }, [isDue, look]);
}

/** A run that is not through, or ended before anything was checked. */
function NoReport({ run }: { readonly run: Run }) {
  useRunEvents(run.id, isActive(run));
  const link = <Link href={runUrl(run)}>the run</Link>;
  if (isActive(run))
    return (
      <Empty icon="check" title="Not checked yet">
        The report stands here when {link} is through.
      </Empty>
    );
  return (
    <Empty icon="search" title="There is no report">
      {run.status === "CANCELLED"
        ? "The run was cancelled before its check was through."
        : "The run ended without a check."}{" "}
      See {link}.
    </Empty>
  );
}

function ReportHead({ run, report }: { readonly run: Run; readonly report: Report }) {
  const [sharing, setSharing] = useState(false);
  const outputs = useOutputs(run);
  const rows = outputs.data && { run: run.id, outputs: outputs.data.items };
  return (
    <>
      <PageHead
        title={titleOf(report)}
        lead={<Lead run={run} />}
        tools={
          <>
            <Button icon="link" onClick={() => setSharing(true)}>
              Share
            </Button>
            <ReportDownloads
              href={runApi(run.id, "/report")}
              name={`report-${run.id}`}
              {...(rows ? { rows } : {})}
            />
          </>
        }
      />
      {sharing && <ShareDialog run={run.id} onClose={() => setSharing(false)} />}
    </>
  );
}

/** The verdict, in one line. */
export function titleOf({ valid, errors, tasks }: Report): string {
  if (valid) return "The data is valid";
  const isRead = tasks.some(({ stats }) => stats.fields + stats.bytes > 0);
  if (!isRead && tasks.length > 0) return "The data could not be read";
  const all = tasks.reduce((sum, task) => sum + totalOf(task), errors.length);
  return `${formatCount(all, "error")} in the data`;
}

function Lead({ run }: { readonly run: Run }) {
  return (
    <>
      {run.dataset !== null && (
        <>
          <Link href={datasetUrl(run.dataset)}>@{run.dataset}</Link> ·{" "}
        </>
      )}
      checked <Ago time={run.ended ?? run.created} /> by <Link href={runUrl(run)}>this run</Link>
    </>
  );
}
