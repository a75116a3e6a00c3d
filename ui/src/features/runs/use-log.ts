import { useEffect, useState } from "react";
import { get, withQuery } from "../../lib/api.ts";
import type { List, LogLine } from "../../lib/contract.ts";
import { followStream } from "../../lib/event-stream.ts";
import { gather } from "../../lib/gather.ts";
import { runApi } from "../../lib/urls.ts";
import { useVisible } from "../../lib/use-visible.ts";

interface Log {
  readonly lines: readonly LogLine[];
  readonly loading: boolean;
  readonly error: unknown;
}

const NOTHING: Log = { lines: [], loading: true, error: null };
/** Lines per request. */
const PAGE = 5000;
/** Lines that arrive one by one are shown together, at most once in this many milliseconds. */
const GATHER = 150;

/** The log of a run or of one of its tasks: read page by page, then followed while the run is not over. */
export function useLog(run: string, task: string | null, active: boolean): Log {
  const follow = useVisible() && active;
  const [log, setLog] = useState(NOTHING);
  useEffect(() => {
    const stop = new AbortController();
    setLog((before) => ({ ...before, loading: true }));
    readLog({ run, task, follow, signal: stop.signal, onChange: setLog }).catch((error: unknown) => {
      if (!stop.signal.aborted) setLog((before) => ({ ...before, loading: false, error }));
    });
    return () => stop.abort();
  }, [run, task, follow]);
  return log;
}

interface ReadOptions {
  readonly run: string;
  readonly task: string | null;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onChange: (log: Log) => void;
}

async function readLog({ run, task, follow, signal, onChange }: ReadOptions): Promise<void> {
  const address = runApi(run, "/logs");
  const lines: LogLine[] = [];
  const show = (loading: boolean) => {
    if (!signal.aborted) onChange({ lines: [...lines], loading, error: null });
  };
  let cursor: string | null = null;
  do {
    const page: List<LogLine> = await get(withQuery(address, { task, cursor, limit: PAGE }), signal);
    lines.push(...page.items);
    cursor = page.next_cursor;
    show(cursor !== null);
  } while (cursor !== null);
  if (follow) await followLog(withQuery(address, { task, follow: "true" }), { lines, signal, show });
}

interface FollowOptions {
  /** Known so far; new ones are added. */
  readonly lines: LogLine[];
  readonly signal: AbortSignal;
  readonly show: (loading: boolean) => void;
}

async function followLog(address: string, { lines, signal, show }: FollowOptions): Promise<void> {
  const changed = gather(() => show(false), GATHER);
  const lastId = () => lines.at(-1)?.id ?? -1;
  await followStream(address, {
    signal,
    after: lines.length === 0 ? null : String(lastId()),
    onState: () => {},
    onEvent: (event) => {
      // The border to the network, see `get`.
      const line = JSON.parse(event.data) as LogLine;
      if (line.id <= lastId()) return;
      lines.push(line);
      changed();
    },
  });
  changed.stop();
}
