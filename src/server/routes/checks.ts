import { createRoute } from "@hono/zod-openapi";
import { describeChecks } from "../../checks/describe-check.ts";
import { checkList } from "../admin-contract.ts";
import { answers, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { createRoutes } from "../parts.ts";

/** The checks that a validation makes, and those that a checklist may ask for. */
export function checkRoutes() {
  const app = createRoutes();
  app.openapi(list, (c) => c.json(wholeList(describeChecks()), 200));
  return app;
}

const list = createRoute({
  ...allows("read"),
  method: "get",
  path: "/api/checks",
  tags: ["Reports"],
  summary: "The checks, with their parameters",
  responses: answers("The checks.", checkList),
});
