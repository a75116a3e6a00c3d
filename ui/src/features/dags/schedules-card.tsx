import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import type { Dag, Schedule } from "../../lib/contract.ts";
import { usePauseSchedule } from "../../lib/dag-queries.ts";
import { formatTime } from "../../lib/format.ts";

/** When runs of the DAG start by themselves, and by which events. */
export function SchedulesCard({ dag }: { readonly dag: Dag }) {
  if (dag.schedules.length + dag.triggers.length === 0) return null;
  return (
    <Card title="Starts by itself">
      <ul className="schedules card-body">
        {dag.schedules.map((schedule) => (
          <ScheduleItem key={schedule.id} schedule={schedule} pausedDag={dag.paused} />
        ))}
        {dag.triggers.map(({ event, match }) => (
          <li key={`${event} ${JSON.stringify(match)}`}>
            <span>
              by the event <code>{event}</code>
              {Object.entries(match).map(([path, value]) => (
                <span key={path} className="muted">
                  {" "}
                  where <code>{path}</code> is <code>{[value].flat().join(" or ")}</code>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function ScheduleItem({ schedule, pausedDag }: { readonly schedule: Schedule; readonly pausedDag: boolean }) {
  const { id, dag, cron, timezone, next, paused, last_error, dataset } = schedule;
  const pause = usePauseSchedule(id);
  return (
    <li>
      <span>
        <code>{cron}</code> <span className="muted">{timezone}</span>
        {id !== dag && (
          <>
            {" "}
            <strong>{id}</strong>
          </>
        )}
        {dataset !== null && <span className="muted"> for @{dataset}</span>}
        <br />
        {next === null ? (
          <span className="status-waiting">{pausedDag && !paused ? "paused with the DAG" : "paused"}</span>
        ) : (
          <>
            next <time dateTime={next}>{formatTime(next)}</time>
          </>
        )}
        {last_error !== null && (
          <>
            <br />
            <span className="status-failed">{last_error}</span>
          </>
        )}
      </span>
      <Button
        pending={pause.isPending}
        aria-label={`${paused ? "Resume" : "Pause"} the schedule ${id}`}
        onClick={() => pause.mutate(!paused)}
      >
        {paused ? "Resume" : "Pause"}
      </Button>
    </li>
  );
}
