import { z } from "zod";
import { reportSchema } from "../checks/report.ts";
import { dag, dataset, errorObject, job, jobStatus, logLine, output, run, task } from "../factory/model.ts";

/**
 * The HTTP API as schemas: what requests hold and what answers look like. Routes, the OpenAPI document and the
 * page take their shapes and types from here; the shapes of the factory itself are in `factory/model.ts`.
 */

export type {
  Dag,
  Dataset,
  Job,
  JobStatus,
  LogLine,
  Output,
  Run,
  RunEvent,
  RunStatus,
  Schedule,
  Task,
  TaskStatus,
} from "../factory/model.ts";
export { dag, errorObject, job, output, run, task };
export type ErrorObject = z.output<typeof errorObject>;

/** The most that a page of a list holds, and what it holds unless told. */
export const pageLimit = { most: 500, usual: 50 } as const;
/** The same for lines of a log. */
export const logLimit = { most: 5000, usual: 1000 } as const;

/** The shape of a page of a list. */
export const listOf = <Item extends z.ZodType>(item: Item, id: string) =>
  z
    .object({
      items: z.array(item).readonly(),
      next_cursor: z.string().nullable().describe("Gives the next page as `cursor`; null on the last."),
      total: z.int().describe("All that match, on every page."),
    })
    .meta({ id });

export const dagList = listOf(dag, "DagList");
export const runList = listOf(run, "RunList");
export const taskList = listOf(task, "TaskList");
export const outputList = listOf(output, "OutputList");
export const jobList = listOf(job, "JobList");
export const datasetList = listOf(dataset, "DatasetList");
/** Lines of a log: not counted, as there may be millions. */
export const logPage = z
  .object({
    items: z.array(logLine).readonly(),
    next_cursor: z
      .string()
      .nullable()
      .describe("Gives the next lines as `cursor`; null if these are the last."),
  })
  .meta({ id: "LogPage" });

/** A page of a list. */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly total: number;
}

const instant = z.iso.datetime({ offset: true });
/** A name or another short text. */
export const text = z.string().min(1).max(1000);
const object = z.record(z.string(), z.unknown());

/** One value, or several with commas between. */
const statuses = z
  .string()
  .transform((value) => value.split(","))
  .pipe(z.array(jobStatus))
  .meta({ type: "string", description: `One or several of ${jobStatus.options.join(", ")}, with commas.` });

const cursor = z.string().max(500).optional().describe("`next_cursor` of the page before.");

/** What lists of runs and jobs are filtered by. */
export const listQuery = z.object({
  dag: text.optional(),
  status: statuses.optional(),
  job_type: text.optional().describe("LOAD, VALIDATE, FLOW …"),
  dataset: text.optional().describe("`org/dataset`"),
  resource: text.optional(),
  user: text.optional(),
  since: instant.optional().describe("Created then or later."),
  until: instant.optional().describe("Created before."),
  q: z.string().max(1000).optional().describe("Text in id, dag, dataset, resource, user or note."),
  limit: z.coerce.number().int().min(1).max(pageLimit.most).default(pageLimit.usual),
  cursor,
});

export const datasetQuery = listQuery.pick({ limit: true, cursor: true }).extend({
  q: z.string().max(1000).optional().describe("Text in the name."),
});

const flag = z.enum(["true", "false", "1", "0", ""]).transform((value) => value !== "false" && value !== "0");

export const logQuery = z.object({
  task: text.optional(),
  try: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(logLimit.most).default(logLimit.usual),
  cursor,
  follow: flag.optional().describe("New lines as they come, as server-sent events (or text), until the end."),
  format: z.enum(["json", "text"]).default("json"),
});

/** What every request that starts a run may say of it. */
export const runFacts = {
  run_id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,199}$/)
    .optional()
    .describe("Chosen by the caller; made up if absent."),
  dataset: text.optional().describe("`org/dataset`"),
  resource: text.optional().describe("Runs for one resource wait for each other."),
  user: text.optional(),
  callback_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Is sent the job whenever it changes."),
  idempotency_key: text.optional().describe("A second request with the same key gives the run of the first."),
  note: z.string().max(10_000).optional(),
};

export const startRequest = z
  .strictObject({ conf: object.optional(), ...runFacts })
  .meta({ id: "StartRequest" });
export type StartRequest = z.output<typeof startRequest>;

export const runAccepted = z
  .object({
    run_id: z.string(),
    job_id: z.string(),
    status: jobStatus,
    url: z.string().describe("The page of the run."),
  })
  .meta({ id: "RunAccepted" });
export type RunAccepted = z.output<typeof runAccepted>;

export const retryRequest = z
  .strictObject({
    tasks: z
      .union([z.enum(["failed", "all"]), z.array(text).min(1)])
      .default("failed")
      .describe("Failed ones, all, or these and what depends on them."),
    conf: object.optional().describe("Instead of the conf so far."),
  })
  .meta({ id: "RetryRequest" });

