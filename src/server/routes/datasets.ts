import { createRoute } from "@hono/zod-openapi";
import { answers } from "../answers.ts";
import { allows } from "../auth.ts";
import { datasetList, datasetQuery } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

/** What runs were for. */
export function datasetRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => {
    const { q, cursor, limit } = c.req.valid("query");
    const given = { ...(q === undefined ? {} : { q }), ...(cursor === undefined ? {} : { cursor }), limit };
    return c.json(await factory.listDatasets(given), 200);
  });
  return app;
}

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/datasets",
  tags: ["Jobs"],
  summary: "The datasets that runs were for, by name, each with its newest run",
  request: { query: datasetQuery },
  responses: answers("A page of datasets.", datasetList),
});
