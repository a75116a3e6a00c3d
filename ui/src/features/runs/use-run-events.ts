import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveState } from "../../components/live-status.tsx";
import { followStream } from "../../lib/event-stream.ts";
import { gather } from "../../lib/gather.ts";
import { refreshRun } from "../../lib/run-queries.ts";
import { runApi } from "../../lib/urls.ts";
import { useVisible } from "../../lib/use-visible.ts";

/** Events come in bursts; what is shown is asked for at most once in this many milliseconds. */
const GATHER = 200;
/** How often it is asked for while no events arrive; and, to be sure, while they do or nobody looks. */
const POLL = 1500;
const SLOW_POLL = 10_000;

/** Keeps a run fresh while it is not over: by its events, or by asking again and again; says which. */
export function useRunEvents(id: string, active: boolean): LiveState {
  const client = useQueryClient();
  const visible = useVisible();
  const [connected, setConnected] = useState<boolean | null>(null);
  useEffect(() => {
    if (!active || !visible) return;
    const stop = new AbortController();
    const refresh = gather(() => refreshRun(client, id), GATHER);
    void followStream(runApi(id, "/events"), {
      signal: stop.signal,
      onEvent: refresh,
      onState: setConnected,
    });
    return () => {
      stop.abort();
      refresh.stop();
      setConnected(null);
    };
  }, [client, id, active, visible]);
  useEffect(() => {
    if (!active) return;
    const pause = connected === true || !visible ? SLOW_POLL : POLL;
    const timer = setInterval(() => refreshRun(client, id), pause);
    return () => clearInterval(timer);
  }, [client, id, active, connected, visible]);
  if (!active) return "still";
  if (connected === null) return "polling";
  return connected ? "live" : "lost";
}
