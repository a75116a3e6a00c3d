import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Factory, Run } from "../../factory/factory.ts";
import { sends } from "../answers.ts";
import { badgeSvg } from "../badge.ts";
import { createRoutes, type ServerParts } from "../parts.ts";
import { reportOf, type Verdict, verdictOf } from "../reports.ts";
import { badgeQuery } from "../validation-contract.ts";

/** A picture of whether a dataset is valid, for READMEs and portals. It needs no token, and tells no more. */
export function badgeRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(badge, async (c) => {
    const { org, file } = c.req.valid("param");
    const { style, label } = c.req.valid("query");
    const dataset = `${org}/${file.replace(/\.svg$/, "")}`;
    const verdict = await verdictOn(factory, await factory.lastChecked(dataset));
    c.header("content-type", "image/svg+xml; charset=utf-8");
    // who shows the picture must ask each time
    c.header("cache-control", "no-cache, no-store, must-revalidate, max-age=0");
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    c.header("cross-origin-resource-policy", "cross-origin");
    return c.body(badgeSvg(verdict, label, style));
  });
  return app;
}

/** A load may have left bad rows out, and be done: then its report tells. */
async function verdictOn(factory: Factory, run: Run | undefined): Promise<Verdict> {
  const verdict = verdictOf(run);
  if (run === undefined || verdict !== "valid" || run.job_type !== "LOAD") return verdict;
  const report = await reportOf(factory, run.id).catch(() => undefined);
  return report?.valid === false ? "invalid" : verdict;
}

const badge = createRoute({
  security: [],
  method: "get",
  path: "/badge/{org}/{file}",
  tags: ["Reports"],
  summary: "Whether a dataset is valid, as a picture: `/badge/org/dataset.svg`",
  request: { params: z.object({ org: z.string(), file: z.string().regex(/\.svg$/) }), query: badgeQuery },
  responses: sends("valid, invalid, error or unknown.", "image/svg+xml"),
});
