import { text } from "node:stream/consumers";
import { AirCanError } from "../../base/errors.ts";
import type { Report } from "../../checks/report.ts";
import type { TaskContext, TaskResult } from "../task.ts";

/** What a validation was of, and how it ended: `state.json` beside its report. */
interface State {
  /** Of the source and of all settings. */
  readonly version: string;
  /** The run that tested it. */
  readonly run: string;
  readonly result: TaskResult;
}

/** What stands for a validation that need not be made again. */
const kept = ["report.json", "profile.json", "state.json"];

/** Leaves what was tested, so that the next run over the same data need not test it again. */
export async function remember(context: TaskContext, version: string, result: TaskResult): Promise<void> {
  const state: State = { version, run: context.run, result };
  await context.storage.write(`${context.address}state.json`, JSON.stringify(state));
}

/** The result of the run before if it was of the same version; its files are brought to this task. */
export async function recall(context: TaskContext, version: string): Promise<TaskResult | undefined> {
  const [address] = context.before;
  const state = address === undefined ? undefined : await readJson<State>(context, `${address}state.json`);
  if (state?.version !== version || !(await context.storage.stat(`${address}report.json`))) return undefined;
  for (const name of kept) await copy(context, `${address}${name}`, `${context.address}${name}`);
  const { summary = "", outputs = [], ...result } = state.result;
  return {
    ...result,
    outputs: outputs.filter(({ name }) => kept.includes(name)),
    stats: { ...result.stats, unchanged_since: state.run },
    summary: `Unchanged since run ${state.run}: ${summary}`,
  };
}

/** The last report over the same data; undefined if there is none. */
export async function reportBefore(context: TaskContext): Promise<Report | undefined> {
  for (const address of context.before) {
    const report = await readJson<Report>(context, `${address}report.json`);
    if (report) return report;
  }
  return undefined;
}

/** A file of another run; undefined if it is not there. */
async function readJson<Content>({ storage }: TaskContext, address: string): Promise<Content | undefined> {
  try {
    // written by a task of the same kind in this shape
    return JSON.parse(await text(await storage.read(address))) as Content;
  } catch (error) {
    if (error instanceof AirCanError && error.code === "not-found") return undefined;
    throw error;
  }
}

async function copy({ storage, signal }: TaskContext, from: string, to: string): Promise<void> {
  if (await storage.stat(from)) await storage.write(to, await storage.read(from), signal);
}
