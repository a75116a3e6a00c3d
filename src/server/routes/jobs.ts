import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { answers } from "../answers.ts";
import { allows } from "../auth.ts";
import { job, jobList, listQuery } from "../contract.ts";
import { listFilter } from "../list-filter.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

const tags = ["Jobs"];

/** Jobs: who asked for which run, and what came of it. */
export function jobRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(await factory.listJobs(listFilter(c.req.valid("query"))), 200));
  app.openapi(show, async (c) => c.json(await factory.showJob(c.req.valid("param").job), 200));
  app.openapi(ofDataset, async (c) => {
    const { org, dataset } = c.req.valid("param");
    const filter = { ...listFilter(c.req.valid("query")), dataset: `${org}/${dataset}` };
    return c.json(await factory.listJobs(filter), 200);
  });
  return app;
}

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/jobs",
  tags,
  summary: "Jobs, the newest first",
  request: { query: listQuery },
  responses: answers("A page of jobs.", jobList),
});

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/jobs/{job}",
  tags,
  summary: "One job",
  request: { params: z.object({ job: z.string() }) },
  responses: answers("The job.", job),
});

const ofDataset = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/datasets/{org}/{dataset}/jobs",
  tags,
  summary: "The jobs of one dataset",
  request: { params: z.object({ org: z.string(), dataset: z.string() }), query: listQuery },
  responses: answers("A page of jobs.", jobList),
});
