import { Link } from "wouter";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { useReport } from "../../lib/run-queries.ts";
import { ReportView } from "../reports/report-view.tsx";

interface CheckPanelProps {
  readonly run: string;
  readonly report: ReturnType<typeof useReport>;
  readonly active: boolean;
}

/** What the check found. */
export function CheckPanel({ run, report, active }: CheckPanelProps) {
  if (report.isError) return <ErrorBox error={report.error} onRetry={() => void report.refetch()} />;
  if (report.isLoading) return <Skeleton lines={6} height={33} />;
  if (report.data === undefined || report.data === null) {
    return (
      <Empty icon="check" title={active ? "Not checked yet" : "Nothing was checked"}>
        {active
          ? "The report appears here as soon as the check is through."
          : "The run ended before its data could be checked."}
      </Empty>
    );
  }
  return (
    <>
      <p className="report-tools">
        <Link href={`/reports/${encodeURIComponent(run)}`}>Report on its own page</Link>
      </p>
      <ReportView report={report.data} />
    </>
  );
}
