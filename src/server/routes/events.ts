import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Factory } from "../../factory/factory.ts";
import type { Run, RunEvent } from "../../factory/model.ts";
import { sends } from "../answers.ts";
import { allows } from "../auth.ts";
import { lastEventId, sendEvents } from "../event-stream.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { requireRun } from "./runs.ts";

/** What happens to a run, as it happens. */
export function eventRoutes(parts: ServerParts) {
  const app = createRoutes();
  app.openapi(events, async (c) => {
    const { run } = c.req.valid("param");
    await requireRun(parts, run);
    const after = lastEventId(c);
    return sendEvents(c, (signal) => asMessages(eventsOf(parts.factory, { run, after, signal })), parts.log);
  });
  return app;
}

interface Query {
  readonly run: string;
  readonly after: number;
  readonly signal: AbortSignal;
}

/** Events after one, stored ones first, until the run has ended. */
async function* eventsOf(factory: Factory, { run, after, signal }: Query): AsyncIterable<RunEvent> {
  // asked for first: a run that was over then has all its events stored
  const over = isOver(await factory.showRun(run));
  let last = after;
  for (;;) {
    const page = await factory.listEvents({ run, after: last });
    yield* page;
    if (page.length === 0) break;
    last = page.at(-1)?.id ?? last;
  }
  if (over) return;
  for await (const event of factory.subscribe({ run, after: last, signal })) {
    yield event;
    if (event.type === "run.ended") return;
  }
}

const isOver = ({ status }: Run): boolean => status !== "WAITING" && status !== "RUNNING";

async function* asMessages(events: AsyncIterable<RunEvent>) {
  for await (const event of events)
    yield { id: String(event.id), event: event.type, data: JSON.stringify(event) };
}

const events = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/events",
  tags: ["Runs"],
  summary: "What happens to a run, as server-sent events",
  description:
    "All events so far, or those after `Last-Event-ID`, then new ones. The event `end` says that the run is over.",
  request: {
    params: z.object({ run: z.string() }),
    query: z.object({ after: z.coerce.number().int().optional().describe("Like `Last-Event-ID`.") }),
  },
  responses: sends("The events: id, type, and the event as JSON.", "text/event-stream"),
});
