import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "./database/database.ts";
import type { Channel } from "./database/ears.ts";
import type { Factory, LogQuery } from "./factory-types.ts";
import { listLogs } from "./logs.ts";
import type { LogLine, RunEvent } from "./model.ts";
import { listEvents, showRun } from "./queries.ts";

type EventQuery = Parameters<Factory["subscribe"]>[0];

/** Events of different runs become visible out of order: one with a lower id may come later. */
const lateBy = 200;
const group = 20;

/** Events as they happen, until the signal aborts. */
export async function* subscribe(database: Database, query: EventQuery): AsyncIterable<RunEvent> {
  const bell = openBell(database, { channel: "aircan_event", run: query.run, signal: query.signal });
  try {
    const from = query.after ?? (await lastEvent(database));
    const seen = await seenBefore(database, query.run, from);
    for (let after = from; !query.signal.aborted; ) {
      const ring = bell.next();
      const late = query.run === undefined ? Math.max(0, after - lateBy) : after;
      const events = await listEvents(database, { ...query, after: late });
      for (const event of events) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        after = Math.max(after, event.id);
        yield event;
      }
      for (const id of seen) if (id <= after - lateBy) seen.delete(id);
      if (events.length >= 1_000) continue;
      await ring;
      // Events come in groups; one question for all of them.
      await pause(group, undefined, { signal: query.signal }).catch(() => {});
    }
  } finally {
    bell.close();
  }
}

async function lastEvent(database: Database): Promise<number> {
  const rows = await database.query<{ id: number }>(
    "select coalesce(max(id), 0)::int as id from aircan.event",
  );
  return rows[0]?.id ?? 0;
}

/** Ids that the one who asks has seen already. */
async function seenBefore(database: Database, run: string | undefined, from: number): Promise<Set<number>> {
  if (run !== undefined || from === 0) return new Set();
  const events = await listEvents(database, { after: Math.max(0, from - lateBy), limit: lateBy });
  return new Set(events.map(({ id }) => id).filter((id) => id <= from));
}

/** Lines of a run, then new ones, until the run has ended or the signal aborts. */
export async function* followLogs(
  database: Database,
  query: LogQuery & { readonly signal: AbortSignal },
): AsyncIterable<LogLine> {
  const { run, signal } = query;
  const bell = openBell(database, { channel: "aircan_log", run, signal });
  const ends = openBell(database, { channel: "aircan_event", run, signal });
  try {
    for (let after = query.after ?? 0; !signal.aborted; ) {
      const ring = Promise.race([bell.next(), ends.next()]);
      // Asked first: what the tasks say is stored before their end is.
      const over = (await showRun(database, run)).ended !== null;
      const lines = await listLogs(database, { ...query, after });
      for (const line of lines) {
        after = line.id;
        yield line;
      }
      if (lines.length > 0) continue;
      if (over) return;
      await ring;
    }
  } finally {
    bell.close();
    ends.close();
  }
}

interface Bell {
  /** Resolves when something happens after this call, and at the abort of the signal. */
  readonly next: () => Promise<void>;
  readonly close: () => void;
}

interface BellOptions {
  readonly channel: Channel;
  readonly run: string | undefined;
  readonly signal: AbortSignal;
}

function openBell(database: Database, { channel, run, signal }: BellOptions): Bell {
  const state = { waiting: Promise.withResolvers<void>() };
  const ring = () => {
    state.waiting.resolve();
    state.waiting = Promise.withResolvers<void>();
  };
  const stop = database.listen(channel, (payload) => {
    if (payload === undefined || run === undefined || payload === run) ring();
  });
  signal.addEventListener("abort", ring);
  return {
    next: () => (signal.aborted ? Promise.resolve() : state.waiting.promise),
    close: () => {
      stop();
      signal.removeEventListener("abort", ring);
    },
  };
}
