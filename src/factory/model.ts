import { z } from "zod";

/** The shapes of the factory that users see; everything else (API, UI, CLI) takes its types from here. */

export const jobStatus = z.enum(["WAITING", "RUNNING", "DONE", "FAILED", "CANCELLED"]);
export type JobStatus = z.output<typeof jobStatus>;

/** A run has the states of its job. */
export const runStatus = jobStatus;
export type RunStatus = JobStatus;

/** SKIPPED: something before it failed or was cancelled. RETRYING: failed, another try is due. */
export const taskStatus = z.enum([
  "WAITING",
  "QUEUED",
  "RUNNING",
  "RETRYING",
  "DONE",
  "FAILED",
  "SKIPPED",
  "CANCELLED",
]);
export type TaskStatus = z.output<typeof taskStatus>;

export const errorObject = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    kind: z.enum(["config", "data", "io", "bug"]),
    where: z.record(z.string(), z.unknown()),
    cause: z.string().optional(),
    docs: z.string(),
    details: z.unknown().optional(),
  })
  .meta({ id: "Error" });

const instant = z.iso.datetime();

export const task = z
  .object({
    id: z.string().describe("Name in the DAG."),
    title: z.string(),
    after: z.array(z.string()),
    map_index: z.number().int().nullable(),
    status: taskStatus,
    try: z.number().int().describe("Number of the present or last try, from 1; 0 before the first."),
    max_tries: z.number().int(),
    started: instant.nullable(),
    ended: instant.nullable(),
    seconds: z.number().nullable(),
    address: z.string().describe("Where its outputs are: `<dag>/<run>/<task>/`."),
    stats: z.record(z.string(), z.unknown()).describe("rows, bytes, errors and what else the task counted."),
    progress: z.object({ rows: z.number(), fraction: z.number().nullable() }).nullable(),
    error: errorObject.nullable(),
  })
  .meta({ id: "Task" });
export type Task = z.output<typeof task>;

export const output = z
  .object({
    task: z.string(),
    name: z.string(),
    address: z.string(),
    format: z.string().nullable(),
    rows: z.number().nullable(),
    bytes: z.number().nullable(),
    hash: z.string().nullable(),
  })
  .meta({ id: "Output" });
export type Output = z.output<typeof output>;

export const run = z
  .object({
    id: z.string(),
    dag: z.string(),
    job_id: z.string(),
    job_type: z.string(),
    status: runStatus,
    attempt: z.number().int().describe("1, and one more for each retry of the run."),
    trigger: z.enum(["manual", "api", "schedule", "event", "retry"]),
    dataset: z.string().nullable().describe("`org/dataset`"),
    resource: z.string().nullable(),
    user: z.string().nullable(),
    note: z.string().nullable(),
    conf: z.record(z.string(), z.unknown()).describe("As given, without secrets."),
    created: instant,
    started: instant.nullable(),
    ended: instant.nullable(),
    seconds: z.number().nullable(),
    tasks: z.object({ total: z.number(), done: z.number(), failed: z.number(), running: z.number() }),
    summary: z.string().describe("One sentence: what happened."),
    error: errorObject.nullable(),
  })
  .meta({ id: "Run" });
export type Run = z.output<typeof run>;

export const dataset = z
  .object({ id: z.string().describe("`org/dataset`"), last_run: run })
  .meta({ id: "Dataset", description: "What runs were for." });
export type Dataset = z.output<typeof dataset>;

export const job = z
  .object({
    id: z.string(),
    factory_id: z.string().describe("The run."),
    job_type: z.string().describe("LOAD, VALIDATE, HARVEST, BUILD, FLOW …"),
    created: instant,
    updated: instant,
    dataset: z.string().nullable(),
    resource: z.string().nullable(),
    user: z.string().nullable(),
    status: jobStatus,
    info: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Job" });
export type Job = z.output<typeof job>;

/** One thing that happened to a run; the state of a run is a fold over these. */
export const runEvent = z
  .object({
    id: z.number().int().describe("Grows within the factory; the SSE id."),
    run_id: z.string(),
    type: z
      .string()
      .describe(
        "run.created, run.started, run.ended, task.queued, task.started, task.progress, task.ended, …",
      ),
    task: z.string().nullable(),
    time: instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "RunEvent" });
export type RunEvent = z.output<typeof runEvent>;

export const logLine = z
  .object({
    id: z.number().int(),
    task: z.string(),
    try: z.number().int(),
    time: instant,
    level: z.enum(["debug", "info", "warning", "error"]),
    message: z.string(),
  })
  .meta({ id: "LogLine" });
export type LogLine = z.output<typeof logLine>;

export const schedule = z
  .object({
    id: z.string(),
    dag: z.string(),
    source: z.enum(["dag", "api"]).describe("Of the DAG's own text, or set by the API."),
    cron: z.string(),
    timezone: z.string(),
    catchup: z.boolean(),
    conf: z.record(z.string(), z.unknown()),
    dataset: z.string().nullable(),
    resource: z.string().nullable(),
    paused: z.boolean(),
    next: instant.nullable().describe("When it starts a run next; null while it or its DAG is paused."),
    last_run: z.string().nullable(),
    last_error: z.string().nullable().describe("Why its last run could not be started."),
  })
  .meta({ id: "Schedule" });
export type Schedule = z.output<typeof schedule>;

export const dag = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    source: z.string().describe("`built-in`, `api`, or the file it came from."),
    hash: z.string(),
    paused: z.boolean(),
    params: z.record(z.string(), z.unknown()).describe("JSON Schema per parameter."),
    tasks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        after: z.array(z.string()),
        retries: z.number(),
        timeout: z.string().nullable(),
      }),
    ),
    schedules: z.array(schedule).readonly(),
    triggers: z
      .array(z.object({ event: z.string(), match: z.record(z.string(), z.unknown()) }))
      .describe("Events that start it."),
    import_error: errorObject
      .nullable()
      .describe("Why its newest text was not taken; the last good version stands."),
    updated: instant,
    last_run: run.nullable(),
  })
  .meta({ id: "Dag" });
export type Dag = z.output<typeof dag>;
