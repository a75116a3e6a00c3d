import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { catalogue } from "../../base/catalogue.ts";
import { AirCanError } from "../../base/errors.ts";
import { dumpDatastore } from "../../sql/datastore-dump.ts";
import { datastoreInfo as readInfo } from "../../sql/datastore-info.ts";
import { type SearchQuery, datastoreSearch as search } from "../../sql/datastore-search.ts";
import { answerError, errorOf, sends, statusOf } from "../answers.ts";
import { allows } from "../auth.ts";
import { actionAnswer, actionFailure, datastoreInfo, datastoreSearch, searchQuery } from "../contract.ts";
import { download } from "../download.ts";
import { type App, createRoutes, readAs, type ServerEnv, type ServerParts } from "../parts.ts";

/** Loaded tables, as clients of CKAN's DataStore read them. */
export function datastoreRoutes(parts: ServerParts): App {
  const { pool, dumpPool } = parts;
  const app = createRoutes();
  const answerSearch = async (c: Context<ServerEnv>, given: unknown) =>
    c.json(succeeded(c, await search(pool, searchOf(readAs(searchQuery, given)))), 200);
  const answerInfo = async (c: Context<ServerEnv>, given: unknown) =>
    c.json(succeeded(c, await readInfo(pool, idOf(readAs(infoQuery, given)))), 200);
  action(app, { name: "datastore_search", answer: answerSearch, documented: searchDocument });
  action(app, { name: "datastore_info", answer: answerInfo, documented: infoDocument });
  app.openapi(dump, async (c) => {
    const { format } = c.req.valid("query");
    const engine = format === "parquet" ? { engine: await parts.engine() } : {};
    const { id } = c.req.valid("param");
    const { signal } = c.req.raw;
    const { stream, mediatype, fileName } = await dumpDatastore(dumpPool, id, format, { ...engine, signal });
    if (signal.aborted) stream.destroy();
    return download(c, stream, { name: fileName, mediatype });
  });
  return app;
}

interface Action {
  readonly name: string;
  readonly answer: (c: Context<ServerEnv>, given: unknown) => Promise<Response>;
  readonly documented: ActionDocument;
}

/** An action of CKAN's API: parameters in the address or as a JSON body; errors in its own shape. */
function action(app: App, { name, answer, documented }: Action): void {
  const { middleware, ...allowed } = allows("read");
  const path = `/api/3/action/${name}`;
  const handler = (read: (c: Context<ServerEnv>) => unknown) => async (c: Context<ServerEnv>) => {
    try {
      return await answer(c, await read(c));
    } catch (error) {
      return failed(c, error);
    }
  };
  app.get(
    path,
    middleware,
    handler((c) => c.req.query()),
  );
  app.post(
    path,
    middleware,
    handler((c) => c.req.json()),
  );
  const facts = {
    ...allowed,
    path,
    tags: ["DataStore"],
    summary: documented.summary,
    responses: documented.responses,
  };
  app.openAPIRegistry.registerPath({ ...facts, method: "get", request: { query: documented.query } });
  const body = { content: { "application/json": { schema: documented.query } } };
  app.openAPIRegistry.registerPath({ ...facts, method: "post", request: { body } });
}

const helpOf = (c: Context<ServerEnv>): string => new URL(c.req.path, c.req.url).href;

function succeeded<Result>(c: Context<ServerEnv>, result: Result) {
  return { help: helpOf(c), success: true as const, result };
}

const types: Readonly<Record<number, string>> = {
  400: "Validation Error",
  403: "Authorization Error",
  404: "Not Found Error",
  409: "Validation Error",
  422: "Validation Error",
};

/** CKAN says 409 where a parameter is not valid. */
function failed(c: Context<ServerEnv>, thrown: unknown): Response {
  const error = errorOf(thrown instanceof SyntaxError ? notJson(thrown) : thrown);
  const status = statusOf(error);
  if (status >= 500) return answerError(error, c, () => {});
  const type = types[catalogue[error.code].status] ?? "Validation Error";
  const about = { ...error.toJSON(), __type: type };
  return c.json(
    { help: helpOf(c), success: false, error: about },
    status === 404 || status === 403 ? status : 409,
  );
}

function notJson(error: SyntaxError): AirCanError {
  return new AirCanError("usage-error", `The request's body is no JSON: ${error.message}.`, { cause: error });
}

const infoQuery = searchQuery.pick({ id: true, resource_id: true });

function idOf({ resource_id, id }: z.output<typeof infoQuery>): string {
  const found = resource_id ?? id;
  if (found !== undefined) return found;
  throw new AirCanError("params-error", "resource_id is missing.", { where: { param: "resource_id" } });
}

function searchOf({ id, ...query }: z.output<typeof searchQuery>): SearchQuery {
  const given = Object.entries({ ...query, q: wordsOf(query.q) }).filter(([, value]) => value !== undefined);
  // what is there has been read in the shape of a search query
  return { ...Object.fromEntries(given), resource_id: idOf({ ...query, id }) } as SearchQuery;
}

/** In an address the words by column stand as JSON. */
function wordsOf(q: z.output<typeof searchQuery>["q"]): SearchQuery["q"] {
  if (typeof q !== "string" || !q.trimStart().startsWith("{")) return q;
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(q));
  } catch {
    return q;
  }
}

const json = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });

function documentOf(summary: string, query: z.ZodObject, answer: z.ZodType) {
  return {
    summary,
    query,
    responses: {
      200: { description: "The answer in CKAN's shape.", content: json(answer) },
      default: { description: "What went wrong, in CKAN's shape.", content: json(actionFailure) },
    },
  };
}
type ActionDocument = ReturnType<typeof documentOf>;

const searchDocument = documentOf(
  "Rows of a loaded table",
  searchQuery,
  actionAnswer(datastoreSearch, "DatastoreSearchAnswer"),
);
const infoDocument = documentOf(
  "What is known of a loaded table",
  infoQuery,
  actionAnswer(datastoreInfo, "DatastoreInfoAnswer"),
);

const dump = createRoute({
  ...allows("read"),
  method: "get",
  path: "/datastore/dump/{id}",
  tags: ["DataStore"],
  summary: "A whole loaded table as a file",
  request: {
    params: z.object({ id: z.string() }),
    query: z.object({ format: z.enum(["csv", "json", "parquet"]).default("csv") }),
  },
  responses: sends("The file.", "application/octet-stream"),
});
