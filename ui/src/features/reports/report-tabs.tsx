import { Empty } from "../../components/empty.tsx";
import { type Tab, Tabs } from "../../components/tabs.tsx";
import type { Report, ReportComparison } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import { useAddress } from "../../lib/use-address.ts";
import { ProfilePanel } from "./profile-panel.tsx";
import { ErrorItems, ReportView, totalOf } from "./report-view.tsx";

interface ReportTabsProps {
  readonly report: Report;
  readonly comparison?: ReportComparison | undefined;
  /** Address of the profile in the API. */
  readonly profile: string;
}

/** Findings, what was fixed since the report before, and what the fields hold; one at a time. */
export function ReportTabs({ report, comparison, profile }: ReportTabsProps) {
  const [params, change] = useAddress();
  const tabs = tabsOf(report, comparison);
  const selected = tabs.find(({ id }) => id === params.get("tab"))?.id ?? "findings";
  return (
    <section className="card" aria-label="Report">
      <Tabs
        label="Parts of the report"
        tabs={tabs}
        selected={selected}
        onSelect={(tab) => change({ tab }, { replace: true })}
      >
        {selected === "findings" && (
          <ReportView report={report} {...(comparison ? { comparison } : {})} row={params.get("row")} />
        )}
        {selected === "fixed" && comparison && <Fixed comparison={comparison} />}
        {selected === "profile" && <ProfilePanel address={profile} />}
      </Tabs>
    </section>
  );
}

function tabsOf(report: Report, comparison: ReportComparison | undefined): readonly Tab[] {
  const errors = report.tasks.reduce((sum, task) => sum + totalOf(task), report.errors.length);
  return [
    { id: "findings", title: "Findings", ...(errors > 0 ? { note: formatNumber(errors), look: "bad" } : {}) },
    ...(comparison ? [{ id: "fixed", title: "Fixed", note: formatNumber(comparison.fixed) }] : []),
    { id: "profile", title: "Fields" },
  ];
}

/** The errors of the report before that are gone. */
function Fixed({ comparison }: { readonly comparison: ReportComparison }) {
  const fixed = comparison.tasks.flatMap((task) => task.fixed);
  if (fixed.length === 0)
    return (
      <Empty icon="check" title="Nothing was fixed">
        Every error of the report before is still there, or there was none.
      </Empty>
    );
  return <ErrorItems errors={fixed} look="fixed" />;
}
