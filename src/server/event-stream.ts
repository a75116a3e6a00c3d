import type { Context } from "hono";
import { type SSEMessage, streamSSE } from "hono/streaming";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { ServerEnv } from "./parts.ts";

/** Milliseconds between comments that keep proxies from closing a quiet stream. */
const beat = 15_000;

/** Server-sent events until there are no more (then one `end`), or until the reader goes. */
export function sendEvents(
  c: Context<ServerEnv>,
  events: (signal: AbortSignal) => AsyncIterable<SSEMessage>,
  log: Log,
): Response {
  c.header("x-accel-buffering", "no");
  return streamSSE(
    c,
    async (stream) => {
      const stop = new AbortController();
      stream.onAbort(() => stop.abort());
      const timer = setInterval(() => void stream.write(": still here\n\n"), beat);
      try {
        await stream.write(": hello\n\n");
        for await (const event of events(stop.signal)) await stream.writeSSE(event);
        if (!stop.signal.aborted) await stream.writeSSE({ event: "end", data: "" });
      } finally {
        clearInterval(timer);
        stop.abort();
      }
    },
    async (error, stream) => {
      if (!stream.aborted) log("warning", `${c.req.path} was broken off: ${messageOf(error)}`);
    },
  );
}

/** The number in `Last-Event-ID` (or `?after=`), 0 if there is none. */
export function lastEventId(c: Context<ServerEnv>): number {
  const id = Number(c.req.header("last-event-id") ?? c.req.query("after") ?? 0);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
