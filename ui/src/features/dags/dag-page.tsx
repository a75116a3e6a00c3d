import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import type { DagNode } from "../../components/graph/dag-graph.tsx";
import { DagGraph } from "../../components/graph/dag-graph.tsx";
import { NotFoundPage } from "../../components/not-found.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Prose } from "../../components/prose.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { Dag } from "../../lib/contract.ts";
import { useDag, usePause } from "../../lib/dag-queries.ts";
import { ApiError } from "../../lib/error.ts";
import { formatNumber } from "../../lib/format.ts";
import { useRuns } from "../../lib/run-queries.ts";
import { dagUrl } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RunList } from "../runs/run-list.tsx";
import { SchedulesCard } from "./schedules-card.tsx";
import { TriggerForm } from "./trigger-form.tsx";

/** `/dags/{id}`: a DAG's tasks and parameters, its last runs, and a form to run it. */
export function DagPage({ id }: { readonly id: string }) {
  const dag = useDag(id);
  useTitle(dag.data?.title || id);
  if (dag.data !== undefined) return <LoadedDag dag={dag.data} />;
  if (dag.error instanceof ApiError && dag.error.status === 404) return <NotFoundPage what={`DAG ${id}`} />;
  if (dag.isError) return <ErrorBox error={dag.error} onRetry={() => void dag.refetch()} />;
  return <Skeleton lines={12} height={34} />;
}

function LoadedDag({ dag }: { readonly dag: Dag }) {
  return (
    <>
      <DagHead dag={dag} />
      {dag.import_error !== null && (
        <div className="root-cause">
          <ErrorBox
            error={dag.import_error}
            title={
              isRunnable(dag)
                ? "Its newest text was not taken; the last good version stands"
                : "It cannot be read"
            }
          />
        </div>
      )}
      {isRunnable(dag) && (
        <Card title="Tasks">
          <DagGraph nodes={dag.tasks.map(nodeOf)} selected={null} />
          <DagTaskList dag={dag} />
        </Card>
      )}
      <SchedulesCard dag={dag} />
      <Params params={dag.params} />
      <LastRuns dag={dag.id} />
    </>
  );
}

/** A DAG whose text was never good has no tasks. */
function isRunnable(dag: Dag): boolean {
  return dag.tasks.length > 0;
}

function DagHead({ dag }: { readonly dag: Dag }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <PageHead
        trail={[
          { title: "DAGs", href: "/dags" },
          { title: dag.id, href: dagUrl(dag.id) },
        ]}
        title={dag.title || dag.id}
        lead={<DagFacts dag={dag} />}
        tools={
          isRunnable(dag) && (
            <>
              <PauseButton dag={dag} />
              <Button look="primary" icon="play" disabled={dag.paused} onClick={() => setAsking(true)}>
                Run
              </Button>
            </>
          )
        }
      />
      {asking && <TriggerForm dag={dag} onClose={() => setAsking(false)} />}
    </>
  );
}

function PauseButton({ dag }: { readonly dag: Dag }) {
  const pause = usePause(dag.id);
  return (
    <Button pending={pause.isPending} onClick={() => pause.mutate(!dag.paused)}>
      {dag.paused ? "Resume" : "Pause"}
    </Button>
  );
}

function DagFacts({ dag }: { readonly dag: Dag }) {
  return (
    <>
      {dag.description !== "" && <p>{dag.description}</p>}
      <ul className="run-facts">
        <li>{dag.source}</li>
        {dag.hash !== "" && (
          <li>
            version <code>{dag.hash.slice(dag.hash.indexOf(":") + 1).slice(0, 10)}</code>
          </li>
        )}
        {dag.paused && <li>paused: nothing new of it starts</li>}
      </ul>
    </>
  );
}

function nodeOf(task: Dag["tasks"][number]): DagNode {
  return {
    id: task.id,
    title: task.title || task.id,
    after: task.after,
    status: null,
    facts: [
      ...(task.retries > 0 ? [`${task.retries} ${task.retries === 1 ? "retry" : "retries"}`] : []),
      ...(task.timeout === null ? [] : [`at most ${task.timeout}`]),
    ],
  };
}

function DagTaskList({ dag }: { readonly dag: Dag }) {
  return (
    <details className="task-list">
      <summary>Tasks as a list</summary>
      <ol className="plain-list">
        {dag.tasks.map((task) => (
          <li key={task.id}>
            {task.title || task.id}
            <span className="muted">{task.after.length > 0 && ` after ${task.after.join(", ")}`}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Params({ params }: { readonly params: Dag["params"] }) {
  const entries = Object.entries(params);
  if (entries.length === 0) return null;
  return (
    <Card title="Parameters">
      <dl className="facts card-body">
        {entries.map(([name, schema]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <Prose text={describeParam(schema)} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function describeParam(schema: unknown): string {
  if (typeof schema !== "object" || schema === null) return "any";
  const parts = new Map<string, unknown>(Object.entries(schema));
  const choices = parts.get("enum");
  const type = Array.isArray(choices) ? choices.join(" | ") : parts.get("type");
  const words = [type ?? "any", parts.get("description")];
  const preset = parts.get("default");
  return [...words, preset === undefined ? undefined : `default ${JSON.stringify(preset)}`]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function LastRuns({ dag }: { readonly dag: string }) {
  const runs = useRuns({ dag, limit: "10" });
  return (
    <Card
      title="Last runs"
      tools={
        runs.data !== undefined &&
        runs.data.total > runs.data.items.length && (
          <Link href={`/runs?dag=${encodeURIComponent(dag)}`}>{`All ${formatNumber(runs.data.total)}`}</Link>
        )
      }
    >
      {runs.isError ? (
        <div className="card-body">
          <ErrorBox error={runs.error} />
        </div>
      ) : runs.data === undefined ? (
        <Skeleton lines={3} height={60} />
      ) : runs.data.items.length === 0 ? (
        <p className="quiet-empty">It has not run yet.</p>
      ) : (
        <RunList runs={runs.data.items} label={`Runs of ${dag}`} />
      )}
    </Card>
  );
}
