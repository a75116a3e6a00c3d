import { messageOf } from "../base/errors.ts";
import type { Log, LogLevel } from "../base/log.ts";
import type { Database } from "./database/database.ts";
import type { LogQuery } from "./factory-types.ts";
import type { LogLine } from "./model.ts";

/** Takes the lines of one try. */
export interface TryLog {
  readonly say: (level: LogLevel, message: string) => void;
  /** Writes what is still held back. */
  readonly close: () => Promise<void>;
}

export interface TryPlace {
  readonly run: string;
  readonly task: string;
  readonly mapIndex: number;
  readonly try: number;
}

const every = 250;
const chunk = 64 * 1024;
const longest = 16 * 1024;

/** Writes lines in chunks: every 250 ms, or 64 KB. A line is cut after 16 KB. */
export function openTryLog(database: Database, place: TryPlace, log: Log): TryLog {
  const state: { lines: object[]; size: number; timer: NodeJS.Timeout | undefined; writing: Promise<void> } =
    {
      lines: [],
      size: 0,
      timer: undefined,
      writing: Promise.resolve(),
    };
  const flush = (): Promise<void> => {
    clearTimeout(state.timer);
    state.timer = undefined;
    const lines = state.lines.splice(0);
    state.size = 0;
    if (lines.length > 0)
      state.writing = state.writing
        .then(() => insert(database, place, lines))
        .catch((error: unknown) => log("warning", `Lines of a task's log were lost: ${messageOf(error)}`));
    return state.writing;
  };
  return {
    say: (level, message) => {
      const text = message.replaceAll("\0", "").slice(0, longest);
      state.lines.push({ time: new Date().toISOString(), level, message: text });
      state.size += text.length;
      if (state.size > chunk) void flush();
      else state.timer ??= setTimeout(flush, every);
    },
    close: flush,
  };
}

/** Lines of one run are stored by turns, so that none becomes visible after one with a higher id. */
async function insert(database: Database, place: TryPlace, lines: readonly object[]): Promise<void> {
  await database.query(
    `with turn as materialized (
       select pg_advisory_xact_lock(hashtextextended('aircan-log:' || $1, 0))
     ), said as (
       insert into aircan.log (run_id, task, map_index, try, time, level, message)
       select $1, $2, $3, $4, time, level, message
       from turn, jsonb_to_recordset($5) as line(time timestamptz, level text, message text)
     ) select pg_notify('aircan_log', $1)`,
    [place.run, place.task, place.mapIndex, place.try, JSON.stringify(lines)],
  );
}

const mostLines = 5_000;

/** Lines of a run after an id, oldest first. */
export async function listLogs(database: Database, query: LogQuery): Promise<readonly LogLine[]> {
  return database.query<LogLine>(
    `select id::int as id, task, try, level, message,
            to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time
     from aircan.log
     where run_id = $1 and id > $2 and ($3::text is null or task = $3) and ($4::int is null or try = $4)
     order by id limit $5`,
    [
      query.run,
      query.after ?? 0,
      query.task ?? null,
      query.try ?? null,
      Math.min(query.limit ?? 1_000, mostLines),
    ],
  );
}
