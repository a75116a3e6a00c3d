import { text } from "node:stream/consumers";
import { AirCanError } from "../../base/errors.ts";
import { hashJson } from "../../base/hash.ts";
import type { TaskContext, TaskResult } from "../task.ts";

/** What the last validation of a source was of, and how it ended. */
interface Remembered {
  /** Of the source and of all settings. */
  readonly version: string;
  readonly run: string;
  /** Where its files are. */
  readonly address: string;
  readonly result: TaskResult;
}

export interface Memory {
  /** The result of the last validation if it was of the same version; its files are brought to this task. */
  readonly recall: (version: string) => Promise<TaskResult | undefined>;
  readonly remember: (version: string, result: TaskResult) => Promise<void>;
}

const kept = ["report.json", "profile.json"];

/** What is remembered of a subject (its name and sources) from run to run of one DAG, in the storage. */
export function openMemory(context: TaskContext, subject: unknown): Memory {
  const { storage, dag, task } = context;
  const place = `${dag}/.memory/${task}-${hashJson(subject).slice(0, 32)}.json`;
  return {
    recall: async (version) => {
      const last = await read(context, place);
      if (last?.version !== version) return undefined;
      const report = await storage.stat(`${last.address}report.json`);
      if (!report) return undefined;
      for (const name of kept) await copy(context, `${last.address}${name}`, `${context.address}${name}`);
      const { summary = "", outputs = [] } = last.result;
      return {
        ...last.result,
        outputs: outputs.filter(({ name }) => kept.includes(name)),
        stats: { ...last.result.stats, unchanged_since: last.run },
        summary: `Unchanged since run ${last.run}: ${summary}`,
      };
    },
    remember: async (version, result) => {
      const { run, address } = context;
      await storage.write(place, JSON.stringify({ version, run, address, result } satisfies Remembered));
    },
  };
}

async function read({ storage }: TaskContext, place: string): Promise<Remembered | undefined> {
  try {
    // written by `remember`
    return JSON.parse(await text(await storage.read(place))) as Remembered;
  } catch (error) {
    if (error instanceof AirCanError && error.code === "not-found") return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function copy({ storage, signal }: TaskContext, from: string, to: string): Promise<void> {
  if (await storage.stat(from)) await storage.write(to, await storage.read(from), signal);
}
