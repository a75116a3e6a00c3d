import { useEffect, useState } from "react";
import { get, withQuery } from "../../lib/api.ts";
import type { List, LogLine } from "../../lib/contract.ts";
import { followStream } from "../../lib/event-stream.ts";
import { gather } from "../../lib/gather.ts";
import { runApi } from "../../lib/urls.ts";

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

/** The log of a run or of one of its tasks: read whole, then followed while the run is not over. */
export function useLog(run: string, task: string | null, active: boolean): Log {
  const [log, setLog] = useState(NOTHING);
  useEffect(() => {
    const stop = new AbortController();
    setLog((before) => ({ ...before, loading: true }));
    readLog({ run, task, active, signal: stop.signal, onChange: setLog }).catch((error: unknown) => {
      if (!stop.signal.aborted) setLog((before) => ({ ...before, loading: false, error }));
    });
    return () => stop.abort();
  }, [run, task, active]);
  return log;
}

interface ReadOptions {
  readonly run: string;
  readonly task: string | null;
  readonly active: boolean;
  readonly signal: AbortSignal;
  readonly onChange: (log: Log) => void;
}

async function readLog({ run, task, active, signal, onChange }: ReadOptions): Promise<void> {
  const lines = await readAll(run, task, signal);
  onChange({ lines, loading: false, error: null });
  if (!active) return;
  const seen = new Set(lines.map((line) => line.id));
  const all = [...lines];
  const show = gather(() => {
    if (!signal.aborted) onChange({ lines: [...all], loading: false, error: null });
  }, GATHER);
  await followStream(withQuery(runApi(run, "/logs"), { task, follow: "true" }), {
    signal,
    onState: () => {},
    onEvent: (event) => {
      // The border to the network, see `get`.
      const line = JSON.parse(event.data) as LogLine;
      if (seen.has(line.id)) return;
      seen.add(line.id);
      all.push(line);
      show();
    },
  });
  show.stop();
}

async function readAll(run: string, task: string | null, signal: AbortSignal): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  let cursor: string | null = null;
  do {
    const page: List<LogLine> = await get(
      withQuery(runApi(run, "/logs"), { task, cursor, limit: PAGE }),
      signal,
    );
    lines.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return lines;
}
