import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { garbageReport, garbageRequest, secretList, secretRequest } from "../admin-contract.ts";
import { answers, body, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

const params = z.object({ name: z.string() });
const tags = ["Secrets"];

/** Names of secrets (their values are never given back), and the disposal of old runs. */
export function secretRoutes({ factory }: ServerParts) {
  const { secrets } = factory;
  const app = createRoutes();
  const names = async () => wholeList(await secrets.list());
  app.openapi(list, async (c) => c.json(await names(), 200));
  app.openapi(put, async (c) => {
    await secrets.set(c.req.valid("param").name, c.req.valid("json").value);
    return c.json(await names(), 200);
  });
  app.openapi(remove, async (c) => {
    await secrets.remove(c.req.valid("param").name);
    return c.json(await names(), 200);
  });
  app.openapi(collect, async (c) => {
    const { older_than_days, dry_run } = c.req.valid("json");
    const olderThan = new Date(Date.now() - older_than_days * 86_400_000);
    return c.json(await factory.collectGarbage({ olderThan, dryRun: dry_run }), 200);
  });
  return app;
}

const list = createRoute({
  ...allows("admin"),
  method: "get",
  path: "/api/secrets",
  tags,
  summary: "Names of the secrets",
  responses: answers("Their names.", secretList),
});

const put = createRoute({
  ...allows("admin"),
  method: "put",
  path: "/api/secrets/{name}",
  tags,
  summary: "Set a secret, which a conf then names as `secret://name`",
  request: { params, ...body(secretRequest) },
  responses: answers("The names of all secrets.", secretList),
});

const remove = createRoute({
  ...allows("admin"),
  method: "delete",
  path: "/api/secrets/{name}",
  tags,
  summary: "Forget a secret",
  request: { params },
  responses: answers("The names of those that are left.", secretList),
});

const collect = createRoute({
  ...allows("admin"),
  method: "post",
  path: "/api/gc",
  tags: ["Runs"],
  summary: "Delete old runs and their files",
  request: body(garbageRequest),
  responses: answers("What was deleted (or would be), and what was kept and why.", garbageReport),
});
