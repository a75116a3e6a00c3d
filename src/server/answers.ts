import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { catalogue } from "../base/catalogue.ts";
import { AirCanError, toAirCanError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Run } from "../factory/model.ts";
import { errorObject, type RunAccepted } from "./contract.ts";
import type { ServerEnv } from "./parts.ts";

const json = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });

const failure = { description: "What went wrong, with a fitting status.", content: json(errorObject) };

/** The answers of a route that gives JSON: the one it is for, and the error object. */
export function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 200: { description, content: json(schema) }, default: failure };
}

/** The same for a route that accepts work: 202. */
export function accepts<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 202: { description, content: json(schema) }, default: failure };
}

/** The same for a route that, asked so, streams instead. */
export function answersOrStreams<Schema extends z.ZodType>(description: string, schema: Schema) {
  const streams = { "text/event-stream": {}, "text/plain": {} };
  return { 200: { description, content: { ...json(schema), ...streams } }, default: failure };
}

/** The same for a route that, asked so, sends a file instead. */
export function answersOrFile<Schema extends z.ZodType>(description: string, schema: Schema) {
  return {
    200: { description, content: { ...json(schema), "application/octet-stream": {} } },
    default: failure,
  };
}

/** The answers of a route that sends a file or a stream. */
export function sends(description: string, mediatype: string) {
  return { 200: { description, content: { [mediatype]: {} } }, default: failure };
}

/** A JSON body that must be there. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: json(schema) } };
}

/** A JSON body that may be left out. */
export function optionalBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: json(schema) } };
}

/** What was thrown, as an AirCanError. What Hono throws is about the request. */
export function errorOf(thrown: unknown): AirCanError {
  if (!(thrown instanceof HTTPException)) return toAirCanError(thrown);
  const code = thrown.status === 413 ? "too-large" : "usage-error";
  return new AirCanError(code, `${thrown.message.replace(/\.$/, "")}.`, { cause: thrown.cause });
}

/** The HTTP status of an error. */
export function statusOf(error: AirCanError): ContentfulStatusCode {
  return catalogue[error.code].status as ContentfulStatusCode; // 499 is not in Hono's list
}

/** Answers with the error object; what is a fault of ours is logged too. */
export function answerError(thrown: unknown, c: Context<ServerEnv>, log: Log): Response {
  const error = errorOf(thrown);
  if (error.kind === "bug")
    log("error", `${c.req.method} ${c.req.path} failed: ${error.message}`, {
      stack: thrown instanceof Error ? thrown.stack : undefined,
    });
  return c.json(error, statusOf(error));
}

/** The page of a run, with the origin that was asked. */
export function pageOfRun(run: Pick<Run, "id" | "dataset">, c: Context<ServerEnv>): string {
  const id = encodeURIComponent(run.id);
  const path =
    run.dataset === null
      ? `/runs/${id}`
      : `/@${run.dataset.split("/").map(encodeURIComponent).join("/")}/actions/runs/${id}`;
  return new URL(path, c.req.url).href;
}

/** What a call that started (or found) a run says. */
export function acceptedRun(run: Run, c: Context<ServerEnv>): RunAccepted {
  c.header("location", `/api/runs/${encodeURIComponent(run.id)}`);
  return { run_id: run.id, job_id: run.job_id, status: run.status, url: pageOfRun(run, c) };
}

/** A whole list as its only page. */
export function wholeList<Item>(items: readonly Item[]) {
  return { items, next_cursor: null, total: items.length };
}
