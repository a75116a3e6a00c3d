import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Factory } from "./factory-types.ts";
import { dueInstants } from "./schedule-spec.ts";
import type { ScheduleRow, Schedules } from "./schedules.ts";
import { openTurns, type Turns } from "./turns.ts";

export interface SchedulerParts {
  readonly schedules: Schedules;
  readonly startRun: Factory["startRun"];
  readonly showRun: Factory["showRun"];
  readonly log: Log;
  /** Now; of the machine unless told. */
  readonly clock?: () => Date;
}

const every = 1_000;

/**
 * Starts the runs of schedules when they are due. Any number of processes may do so: the instant is the run's
 * idempotency key, so that each starts once, also after a crash between start and note.
 */
export function openScheduler(parts: SchedulerParts): Turns {
  return openTurns(() => startDue(parts), {
    every,
    failed: (error) => parts.log("debug", `Looking for schedules failed: ${messageOf(error)}`),
  });
}

async function startDue(parts: SchedulerParts): Promise<void> {
  const now = parts.clock?.() ?? new Date();
  for (const row of await parts.schedules.active())
    for (const instant of dueInstants(row.spec, row.handled, now)) await startOne(row, instant, parts);
}

async function startOne(row: ScheduleRow, instant: Date, parts: SchedulerParts): Promise<void> {
  const { id, dag, spec } = row;
  const { schedules, startRun, log } = parts;
  try {
    if (!spec.catchup && (await isUnderWay(row.last_run, parts))) {
      const error = `Run ${row.last_run} was still under way at ${instant.toISOString()}.`;
      return await schedules.handled(id, instant, { error });
    }
    const { run } = await startRun({
      dag,
      trigger: "schedule",
      conf: spec.conf ?? {},
      idempotencyKey: `schedule ${id} ${instant.toISOString()}`,
      note: `By schedule ${id}, due ${instant.toISOString()}`,
      ...(spec.dataset === undefined ? {} : { dataset: spec.dataset }),
      ...(spec.resource === undefined ? {} : { resource: spec.resource }),
    });
    await schedules.handled(id, instant, { run: run.id });
  } catch (error) {
    // the database is away: it is tried again in the next turn
    if (!(error instanceof AirCanError) || error.kind !== "config") throw error;
    log("warning", `The schedule "${id}" could not start ${dag}: ${error.message}`);
    await schedules.handled(id, instant, { error: error.message });
  }
}

async function isUnderWay(run: string | null, { showRun }: SchedulerParts): Promise<boolean> {
  if (run === null) return false;
  const { status } = await showRun(run).catch(unlessGone);
  return status === "WAITING" || status === "RUNNING";
}

/** A run that was cleaned up is over. */
function unlessGone(error: unknown): { readonly status: "DONE" } {
  if (error instanceof AirCanError && error.code === "not-found") return { status: "DONE" };
  throw error;
}
