import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AirCanError } from "../base/errors.ts";
import { hashFile } from "../base/hash.ts";
import type { Factory } from "../factory/factory.ts";
import type { Run } from "../factory/model.ts";

const shipped = (name: string): string => fileURLToPath(new URL(`../../sample/${name}`, import.meta.url));

/** The dataset of the shipped sample, and its table. */
export const sample = { dataset: "sample/earthquakes", table: "earthquakes", file: "earthquakes.csv" };

/**
 * Loads the shipped sample by a real run, once for each content of the file; gives the run, new or known.
 *
 * @throws AirCanError `source-error` if the file is not there.
 */
export async function startSample(factory: Factory): Promise<Run> {
  const path = shipped(sample.file);
  const hash = await hashFile(path).catch((error: unknown) => {
    throw new AirCanError("source-error", `The sample ${path} cannot be read.`, { cause: error });
  });
  const runId = `sample-${hash.slice(0, 8)}`;
  const known = await knownRun(factory, runId);
  if (known) return mended(factory, known);
  const address = `load/${runId}/upload/${sample.file}`;
  await factory.storage.write(address, createReadStream(path));
  const schema: unknown = JSON.parse(await readFile(shipped("earthquakes.schema.json"), "utf8"));
  const { run } = await factory.startRun({
    dag: "load",
    runId,
    dataset: sample.dataset,
    resource: sample.table,
    user: "aircan",
    trigger: "manual",
    note: "The sample that comes with AirCan: earthquakes of a week, with a few bad cells.",
    conf: {
      resource: { name: sample.table, path: address, schema },
      name: sample.table,
      on_error: "report",
    },
  });
  return run;
}

/** A run that failed before, as where it was killed with the disk full, is tried again. */
async function mended(factory: Factory, run: Run): Promise<Run> {
  return run.status === "FAILED" || run.status === "CANCELLED" ? factory.retryRun(run.id) : run;
}

async function knownRun(factory: Factory, id: string): Promise<Run | undefined> {
  return factory.showRun(id).catch((error: unknown) => {
    if (error instanceof AirCanError && error.code === "not-found") return undefined;
    throw error;
  });
}

/** The run in its end, or as it is when the signal aborts. */
export async function untilOver(factory: Factory, id: string, signal: AbortSignal): Promise<Run> {
  const isOver = ({ status }: Run) => status !== "WAITING" && status !== "RUNNING";
  const before = await factory.showRun(id);
  if (isOver(before)) return before;
  for await (const event of factory.subscribe({ run: id, after: 0, signal })) {
    if (event.type === "run.ended" && isOver(await factory.showRun(id))) break;
  }
  return factory.showRun(id);
}

/** What to say of the sample's run: addresses, and what to try next. */
export function sampleSaid(run: Run, url: string) {
  const page = `${url}/@${sample.dataset}/actions/runs/${encodeURIComponent(run.id)}`;
  const table = `${page}?tab=table`;
  const rows = `${url}/api/3/action/datastore_search?resource_id=${sample.table}&limit=5`;
  const document = { run_id: run.id, status: run.status, summary: run.summary, url: page, table, rows };
  const lines = [
    "",
    `Sample: ${run.status === "DONE" ? "" : `${run.status}, `}${run.summary}`,
    `  its run    ${page}`,
    `  its table  ${table}`,
    `  as JSON    ${rows}`,
    "",
    "Try next:",
    `  open ${url} and drop a CSV file on the page`,
    `  curl -F name=cities -F file=@cities.csv ${url}/api/load`,
    `  ${command()} runs list`,
    `  ${command()} show datastore://${sample.table}`,
    `  the API is described at ${url}/api/docs`,
    "",
  ];
  return { document, lines };
}

/** How the person who started this calls AirCan: npm says in the environment how it was called itself. */
function command(): string {
  if (process.env.npm_lifecycle_event === "start") return "npm run -s aircan --";
  return process.env.npm_command === "exec" ? "npx aircan" : "aircan";
}
