import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { answers, body, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { pauseRequest } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { schedule, scheduleList, scheduleQuery, scheduleRequest } from "../validation-contract.ts";

/** When runs start by themselves. */
export function scheduleRoutes({ factory: { schedules } }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(wholeList(await schedules.list(c.req.valid("query").dag)), 200));
  app.openapi(show, async (c) => c.json(await schedules.show(c.req.valid("param").schedule), 200));
  app.openapi(put, async (c) => {
    const id = c.req.valid("param").schedule;
    const { dag, paused, ...spec } = c.req.valid("json");
    const stored = await schedules.put(id, dag, spec);
    return c.json(paused === undefined ? stored : await schedules.pause(id, paused), 200);
  });
  app.openapi(pause, async (c) =>
    c.json(await schedules.pause(c.req.valid("param").schedule, c.req.valid("json").paused), 200),
  );
  app.openapi(remove, async (c) => {
    await schedules.remove(c.req.valid("param").schedule);
    return c.json(wholeList(await schedules.list()), 200);
  });
  return app;
}

const params = z.object({ schedule: z.string() });
const tags = ["Schedules"];

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/schedules",
  tags,
  summary: "All schedules, with the next time of each",
  request: { query: scheduleQuery },
  responses: answers("The schedules.", scheduleList),
});

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/schedules/{schedule}",
  tags,
  summary: "One schedule",
  request: { params },
  responses: answers("The schedule.", schedule),
});

const put = createRoute({
  ...allows("run"),
  method: "put",
  path: "/api/schedules/{schedule}",
  tags,
  summary: "Set a schedule: a DAG with its conf, and when",
  request: { params, ...body(scheduleRequest) },
  responses: answers("The schedule as stored.", schedule),
});

const pause = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/schedules/{schedule}/pause",
  tags,
  summary: "Pause a schedule, or resume it",
  request: { params, ...body(pauseRequest) },
  responses: answers("The schedule.", schedule),
});

const remove = createRoute({
  ...allows("run"),
  method: "delete",
  path: "/api/schedules/{schedule}",
  tags,
  summary: "Remove a schedule",
  request: { params },
  responses: answers("The schedules that are left.", scheduleList),
});
