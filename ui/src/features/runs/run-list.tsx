import { Link } from "wouter";
import { Prose } from "../../components/prose.tsx";
import { StatusIcon, statusWord } from "../../components/status.tsx";
import { Ago, Duration } from "../../components/time.tsx";
import type { Run } from "../../lib/contract.ts";
import { runUrl, shortId } from "../../lib/urls.ts";

/** Runs under each other: what of, what happened, who asked, when and how long. */
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
          <span className="visually-hidden">{`${statusWord(run.status)}: `}</span>
          {titleOf(run)}
        </Link>
        {run.summary !== "" && (
          <p className={run.status === "FAILED" ? "run-row-summary status-failed" : "run-row-summary"}>
            <Prose text={run.summary} />
          </p>
        )}
        <p className="run-row-facts">
          {run.dataset !== null && <span>{run.dataset}</span>}
          {run.resource !== null && run.resource !== run.conf.name && <span>{run.resource}</span>}
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

const verbs: Readonly<Record<string, string>> = { LOAD: "Load", VALIDATE: "Check" };

/** What a run is about: `Load cities`; the DAG's name if it does not say. */
export function titleOf(run: Run): string {
  const verb = verbs[run.job_type];
  return verb !== undefined && typeof run.conf.name === "string" ? `${verb} ${run.conf.name}` : run.dag;
}
