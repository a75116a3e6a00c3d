import { AirCanError } from "../base/errors.ts";
import type { Tables } from "./database/database.ts";
import type { RunInput } from "./engine/engine.ts";
import type { Finished } from "./graph.ts";
import type { DagDefinition } from "./task.ts";

/** What one attempt of a run does, fixed when it is asked for. */
export interface Plan {
  readonly conf: Readonly<Record<string, unknown>>;
  /** Items that an earlier attempt finished. */
  readonly finished: Finished;
  /** Number of the last try of each item in earlier attempts. */
  readonly tries: Readonly<Record<string, number>>;
}

export interface Attempt extends Plan {
  readonly dag: DagDefinition;
}

const kept = 200;

/** Reads attempts; they never change, so the last ones are kept. */
export function openAttempts(database: Tables): (input: RunInput) => Promise<Attempt> {
  const cache = new Map<string, Promise<Attempt>>();
  return (input) => {
    const key = `${input.run}#${input.attempt}`;
    const known = cache.get(key);
    if (known) return known;
    const found = readAttempt(database, input);
    cache.set(key, found);
    found.catch(() => cache.delete(key));
    const oldest = cache.size > kept ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    return found;
  };
}

async function readAttempt(database: Tables, { run, attempt }: RunInput): Promise<Attempt> {
  const rows = await database.query<{ snapshot: DagDefinition; plan: Plan }>(
    `select snapshot, plan from aircan.run join aircan.attempt on run_id = id where id = $1 and attempt = $2`,
    [run, attempt],
  );
  const found = rows[0];
  if (!found) throw new AirCanError("not-found", `There is no attempt ${attempt} of run "${run}".`);
  return { ...found.plan, dag: found.snapshot };
}
