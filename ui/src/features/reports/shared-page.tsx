import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Ago } from "../../components/time.tsx";
import { formatTime } from "../../lib/format.ts";
import { sharedApi, useSharedReport } from "../../lib/report-queries.ts";
import { useTitle } from "../../lib/use-title.ts";
import { ReportDownloads } from "./report-downloads.tsx";
import { titleOf } from "./report-page.tsx";
import { ReportTabs } from "./report-tabs.tsx";

/** `/shared/{secret}`: a report, for someone who has nothing but the link to it. */
export function SharedPage({ secret }: { readonly secret: string }) {
  useTitle("Report");
  const shared = useSharedReport(secret);
  if (shared.isError) return <ErrorBox error={shared.error} onRetry={() => void shared.refetch()} />;
  if (shared.data === null) return <GoneLink />;
  if (shared.data === undefined) return <Skeleton lines={10} height={34} />;
  const { report, dataset, created, expires } = shared.data;
  return (
    <>
      <PageHead
        title={titleOf(report)}
        lead={
          <>
            {dataset !== null && `@${dataset} · `}checked <Ago time={created} />
            {expires !== null && ` · this link is valid until ${formatTime(expires)}`}
          </>
        }
        tools={<ReportDownloads href={sharedApi(secret, "/report")} name="report" />}
      />
      <ReportTabs report={report} profile={sharedApi(secret, "/profile")} />
    </>
  );
}

function GoneLink() {
  return (
    <>
      <PageHead title="This link leads nowhere" />
      <Empty icon="link" title="It was revoked, or its time is over">
        Ask whoever sent it for a new one.
      </Empty>
    </>
  );
}
