import { text } from "node:stream/consumers";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import type { Report } from "../../checks/report.ts";
import type { Factory } from "../../factory/factory.ts";
import { answers } from "../answers.ts";
import { allows } from "../auth.ts";
import { report } from "../contract.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

/** What the checks of a run found. */
export function reportRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(show, async (c) => {
    const { run } = c.req.valid("param");
    const reports = await reportsOf(factory, run);
    if (reports.length === 0)
      throw new AirCanError("not-found", `The run "${run}" has no report.`, {
        hint: "Look again when its check is through.",
        where: { run },
      });
    return c.json(merged(reports), 200);
  });
  return app;
}

/** Each `report.json` that a task wrote, in the order of the tasks. */
async function reportsOf({ listTasks, storage }: Factory, run: string): Promise<readonly Report[]> {
  const addresses = (await listTasks(run)).map(({ address }) => `${address}report.json`);
  const found = await Promise.all(addresses.map((address) => storage.stat(address)));
  const there = found.flatMap((file) => file ?? []);
  return Promise.all(
    // written by our own tasks in this shape
    there.map(async ({ address }) => JSON.parse(await text(await storage.read(address))) as Report),
  );
}

/** Several reports as one. */
function merged(reports: readonly Report[]): Report {
  const [only] = reports;
  if (only && reports.length === 1) return only;
  const sum = (key: keyof Report["stats"]) => reports.reduce((total, { stats }) => total + stats[key], 0);
  return {
    valid: reports.every(({ valid }) => valid),
    stats: { tasks: sum("tasks"), errors: sum("errors"), warnings: sum("warnings"), seconds: sum("seconds") },
    warnings: reports.flatMap(({ warnings }) => warnings),
    errors: reports.flatMap(({ errors }) => errors),
    tasks: reports.flatMap(({ tasks }) => tasks),
  };
}

const show = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/report",
  tags: ["Runs"],
  summary: "The validation report of a run",
  description: "In the shape of Frictionless's report. 404 as long as nothing was checked.",
  request: { params: z.object({ run: z.string() }) },
  responses: answers("The report.", report),
});
