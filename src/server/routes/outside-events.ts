import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { OutsideEvent } from "../../factory/triggers.ts";
import { acceptedRun, accepts, body } from "../answers.ts";
import { allows } from "../auth.ts";
import { createRoutes, readAs, type ServerEnv, type ServerParts } from "../parts.ts";
import { eventAccepted, eventRequest } from "../validation-contract.ts";

/** Events from elsewhere start the DAGs whose triggers they fit. */
export function outsideEventRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  // documented only: in the binary mode of CloudEvents the body is the event's data
  const { middleware, ...route } = send;
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, middleware, async (c) => {
    const runs = await factory.sendEvent(await eventOf(c), c.var.caller?.name);
    return c.json({ runs: runs.map((run) => acceptedRun(run, c)) }, 202);
  });
  return app;
}

/** The event of a request: a JSON of it, or CloudEvents' binary mode, where headers `ce-…` name all but the data. */
async function eventOf(c: Context<ServerEnv>): Promise<OutsideEvent> {
  const sent = await jsonOf(c);
  const type = c.req.header("ce-type");
  const told = {
    id: c.req.header("ce-id"),
    source: c.req.header("ce-source"),
    subject: c.req.header("ce-subject"),
  };
  const facts = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  const given = type === undefined ? sent : { type, ...facts, data: sent };
  const { id, source, subject, data, type: name } = readAs(eventRequest, given);
  return {
    ...{ type: name, source },
    ...(id === undefined ? {} : { id }),
    ...(subject === undefined ? {} : { subject }),
    ...(data === undefined ? {} : { data }),
  };
}

async function jsonOf(c: Context<ServerEnv>): Promise<unknown> {
  const text = await c.req.text();
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch (error) {
    throw new AirCanError("usage-error", `The request's body is no JSON: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

const send = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/events",
  tags: ["DAGs"],
  summary: "Tell of an event, which starts the DAGs whose triggers it fits",
  description: "As JSON, or as a CloudEvent (structured or binary).",
  request: body(eventRequest),
  responses: accepts("The runs that it starts; none if no trigger fits.", eventAccepted),
});
