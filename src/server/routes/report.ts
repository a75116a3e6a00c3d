import { Readable } from "node:stream";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import type { Report } from "../../checks/report.ts";
import { type ReportFormName, reportForms } from "../../checks/report-forms.ts";
import { answers, answersOrFile } from "../answers.ts";
import { allows } from "../auth.ts";
import { report } from "../contract.ts";
import { download } from "../download.ts";
import { createRoutes, type ServerEnv, type ServerParts } from "../parts.ts";
import { comparison, profile } from "../report-contract.ts";
import { comparedReport, profileOf, reportOf } from "../reports.ts";
import { comparisonQuery, reportQuery } from "../validation-contract.ts";

/** What the checks of a run found, what has changed since the run before, and what the data holds. */
export function reportRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(show, async (c) => {
    const { run } = c.req.valid("param");
    const { format } = c.req.valid("query");
    const found = await reportOf(factory, run);
    return format === "json" ? c.json(found, 200) : sendReport(c, found, { format, name: `report-${run}` });
  });
  app.openapi(compare, async (c) => {
    const { run } = c.req.valid("param");
    return c.json(await comparedReport(factory, run, c.req.valid("query").with), 200);
  });
  app.openapi(showProfile, async (c) => c.json(await profileOf(factory, c.req.valid("param").run), 200));
  return app;
}

/** Sends a report in a form other than JSON, as a file. */
export function sendReport(
  c: Context<ServerEnv>,
  report: Report,
  { format, name }: { readonly format: ReportFormName; readonly name: string },
): Response {
  const { mediatype, extension, write } = reportForms[format];
  return download(c, Readable.from([Buffer.from(write(report))]), {
    name: `${name}.${extension}`,
    mediatype,
  });
}

const params = z.object({ run: z.string() });
const tags = ["Reports"];

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/report",
  tags,
  summary: "The validation report of a run",
  description: "In the shape of Frictionless's report. 404 as long as nothing was checked.",
  request: { params, query: reportQuery },
  responses: answersOrFile("The report.", report),
});

const compare = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/report/comparison",
  tags,
  summary: "Which errors are new, which remain, which are fixed since the run before",
  request: { params, query: comparisonQuery },
  responses: answers("The comparison; 404 where there is no earlier report.", comparison),
});

const showProfile = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/profile",
  tags,
  summary: "What each field of the tables that a run validated holds",
  request: { params },
  responses: answers("The profile.", profile),
});
