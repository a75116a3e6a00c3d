import type { Context } from "hono";
import { z } from "zod";
import { AirCanError, messageOf } from "../../base/errors.ts";
import { checklistOf } from "../../checks/checklist.ts";
import { newRunId } from "../../factory/starts.ts";
import { validationFields } from "../../factory/validation/options.ts";
import { acceptedRun, accepts, answers } from "../answers.ts";
import { allows } from "../auth.ts";
import { type LoadForm, loadForm, loadRequest, type RunAccepted, runAccepted } from "../contract.ts";
import { nameOfFile } from "../name-of-file.ts";
import { createRoutes, readAs, type ServerEnv, type ServerParts } from "../parts.ts";
import { reportOf } from "../reports.ts";
import { runRequest } from "../run-request.ts";
import { receiveUpload, tooLarge } from "../upload.ts";
import {
  type RunValidated,
  runValidated,
  type ValidateForm,
  validateForm,
  validateRequest,
  waitQuery,
} from "../validation-contract.ts";
import { waitForRun } from "../wait-for-run.ts";

/** Files and URLs go in: to be loaded into a table, or only to be checked. */
export function loadRoutes(parts: ServerParts) {
  const app = createRoutes();
  // documented only: the bodies are read by `receive`, which streams a form
  for (const { middleware: _, ...route } of [load, validate]) app.openAPIRegistry.registerPath(route);
  app.post(load.path, load.middleware, async (c) => {
    const sent = await receive(c, parts, { dag: "load", request: loadRequest, form: loadForm });
    return c.json(await start(c, parts, { dag: "load", conf: loadConf(sent), sent }), 202);
  });
  app.post(validate.path, validate.middleware, async (c) => {
    const { wait } = readAs(waitQuery, c.req.query());
    const sent = await receive(c, parts, { dag: "validate", request: validateRequest, form: validateForm });
    await refuseUnlessSettings(sent);
    const accepted = await start(c, parts, { dag: "validate", conf: validateConf(sent), sent });
    const verdict = wait === undefined ? undefined : await verdictWithin(c, parts, { accepted, wait });
    return verdict === undefined ? c.json(accepted, 202) : c.json(verdict, 200);
  });
  return app;
}

interface Waiting {
  readonly accepted: RunAccepted;
  /** Seconds. */
  readonly wait: number;
}

/** What a validation found, for a caller who waits for it; undefined if it takes longer. */
async function verdictWithin(
  c: Context<ServerEnv>,
  { factory }: ServerParts,
  { accepted, wait }: Waiting,
): Promise<RunValidated | undefined> {
  const { signal } = c.req.raw;
  const run = await waitForRun(factory, accepted.run_id, { seconds: wait, signal });
  if (run.ended === null) return undefined;
  const report = await reportOf(factory, run.id).catch(() => null);
  return { ...accepted, status: run.status, valid: report?.valid ?? null, report };
}

/** What a request sent: the source, as the conf's `path`, and the fields beside it. */
interface Sent<Fields> {
  readonly path: string;
  /** What the source is called, for a name where none is given. */
  readonly source: string;
  readonly fields: Fields;
  readonly runId: string;
  /** Takes an upload away again. */
  readonly remove: () => Promise<void>;
}

interface Wanted<Fields> {
  readonly dag: string;
  readonly request: z.ZodType<Fields & { url: string }>;
  readonly form: z.ZodType<Fields>;
}

async function receive<Fields extends { run_id?: string | undefined }>(
  c: Context<ServerEnv>,
  parts: ServerParts,
  wanted: Wanted<Fields>,
): Promise<Sent<Fields>> {
  if (!c.req.header("content-type")?.startsWith("multipart/form-data")) {
    const fields = readAs(wanted.request, await readJson(c));
    requireRemote(fields.url);
    const runId = fields.run_id ?? newRunId();
    return { path: fields.url, source: fields.url, fields, runId, remove: async () => {} };
  }
  // more than a form's other fields may take, so it cannot fit
  if (Number(c.req.header("content-length") ?? 0) > parts.maxUpload + 10 * 1024 ** 2)
    throw tooLarge(parts.maxUpload);
  const runId = newRunId();
  const { storage } = parts.factory;
  const upload = await receiveUpload(c, {
    storage,
    folder: `${wanted.dag}/${runId}`,
    maxBytes: parts.maxUpload,
  });
  try {
    const fields = readAs(wanted.form, upload.fields);
    return { path: upload.file.address, source: upload.name, fields, runId, remove: upload.remove };
  } catch (error) {
    await upload.remove();
    throw error;
  }
}

