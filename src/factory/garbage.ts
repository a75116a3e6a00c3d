import type { Storage } from "../storage/storage.ts";
import type { Database } from "./database/database.ts";
import type { Engine } from "./engine/engine.ts";
import type { GarbageReport } from "./factory-types.ts";
import type { Message } from "./interpreter.ts";

export interface GarbageParts {
  readonly database: Database;
  readonly engine: Engine<Message>;
  readonly storage: Storage;
}

interface Candidate {
  readonly id: string;
  readonly dag: string;
  readonly status: string;
  readonly calling: boolean;
  readonly used_by: string | null;
}

/**
 * Deletes ended runs that were created before an instant, with everything under their addresses, and says of
 * each other such run why it stays. A gc that is broken off goes on with the next: the run's row goes last.
 */
export async function collectGarbage(
  { olderThan, dryRun = false }: { readonly olderThan: Date; readonly dryRun?: boolean },
  { database, engine, storage }: GarbageParts,
): Promise<GarbageReport> {
  const candidates = await database.query<Candidate>(candidatesSql, [olderThan.toISOString()]);
  const reasons = candidates.map((run) => ({ run, why: whyKept(run) }));
  const gone = reasons.filter(({ why }) => why === undefined).map(({ run }) => run);
  if (!dryRun) {
    for (const { id, dag } of gone) {
      await storage.remove(`${dag}/${id}`);
      await engine.forget(id);
      await database.query("delete from aircan.run where id = $1", [id]);
    }
  }
  return {
    runs: gone.map(({ id }) => id),
    kept: reasons.flatMap(({ run, why }) => (why === undefined ? [] : [{ run: run.id, why }])),
  };
}

/** A run is used by a younger one whose conf names an address of it. */
const candidatesSql = `
  select old.id, old.dag, old.status,
         exists (select from aircan.callback where run_id = old.id and delivered is null and given_up is null) as calling,
         (select young.id from aircan.run young
          where young.created >= $1 and position(old.dag || '/' || old.id || '/' in young.conf::text) > 0 limit 1) as used_by
  from aircan.run old where old.created < $1 order by old.created, old.id`;

function whyKept({ status, calling, used_by }: Candidate): string | undefined {
  if (status === "WAITING" || status === "RUNNING") return `it is ${status}`;
  if (used_by !== null) return `run ${used_by} uses its files`;
  return calling ? "its callback is not delivered yet" : undefined;
}
