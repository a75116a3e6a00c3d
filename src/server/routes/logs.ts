import { Readable } from "node:stream";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { LogQuery } from "../../factory/factory.ts";
import type { LogLine } from "../../factory/model.ts";
import { answersOrStreams } from "../answers.ts";
import { allows } from "../auth.ts";
import { logLimit, logPage, logQuery } from "../contract.ts";
import { download } from "../download.ts";
import { lastEventId, sendEvents } from "../event-stream.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { requireRun } from "./runs.ts";

/** The lines of a run's log: a page, everything as text, or new ones as they come. */
export function logRoutes(parts: ServerParts) {
  const { factory, log } = parts;
  const app = createRoutes();
  app.openapi(lines, async (c) => {
    const { run } = c.req.valid("param");
    const { limit, cursor, follow, format, ...chosen } = c.req.valid("query");
    await requireRun(parts, run);
    const after = cursor === undefined ? lastEventId(c) : Number(cursor) || 0;
    const query: LogQuery = { run, ...withoutUndefined(chosen), after };
    const followed = (signal: AbortSignal) => factory.followLogs({ ...query, signal });
    if (format === "text") {
      const source = follow ? followed(c.req.raw.signal) : allLines(parts, query);
      return download(c, Readable.from(asText(source)), {
        name: `${run}.log`,
        mediatype: "text/plain; charset=utf-8",
      });
    }
    if (follow) return sendEvents(c, (signal) => asEvents(followed(signal)), log);
    const items = await factory.listLogs({ ...query, limit });
    const last = items.length < limit ? undefined : items.at(-1);
    return c.json({ items, next_cursor: last ? String(last.id) : null }, 200);
  });
  return app;
}

function withoutUndefined({ task, try: number }: { task?: string | undefined; try?: number | undefined }) {
  return { ...(task === undefined ? {} : { task }), ...(number === undefined ? {} : { try: number }) };
}

async function* allLines({ factory }: ServerParts, query: LogQuery): AsyncIterable<LogLine> {
  let after = query.after ?? 0;
  for (;;) {
    const page = await factory.listLogs({ ...query, after, limit: logLimit.most });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < logLimit.most) return;
    after = last.id;
  }
}

async function* asEvents(lines: AsyncIterable<LogLine>) {
  for await (const line of lines) yield { id: String(line.id), data: JSON.stringify(line) };
}

async function* asText(lines: AsyncIterable<LogLine>): AsyncIterable<Buffer> {
  for await (const { time, level, task, message } of lines)
    yield Buffer.from(`${time} ${level.padEnd(7)} ${task}: ${message}\n`);
}

const lines = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/logs",
  tags: ["Runs"],
  summary: "What the tasks of a run said",
  description: "With `follow` as server-sent events whose id is the line's; they end with the event `end`.",
  request: { params: z.object({ run: z.string() }), query: logQuery },
  responses: answersOrStreams("A page of lines, oldest first.", logPage),
});
