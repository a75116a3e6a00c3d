import { createRoute } from "@hono/zod-openapi";
import { AirCanError } from "../../base/errors.ts";
import { configSchema } from "../../flow/describe/json-schema.ts";
import { stepsFromSpec } from "../../flow/spec.ts";
import { processorList } from "../admin-contract.ts";
import { acceptedRun, accepts, answers, body, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { flowRequest, runAccepted } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { runRequest } from "../run-request.ts";

/** Flows sent as they are, and the processors that they are made of. */
export function flowRoutes({ factory, processors }: ServerParts) {
  const app = createRoutes();
  app.openapi(start, async (c) => {
    const { flow, params = {}, ...facts } = c.req.valid("json");
    if ("flow" in params) throw new AirCanError("usage-error", 'No parameter can be called "flow".');
    stepsFromSpec({ flow }, processors, params);
    const { run } = await factory.startRun({
      ...runRequest(facts, c.var.caller),
      dag: "flow",
      conf: { ...params, flow },
    });
    return c.json(acceptedRun(run, c), 202);
  });
  app.openapi(list, (c) =>
    c.json(
      wholeList(
        Object.values(processors).map((definition) => {
          const { name, title, summary, category } = definition;
          return { name, title, summary, category, config: { ...configSchema(definition) } };
        }),
      ),
      200,
    ),
  );
  return app;
}

const start = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/flows/run",
  tags: ["One shot"],
  summary: "Run a flow spec; it is checked first",
  request: body(flowRequest),
  responses: accepts("The run.", runAccepted),
});

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/processors",
  tags: ["Processors"],
  summary: "The processors, with the schema of their configuration",
  responses: answers("The processors.", processorList),
});
