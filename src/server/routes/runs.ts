import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { acceptedRun, accepts, answers, optionalBody, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { listQuery, retryRequest, run, runAccepted, runList, task, taskList } from "../contract.ts";
import { listFilter } from "../list-filter.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

const params = z.object({ run: z.string() });
const tags = ["Runs"];

/** Runs and their tasks: list, show, cancel, retry. */
export function runRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(await factory.listRuns(listFilter(c.req.valid("query"))), 200));
  app.openapi(show, async (c) => c.json(await factory.showRun(c.req.valid("param").run), 200));
  app.openapi(tasks, async (c) => c.json(wholeList(await factory.listTasks(c.req.valid("param").run)), 200));
  app.openapi(oneTask, async (c) => {
    const { run, task } = c.req.valid("param");
    return c.json(await factory.showTask(run, task, c.req.valid("query").map_index ?? null), 200);
  });
  app.openapi(cancel, async (c) => c.json(await factory.cancelRun(c.req.valid("param").run), 202));
  app.openapi(retry, async (c) => {
    const { tasks = "failed", conf } = c.req.valid("json") ?? {};
    const retried = await factory.retryRun(c.req.valid("param").run, { tasks, ...(conf ? { conf } : {}) });
    return c.json(acceptedRun(retried, c), 202);
  });
  return app;
}

/** @throws AirCanError `not-found`. */
export async function requireRun({ factory }: ServerParts, id: string): Promise<void> {
  if (id === "") throw new AirCanError("not-found", "The run has no id.");
  await factory.showRun(id);
}

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs",
  tags,
  summary: "Runs, the newest first",
  request: { query: listQuery },
  responses: answers("A page of runs.", runList),
});

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}",
  tags,
  summary: "One run",
  request: { params },
  responses: answers("The run.", run),
});

const tasks = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/tasks",
  tags,
  summary: "The tasks of a run, in the order of its DAG",
  request: { params },
  responses: answers("The tasks.", taskList),
});

const oneTask = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/tasks/{task}",
  tags,
  summary: "One task of a run",
  request: {
    params: z.object({ run: z.string(), task: z.string() }),
    query: z.object({ map_index: z.coerce.number().int().min(0).optional() }),
  },
  responses: answers("The task.", task),
});

const cancel = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/runs/{run}/cancel",
  tags,
  summary: "Stop a run; what its finished tasks wrote stays",
  request: { params },
  responses: accepts("The run, which ends soon.", run),
});

const retry = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/runs/{run}/retry",
  tags,
  summary: "Run failed tasks of an ended run again, and what waits for them",
  request: { params, ...optionalBody(retryRequest) },
  responses: accepts("The run, which goes on.", runAccepted),
});
