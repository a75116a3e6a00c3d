import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { answers, sends, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { outputList } from "../contract.ts";
import { download } from "../download.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

/** The files that the tasks of a run wrote. */
export function outputRoutes({ factory }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(wholeList(await factory.listOutputs(c.req.valid("param").run)), 200));
  app.openapi(file, async (c) => {
    const { run, task, name } = c.req.valid("param");
    // only what a task named is sent, so no name leads anywhere else
    const outputs = await factory.listOutputs(run);
    const output = outputs.find((one) => one.task === task && one.name === name);
    const stored = output && (await factory.storage.stat(output.address));
    if (!output || !stored) {
      const known = outputs.map((one) => `${one.task}/${one.name}`).join(", ") || "none";
      throw new AirCanError(
        "not-found",
        `The run has no output ${task}/${name}; its outputs are: ${known}.`,
        {
          where: { run, task },
        },
      );
    }
    return download(c, await factory.storage.read(output.address), {
      name: name.split("/").at(-1) ?? name,
      mediatype: mediatypes[output.format ?? ""] ?? "application/octet-stream",
      bytes: stored.bytes,
    });
  });
  return app;
}

const mediatypes: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  ndjson: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
};

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/outputs",
  tags: ["Runs"],
  summary: "The files that the tasks of a run wrote",
  request: { params: z.object({ run: z.string() }) },
  responses: answers("The outputs.", outputList),
});

const file = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/runs/{run}/outputs/{task}/{name}",
  tags: ["Runs"],
  summary: "One of these files",
  request: { params: z.object({ run: z.string(), task: z.string(), name: z.string() }) },
  responses: sends("The file.", "application/octet-stream"),
});
