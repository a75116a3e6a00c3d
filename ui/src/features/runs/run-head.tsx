import { Link } from "wouter";
import { CopyButton } from "../../components/copy-button.tsx";
import { type LiveState, LiveStatus } from "../../components/live-status.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Prose } from "../../components/prose.tsx";
import { StatusBadge, StatusIcon } from "../../components/status.tsx";
import { Ago, Duration } from "../../components/time.tsx";
import type { Run } from "../../lib/contract.ts";
import { dagUrl, datasetUrl, runUrl, shortId } from "../../lib/urls.ts";
import { RunActions } from "./run-actions.tsx";
import { titleOf } from "./run-list.tsx";

interface RunHeadProps {
  readonly run: Run;
  readonly live: LiveState;
  readonly updated: number;
}

/** What the run is about, what happened, who asked for it, when, and what can be done with it. */
export function RunHead({ run, live, updated }: RunHeadProps) {
  const scope =
    run.dataset === null
      ? { title: "Runs", href: "/runs" }
      : { title: `@${run.dataset}`, href: datasetUrl(run.dataset) };
  return (
    <PageHead
      trail={[scope, { title: shortId(run.id), href: runUrl(run) }]}
      title={
        <span className="run-title">
          <StatusIcon status={run.status} size={24} />
          <span>{titleOf(run)}</span>
        </span>
      }
      lead={
        <>
          {/* Of a failed run, its error says it. */}
          {run.status !== "FAILED" && (
            <p className="run-summary">
              <Prose text={run.summary} />
            </p>
          )}
          <RunFacts run={run} live={live} updated={updated} />
        </>
      }
      tools={<RunActions run={run} />}
    />
  );
}

function RunFacts({ run, live, updated }: RunHeadProps) {
  return (
    <ul className="run-facts">
      <li>
        <StatusBadge status={run.status} />
      </li>
      <li>
        <Ago time={run.created} />
        {run.user !== null && <> by {run.user}</>}
      </li>
      <li>
        {run.status === "WAITING" ? (
          "not started yet"
        ) : (
          <>
            {run.ended === null ? "for" : "took"} <Duration of={run} />
          </>
        )}
      </li>
      <li>
        DAG <Link href={dagUrl(run.dag)}>{run.dag}</Link>
      </li>
      {run.attempt > 1 && <li>attempt {run.attempt}</li>}
      <li className="run-id">
        <code>{run.id}</code>
        <CopyButton text={run.id} label="Copy the run's id" />
      </li>
      {live !== "still" && (
        <li>
          <LiveStatus state={live} updated={updated} />
        </li>
      )}
    </ul>
  );
}
