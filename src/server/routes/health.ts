import { createRoute } from "@hono/zod-openapi";
import { answers } from "../answers.ts";
import { health } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

/** Whether the process lives, and whether it can work. */
export function healthRoutes({ factory, version }: ServerParts) {
  const app = createRoutes();
  app.openapi(alive, (c) => c.json({ status: "ok" as const, version }, 200));
  app.openapi(ready, async (c) => {
    await factory.ready();
    return c.json({ status: "ok" as const, version }, 200);
  });
  return app;
}

const alive = createRoute({
  method: "get",
  path: "/health",
  tags: ["Health"],
  summary: "Is the process alive?",
  responses: answers("It is.", health),
});

const ready = createRoute({
  method: "get",
  path: "/ready",
  tags: ["Health"],
  summary: "Does the database answer?",
  responses: answers("It does; else 503.", health),
});
