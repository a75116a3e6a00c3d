import { Link } from "wouter";
import { Ago } from "../../components/time.tsx";
import type { ReportComparison } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";

/** What has changed since the report before: how many errors are new, remain, are fixed. */
export function ChangeStrip({ comparison }: { readonly comparison: ReportComparison }) {
  const { previous, fixed, remaining, isComplete } = comparison;
  return (
    <section className="changes" aria-label="Since the report before">
      <ul>
        <li>
          <strong className={comparison.new > 0 ? "status-failed" : ""}>
            {formatNumber(comparison.new)}
          </strong>{" "}
          new
        </li>
        <li>
          <strong>{formatNumber(remaining)}</strong> remaining
        </li>
        <li>
          <strong className={fixed > 0 ? "status-done" : ""}>{formatNumber(fixed)}</strong> fixed
        </li>
      </ul>
      <p className="muted">
        since{" "}
        <Link href={`/reports/${encodeURIComponent(previous.run)}`}>
          the report of <Ago time={previous.created} />
        </Link>
        {!isComplete && "; only the errors that are listed were compared"}
      </p>
    </section>
  );
}
