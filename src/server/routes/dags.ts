import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { dagOfSpec } from "../../factory/dag-spec.ts";
import { acceptedRun, accepts, answers, body, optionalBody, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { dag, dagList, dagSpec, pauseRequest, runAccepted, startRequest } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { runRequest } from "../run-request.ts";

const params = z.object({ dag: z.string() });
const tags = ["DAGs"];

/** Definitions: list, show, put, pause, start. */
export function dagRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(wholeList(await factory.listDags()), 200));
  app.openapi(show, async (c) => c.json(await factory.showDag(c.req.valid("param").dag), 200));
  app.openapi(put, async (c) => {
    const id = c.req.valid("param").dag;
    const spec = c.req.valid("json");
    if (spec.dag !== undefined && spec.dag !== id)
      throw new AirCanError("usage-error", `The address names the DAG "${id}", its spec "${spec.dag}".`);
    return c.json(await factory.putDag(dagOfSpec({ ...spec, dag: id }), "api"), 200);
  });
  app.openapi(pause, async (c) =>
    c.json(await factory.pauseDag(c.req.valid("param").dag, c.req.valid("json").paused), 200),
  );
  app.openapi(start, async (c) => {
    const request = c.req.valid("json") ?? {};
    const { run } = await factory.startRun({
      ...runRequest(request, c.var.caller),
      dag: c.req.valid("param").dag,
      ...(request.conf ? { conf: request.conf } : {}),
    });
    return c.json(acceptedRun(run, c), 202);
  });
  return app;
}

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/dags",
  tags,
  summary: "All DAGs with the last run of each",
  responses: answers("The DAGs, by name.", dagList),
});

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/dags/{dag}",
  tags,
  summary: "One DAG",
  request: { params },
  responses: answers("The DAG.", dag),
});

const put = createRoute({
  ...allows("admin"),
  method: "put",
  path: "/api/dags/{dag}",
  tags,
  summary: "Store a DAG spec; it is checked first, and runs under way keep the one they began with",
  request: { params, ...body(dagSpec) },
  responses: answers("The DAG as stored.", dag),
});

const pause = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/dags/{dag}/pause",
  tags,
  summary: "Pause a DAG, or resume it",
  request: { params, ...body(pauseRequest) },
  responses: answers("The DAG.", dag),
});

const start = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/dags/{dag}/runs",
  tags,
  summary: "Start a run",
  request: { params, ...optionalBody(startRequest) },
  responses: accepts("The run, which is durable from now on.", runAccepted),
});
