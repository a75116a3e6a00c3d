import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Database } from "./database/database.ts";
import type { Engine, MissingRun } from "./engine/engine.ts";
import type { RunState } from "./events.ts";
import { failed, type Message } from "./interpreter.ts";
import { laneOf } from "./starts.ts";
import { recordLocked } from "./store.ts";
import { openTurns, type Turns } from "./turns.ts";

export interface LeftoverParts {
  readonly database: Database;
  readonly engine: Engine<Message>;
  readonly log: Log;
}

interface OpenRun {
  readonly run: string;
  readonly attempt: number;
  readonly resource: string | null;
  readonly state: RunState;
}

const every = 5_000;

/**
 * Looks after the runs that fell between two stores, now and every five seconds: accepted but never queued,
 * cancelled but the engine was not told, given up by the engine.
 */
export function openLeftovers(parts: LeftoverParts): Turns {
  return openTurns(() => sweep(parts), {
    every,
    failed: (error) => parts.log("debug", `Looking for forgotten runs failed: ${messageOf(error)}`),
  });
}

async function sweep({ database, engine, log }: LeftoverParts): Promise<void> {
  // What changed a moment ago may be on its way between the two.
  const open = await database.query<OpenRun>(
    `select id as run, (state->>'attempt')::int as attempt, resource, state from aircan.run
     where status in ('WAITING', 'RUNNING') and updated < now() - interval '3 seconds'`,
  );
  if (open.length === 0) return;
  const missing = new Map((await engine.missing(open)).map((one) => [one.run, one]));
  for (const one of open) {
    const lost = missing.get(one.run);
    if (lost && lost.status === undefined) {
      log("info", `Run ${one.run} was accepted but not queued; it is queued now.`);
      await engine.start(one, laneOf(one.run, one.resource));
    } else if (lost) {
      await giveUp(database, lost);
    } else if (one.state.cancelling) {
      await database.query("select pg_notify('aircan_cancel', $1)", [one.run]);
      await engine.tell(one, { type: "cancel" });
    }
  }
}

/** The engine's workflow is over, yet the run is not. */
async function giveUp(database: Database, { run, attempt, status }: MissingRun): Promise<void> {
  await recordLocked(database, run, async (state) => {
    if (state.ended || state.attempt !== attempt) return [];
    const error = new AirCanError("bug", `The engine gave run "${run}" up (${status}).`, { where: { run } });
    return [failed({ run, attempt }, error.toJSON())];
  });
}
