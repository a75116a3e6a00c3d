import { Link } from "wouter";
import { Prose } from "../../components/prose.tsx";
import { StatusIcon, statusWord } from "../../components/status.tsx";
import { Ago, Duration } from "../../components/time.tsx";
import type { Run } from "../../lib/contract.ts";
import { runUrl, shortId } from "../../lib/urls.ts";

/** Runs under each other: what happened, of what, who asked, when and how long. */
export function RunList({ runs, label }: { readonly runs: readonly Run[]; readonly label: string }) {
  return (
    <ul className="run-list" aria-label={label}>
      {runs.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
    </ul>
  );
}

function RunRow({ run }: { readonly run: Run }) {
  return (
    <li className="run-row">
      <StatusIcon status={run.status} size={18} />
      <div className="run-row-text">
        <Link href={runUrl(run)} className="run-row-title">
          <span className="visually-hidden">{statusWord(run.status)}: </span>
          <Prose text={titleOf(run)} />
        </Link>
        {run.error !== null && run.error.message !== run.summary && (
          <p className="run-row-error">
            <Prose text={run.error.message} />
          </p>
        )}
        <p className="run-row-facts">
          <span className="tag">{run.dag}</span>
          {run.dataset !== null && <span>{run.dataset}</span>}
          {run.resource !== null && <span>{run.resource}</span>}
          {run.user !== null && <span>by {run.user}</span>}
          {run.attempt > 1 && <span>attempt {run.attempt}</span>}
          <code title={run.id}>{shortId(run.id)}</code>
        </p>
      </div>
      <p className="run-row-times">
        <Duration of={run} />
        <Ago time={run.created} />
      </p>
    </li>
  );
}

/** The run's own sentence; before it has one, what it is about. */
export function titleOf(run: Run): string {
  if (run.summary !== "") return run.summary;
  const name = typeof run.conf.name === "string" ? ` ${run.conf.name}` : "";
  return `${run.job_type.toLowerCase()}${name}: ${statusWord(run.status).toLowerCase()}`;
}