async function readJson(c: Context<ServerEnv>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    throw new AirCanError("usage-error", `The request's body is no JSON: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** Files of other machines only: what lies on the server or in its databases is not the caller's. */
function requireRemote(url: string): void {
  const parsed = /^(https?|s3|gs|ftps?):\/\//i.test(url) ? URL.parse(url) : null;
  if (parsed?.username || parsed?.password)
    throw new AirCanError(
      "usage-error",
      "The url holds a password, which everyone who sees the run could read.",
      {
        hint: "Use an address without one, or upload the file.",
        where: { param: "url" },
      },
    );
  if (parsed) return;
  throw new AirCanError("unsafe-path", `"${url}" is no http(s), s3, gs or ftp(s) address.`, {
    hint: "Give such an address, or upload the file as multipart/form-data.",
    where: { param: "url" },
  });
}

interface Start {
  readonly dag: string;
  readonly conf: Readonly<Record<string, unknown>>;
  readonly sent: Sent<LoadForm | ValidateForm>;
}

async function start(c: Context<ServerEnv>, { factory }: ServerParts, { dag, conf, sent }: Start) {
  const { fields, runId, remove } = sent;
  // loads of one table wait for each other
  const resource = fields.resource ?? (dag === "load" ? resourceOf(sent).name : undefined);
  try {
    const { run, created } = await factory.startRun({
      ...runRequest({ ...fields, run_id: fields.run_id ?? runId }, c.var.caller),
      ...(resource === undefined ? {} : { resource }),
      dag,
      conf,
    });
    // a known key: the run of the first request has its own upload
    if (!created) await remove();
    return acceptedRun(run, c);
  } catch (error) {
    await remove();
    throw error;
  }
}

function resourceOf({ path, source, fields }: Sent<LoadForm | ValidateForm>) {
  const { name = nameOfFile(source), schema, dialect, encoding, format } = fields;
  const facts = { schema, dialect, encoding, format };
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { name, path, ...Object.fromEntries(given) };
}

function checkConf(sent: Sent<LoadForm | ValidateForm>) {
  const resource = resourceOf(sent);
  return { resource, name: resource.name };
}

/** A checklist that cannot be followed is refused at once. */
async function refuseUnlessSettings({ fields, remove }: Sent<ValidateForm>): Promise<void> {
  try {
    if (fields.checks !== undefined) checklistOf(fields.checks);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** How it is tested stands beside the resource, in the words of the task. */
function validateConf(sent: Sent<ValidateForm>) {
  const told = Object.entries(sent.fields).filter(
    ([name, value]) => value !== undefined && name in validationFields && !(name in resourceOf(sent)),
  );
  return { ...checkConf(sent), ...Object.fromEntries(told) };
}

function loadConf(sent: Sent<LoadForm>) {
  const { mode, key, on_error } = sent.fields;
  return {
    ...checkConf(sent),
    mode,
    ...(key === undefined ? {} : { key }),
    ...(on_error === undefined ? {} : { on_error }),
  };
}

const tags = ["One shot"];
const description = "Either JSON with the `url`, or a form with the file in the part `file`.";

const load = {
  ...allows("run"),
  method: "post",
  path: "/api/load",
  tags,
  summary: "Load a file or URL into a table of the DataStore",
  description,
  request: eitherBody(loadRequest, loadForm),
  responses: accepts("The run that loads it.", runAccepted),
} as const;

const validate = {
  ...allows("run"),
  method: "post",
  path: "/api/validate",
  tags,
  summary: "Check a file or URL; the run's report says what was found",
  description,
  request: { ...eitherBody(validateRequest, validateForm), query: waitQuery },
  responses: {
    ...answers("What was found, for who waits.", runValidated),
    ...accepts("The run that checks it.", runAccepted),
  },
} as const;

/** JSON, or the same fields as a form with the file beside them. */
function eitherBody(json: z.ZodType, form: z.ZodObject) {
  const file = z.string().meta({ format: "binary", description: "The file; its name gives the table's." });
  const content = {
    "application/json": { schema: json },
    "multipart/form-data": { schema: form.extend({ file }) },
  };
  return { body: { required: true, content } };
}
