import { dirname, resolve } from "node:path";
import { AirCanError, toAirCanError } from "../base/errors.ts";
import type { Report } from "../checks/report.ts";
import type { TaskBody, TaskContext, TaskResult } from "../factory/task.ts";
import type { Flow, FlowOptions, FlowResult } from "../flow/flow.ts";
import { isPlainObject } from "../flow/step.ts";
import { flowFromSpec, processors } from "../index.ts";
import type { Fetching } from "../reading/options.ts";
import { readDatastore } from "../sql/datastore-dump.ts";
import { countText } from "./cell-text.ts";
import { reportOfFailure, reportOfFlow } from "./flow-report.ts";
import { taskRegistry } from "./task-registry.ts";

export interface FlowTaskParts {
  readonly allowPrivate: boolean | readonly string[];
  /** Folders of this machine whose files any flow may read. */
  readonly allowLocal: readonly string[];
  readonly fetching?: Fetching;
}

/**
 * The kind `flow`: config (or else the conf) `{flow: [...]}`. What it writes lies below the
 * task's address. The flow of an operator's DAG file reads relative to that file, and may read anything.
 */
export function flowTask(parts: FlowTaskParts): TaskBody {
  return async (context) => {
    const home = context.file === null ? undefined : dirname(context.file);
    const run = localPath(context, `${context.dag}/${context.run}`);
    const registry = taskRegistry(processors, {
      sources: home ?? run,
      allowed: home === undefined ? [run, ...parts.allowLocal] : undefined,
    });
    const steps = await resolved(context.config.flow ?? context.conf.flow, context);
    const flow = flowFromSpec({ flow: steps }, { params: context.conf, registry });
    return runFlow(flow, context, { ...parts, trusted: home !== undefined });
  };
}

/** Runs a flow in a task's own folder, and says what it did and wrote. */
export async function runFlow(
  flow: Flow,
  context: TaskContext,
  { allowPrivate, fetching, trusted }: Pick<FlowOptions, "allowPrivate" | "fetching"> & { trusted: boolean },
): Promise<TaskResult> {
  const started = performance.now();
  const options: FlowOptions = {
    folder: localPath(context, context.address),
    trusted,
    ...(allowPrivate === undefined ? {} : { allowPrivate }),
    ...(fetching ? { fetching } : {}),
    params: context.conf,
    signal: context.signal,
    secret: context.secret,
    datastore: (name, temporaryFolder) => readDatastore(context.databaseUrl, name, temporaryFolder),
    onProgress: ({ rows, fraction }) => context.progress({ rows, fraction: fraction ?? null }),
  };
  const result = await flow.run(options).catch(async (error: unknown) => {
    const seconds = (performance.now() - started) / 1_000;
    await writeReport(context, reportOfFailure(toAirCanError(error), seconds));
    throw error;
  });
  await writeReport(context, reportOfFlow(result));
  return resultOf(result, await outputsOf(context, result));
}

async function writeReport({ storage, address }: TaskContext, report: Report | undefined): Promise<void> {
  if (report) await storage.write(`${address}report.json`, JSON.stringify(report));
}

function resultOf({ stats, errors }: FlowResult, outputs: Outputs): TaskResult {
  const names = Object.entries(stats.resources).map(
    ([name, { rows }]) => `${countText(rows)} ${rows === 1 ? "row" : "rows"} of ${name}`,
  );
  const bad = errors.length > 0 ? `, ${errors.length} errors` : "";
  return {
    stats: { ...stats, errors: errors.length },
    outputs,
    summary: `${names.join(", ") || "no rows"}${bad}`,
  };
}

type Outputs = NonNullable<TaskResult["outputs"]>;

/** The files below the task's address. */
async function outputsOf({ storage, address }: TaskContext, { stats }: FlowResult): Promise<Outputs> {
  const found: Outputs[number][] = [];
  for await (const file of storage.list(address)) {
    const name = file.address.slice(address.length);
    if (name.split("/").some((part) => part.startsWith("."))) continue;
    const [stem = "", extension = ""] =
      name
        .split("/")
        .at(-1)
        ?.split(/\.(?=[^.]*$)/) ?? [];
    const rows = extension === "json" && stem === "datapackage" ? undefined : stats.resources[stem]?.rows;
    found.push({ name, format: extension, bytes: file.bytes, ...(rows === undefined ? {} : { rows }) });
  }
  return found;
}

/** The spec with secrets in place of their names, and folders in place of `{{ upstream.TASK }}`. */
async function resolved(value: unknown, context: TaskContext): Promise<unknown> {
  if (typeof value === "string") return resolvedText(value, context);
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolved(item, context)));
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await resolved(item, context)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function resolvedText(text: string, context: TaskContext): Promise<string> {
  if (text.startsWith("secret://")) return context.secret(text);
  return text
    .replace(/\{\{\s*map_index\s*\}\}/g, String(context.mapIndex ?? ""))
    .replace(/\{\{\s*upstream\.([A-Za-z0-9_.-]+)\s*\}\}/g, (_, name: string) => {
      const address = context.upstream[name];
      if (address !== undefined) return localPath(context, address);
      const known = Object.keys(context.upstream).join(", ") || "none";
      throw new AirCanError("dag-error", `The flow names the upstream task "${name}"; known are: ${known}.`, {
        hint: "Name it under `after`.",
      });
    });
}

function localPath({ storage }: TaskContext, address: string): string {
  const path = storage.localPath(address);
  if (path === undefined)
    throw new AirCanError("storage-error", `Flows need a storage in a folder, not ${storage.root}.`);
  return resolve(path);
}