const names = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? value.split(",").map((name) => name.trim()) : value))
  .pipe(z.array(z.string().min(1)))
  .meta({ description: "Fields, as a list or a text with commas." });

/** An object, or its JSON text (as in a form). */
const objectOrText = z
  .union([object, z.string().transform(parseObject)])
  .meta({ description: "An object, or its JSON text." });

function parseObject(value: string, context: z.RefinementCtx): Record<string, unknown> {
  try {
    return object.parse(JSON.parse(value));
  } catch {
    context.addIssue({ code: "custom", message: "is no JSON object" });
    return z.NEVER;
  }
}

/** How a file is read, as requests say it. */
export const reading = {
  schema: objectOrText.optional().describe("A Table Schema; else types are found out over the whole file."),
  dialect: objectOrText.optional().describe("A Table Dialect; else it is found out."),
  encoding: text.optional(),
  format: text.optional().describe("csv, tsv, json, ndjson, parquet …; else found out."),
};

const loadFields = {
  name: z.string().min(1).max(200).optional().describe("The table; the file's name unless told."),
  mode: z.enum(["replace", "append", "upsert"]).default("replace"),
  key: names.optional().describe("What a row is known by, for upsert."),
  on_error: z
    .enum(["fail", "drop", "clear", "keep", "report"])
    .optional()
    .describe("What happens to bad cells."),
  ...reading,
  ...runFacts,
};

/** Where data comes from. */
export const source = z.string().min(1).max(10_000).describe("An address: http(s), s3, gs or ftp(s).");

export const loadRequest = z.strictObject({ url: source, ...loadFields }).meta({ id: "LoadRequest" });
/** The fields of a multipart upload; the file comes beside them. */
export const loadForm = z.strictObject(loadFields);
export type LoadForm = z.output<typeof loadForm>;

export const flowRequest = z
  .strictObject({
    flow: z
      .array(z.union([z.string(), object]))
      .min(1)
      .describe("Steps: `{processor: config}` each."),
    params: object.optional().describe("Values of `{{ params.name }}` in the flow."),
    ...runFacts,
  })
  .meta({ id: "FlowRequest" });

/** A DAG spec: `dag`, `tasks`, `params` …; the factory checks the rest. */
export const dagSpec = z
  .object({
    dag: text.optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    params: object.optional(),
    tasks: z.record(z.string(), object),
  })
  .loose()
  .meta({ id: "DagSpec" });

export const pauseRequest = z.strictObject({ paused: z.boolean() }).meta({ id: "PauseRequest" });

export const report = reportSchema.meta({ id: "Report" });
export type { Report, ReportError, ReportTask } from "../checks/report.ts";
export type { FieldProfile, Profile, TableProfile } from "../factory/validation/shapes.ts";
export type { CreatedShare, ReportComparison, Share, SharedReport } from "./report-contract.ts";

export const health = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "Health" });

/** Query of `datastore_search` as text; CKAN's clients send JSON in `filters` and `q`. */
export const searchQuery = z.object({
  resource_id: z.string().min(1).optional(),
  id: z.string().min(1).optional().describe("The same as `resource_id`."),
  limit: z.coerce.number().int().min(0).optional().describe("100 unless told, 32,000 at most."),
  offset: z.coerce.number().int().min(0).optional(),
  filters: objectOrText.optional().describe("By column: a value, or a list of which one must be there."),
  sort: z.string().optional().describe("Such as `name desc, age`."),
  fields: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("Columns, with commas."),
  q: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .describe("Words that a row holds."),
  distinct: z.union([z.boolean(), flag]).optional(),
  include_total: z.union([z.boolean(), flag]).optional(),
  records_format: z.enum(["objects", "lists"]).optional(),
});

export const datastoreSearch = z
  .object({
    resource_id: z.string(),
    fields: z.array(z.object({ id: z.string(), type: z.string() })).readonly(),
    records: z.array(z.union([object, z.array(z.unknown())])).readonly(),
    records_format: z.enum(["objects", "lists"]),
    limit: z.int(),
    offset: z.int(),
    include_total: z.boolean(),
    total: z.int().optional(),
    total_was_estimated: z.boolean(),
    _links: z.object({ start: z.string(), next: z.string() }),
  })
  .meta({ id: "DatastoreSearch" });
export type DatastoreSearch = z.output<typeof datastoreSearch>;

export const datastoreInfo = z
  .object({
    meta: z.object({ id: z.string(), count: z.int() }).loose(),
    fields: z.array(z.object({ id: z.string(), type: z.string() }).loose()).readonly(),
    descriptor: object.describe("The resource's descriptor, with the schema as loaded."),
  })
  .meta({ id: "DatastoreInfo" });

/** An answer in the shape of CKAN's action API. */
export const actionAnswer = <Result extends z.ZodType>(result: Result, id: string) =>
  z.object({ help: z.string(), success: z.literal(true), result }).meta({ id });

export const actionFailure = z
  .object({
    help: z.string(),
    success: z.literal(false),
    error: z.object({ __type: z.string(), message: z.string() }).loose(),
  })
  .meta({ id: "ActionFailure" });
