import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AirCanError } from "../base/errors.ts";
import { parseSize } from "../factory/units.ts";
import { answerError } from "./answers.ts";
import { localOnly } from "./local-only.ts";
import { pageFile, pagePolicy } from "./pages.ts";
import { type App, createRoutes, type ServerEnv, type ServerParts } from "./parts.ts";
import { badgeRoutes } from "./routes/badge.ts";
import { checkRoutes } from "./routes/checks.ts";
import { dagRoutes } from "./routes/dags.ts";
import { datasetRoutes } from "./routes/datasets.ts";
import { datastoreRoutes } from "./routes/datastore.ts";
import { documentRoutes } from "./routes/document.ts";
import { eventRoutes } from "./routes/events.ts";
import { flowRoutes } from "./routes/flows.ts";
import { healthRoutes } from "./routes/health.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { loadRoutes } from "./routes/load.ts";
import { logRoutes } from "./routes/logs.ts";
import { outputRoutes } from "./routes/outputs.ts";
import { outsideEventRoutes } from "./routes/outside-events.ts";
import { reportRoutes } from "./routes/report.ts";
import { runRoutes } from "./routes/runs.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { secretRoutes } from "./routes/secrets.ts";
import { shareRoutes } from "./routes/shares.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { noTokens, openTokenBook } from "./token-book.ts";

const parts = [
  dagRoutes,
  runRoutes,
  logRoutes,
  eventRoutes,
  outputRoutes,
  reportRoutes,
  shareRoutes,
  badgeRoutes,
  scheduleRoutes,
  outsideEventRoutes,
  jobRoutes,
  datasetRoutes,
  loadRoutes,
  flowRoutes,
  checkRoutes,
  datastoreRoutes,
  tokenRoutes,
  secretRoutes,
  healthRoutes,
];

/** The whole server as one function from request to answer: API, dialects, and the page. */
export function createApp(given: ServerParts): App {
  const tokens = given.open ? noTokens : openTokenBook(given.factory);
  const app = createRoutes();
  app.onError((error, c) => answerError(error, c, given.log));
  app.use(async (c, next) => {
    c.set("tokens", tokens);
    const started = performance.now();
    await next();
    // nobody reads the body that was made, so what it holds open must be let go
    if (c.req.method === "HEAD") await c.res.body?.cancel();
    given.log("debug", `${c.req.method} ${c.req.path} ${c.res.status}`, {
      milliseconds: Math.round(performance.now() - started),
    });
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "same-origin");
    if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", pagePolicy);
  });
  app.use(unless(["/health", "/ready"], localOnly));
  app.use("/api/*", noStore, readableBody, smallBody);
  for (const routes of parts) app.route("/", routes(given));
  app.route("/", documentRoutes(app, given.version));
  app.notFound(async (c) => {
    const isPage = ["GET", "HEAD"].includes(c.req.method) && !/^\/(api|datastore)(\/|$)/.test(c.req.path);
    const page = isPage ? await pageFile(c, given.uiFolder) : undefined;
    if (page) return page;
    return answerError(nothingAt(c.req.method, c.req.path), c, given.log);
  });
  return app;
}

function nothingAt(method: string, path: string): AirCanError {
  const isPage = method === "GET" && /^\/($|@|runs|dags|datasets|reports|shared)/.test(path);
  return isPage
    ? new AirCanError("not-found", "The page of the factory was not built.", {
        hint: "Run `npm run build`; the API works without it, see /api/docs.",
      })
    : new AirCanError("not-found", `There is nothing at ${method} ${path}.`, {
        hint: "See /api/docs for what there is.",
      });
}

function unless(
  paths: readonly string[],
  handler: MiddlewareHandler<ServerEnv>,
): MiddlewareHandler<ServerEnv> {
  return async (c, next) => (paths.includes(c.req.path) ? next() : handler(c, next));
}

const noStore: MiddlewareHandler<ServerEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
};

const formPaths = new Set(["/api/load", "/api/validate"]);

/**
 * A body of another type would be passed over without a word; a plain form could come from any site. Clients of
 * CKAN name no type, and its actions here only read.
 */
const readableBody: MiddlewareHandler<ServerEnv> = async (c, next) => {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  const hasBody =
    c.req.header("transfer-encoding") !== undefined || Number(c.req.header("content-length") ?? 0) > 0;
  const fits =
    type === "application/json" ||
    (type === "application/cloudevents+json" && c.req.path === "/api/events") ||
    c.req.path.startsWith("/api/3/action/") ||
    (type === "multipart/form-data" && formPaths.has(c.req.path));
  if (hasBody && !fits)
    throw new AirCanError("usage-error", `The request's body is ${type ?? "of no named type"}, not JSON.`, {
      hint: "Send JSON with the header `content-type: application/json`.",
    });
  await next();
};

const maxJson = parseSize("10MB");
const limitJson = bodyLimit({
  maxSize: maxJson,
  onError: () => {
    throw new AirCanError("too-large", `The request's body is larger than ${maxJson} bytes.`, {
      hint: "Send large data as an upload to /api/load.",
    });
  },
});

const smallBody: MiddlewareHandler<ServerEnv> = async (c, next) =>
  c.req.header("content-type")?.startsWith("multipart/form-data") ? next() : limitJson(c, next);
