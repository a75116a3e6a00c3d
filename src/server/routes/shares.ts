import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { answers, answersOrFile, body, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { report } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { createdShare, profile, sharedReport, shareList } from "../report-contract.ts";
import { profileOf, reportOf } from "../reports.ts";
import { reportQuery, shareRequest } from "../validation-contract.ts";
import { sendReport } from "./report.ts";
import { requireRun } from "./runs.ts";

/** Links to reports: made and revoked by who may start runs, followed by anyone. */
export function shareRoutes(parts: ServerParts) {
  const { factory } = parts;
  const { shares } = factory;
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(wholeList(await shares.list(c.req.valid("param").run)), 200));
  app.openapi(create, async (c) => {
    const { run } = c.req.valid("param");
    await requireRun(parts, run);
    await reportOf(factory, run);
    const { secret, ...share } = await shares.create(run, c.req.valid("json").days);
    return c.json({ ...share, url: new URL(`/shared/${secret}`, c.req.url).href }, 200);
  });
  app.openapi(revoke, async (c) => {
    const { run, share } = c.req.valid("param");
    await shares.revoke(run, share);
    return c.json(wholeList(await shares.list(run)), 200);
  });
  app.openapi(follow, async (c) => {
    const { run, expires } = await shares.open(c.req.valid("param").secret);
    const { dataset, created } = await factory.showRun(run);
    return c.json({ dataset, created, expires, report: await reportOf(factory, run) }, 200);
  });
  app.openapi(followReport, async (c) => {
    const { run } = await shares.open(c.req.valid("param").secret);
    const { format } = c.req.valid("query");
    const report = await reportOf(factory, run);
    return format === "json" ? c.json(report, 200) : sendReport(c, report, { format, name: "report" });
  });
  app.openapi(followProfile, async (c) => {
    const { run } = await shares.open(c.req.valid("param").secret);
    return c.json(await profileOf(factory, run), 200);
  });
  return app;
}

const tags = ["Reports"];
const ofRun = z.object({ run: z.string() });
const bySecret = z.object({ secret: z.string().max(200) });

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/shares",
  tags,
  summary: "The links to a report, without their secrets",
  request: { params: ofRun },
  responses: answers("The links.", shareList),
});

const create = createRoute({
  ...allows("run"),
  method: "post",
  path: "/api/runs/{run}/shares",
  tags,
  summary: "Make a link by which anyone may read the report of a run, without a token",
  request: { params: ofRun, ...body(shareRequest) },
  responses: answers("The link.", createdShare),
});

const revoke = createRoute({
  ...allows("run"),
  method: "delete",
  path: "/api/runs/{run}/shares/{share}",
  tags,
  summary: "Revoke a link: it leads nowhere from now on",
  request: { params: ofRun.extend({ share: z.string() }) },
  responses: answers("The links that are left.", shareList),
});

const follow = createRoute({
  security: [],
  method: "get",
  path: "/api/shared/{secret}",
  tags,
  summary: "The report that a link leads to, and what it is of; needs no token",
  request: { params: bySecret },
  responses: answers("The report.", sharedReport),
});

const followReport = createRoute({
  security: [],
  method: "get",
  path: "/api/shared/{secret}/report",
  tags,
  summary: "The report alone, in any of its forms; needs no token",
  request: { params: bySecret, query: reportQuery },
  responses: answersOrFile("The report.", report),
});

const followProfile = createRoute({
  security: [],
  method: "get",
  path: "/api/shared/{secret}/profile",
  tags,
  summary: "The profile beside the report that a link leads to; needs no token",
  request: { params: bySecret },
  responses: answers("The profile.", profile),
});
