import { execFile } from "node:child_process";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AirCanError, type ErrorObject, messageOf } from "../base/errors.ts";
import { dagOfSpec } from "../factory/dag-spec.ts";
import type { DagOfFile } from "../factory/define-dag.ts";
import { fromObject } from "../factory/run-tasks.ts";
import { readSchedule, readTriggers } from "../factory/schedule-spec.ts";
import type { DagDefinition } from "../factory/task.ts";
import { readSpecFile } from "../flow/spec.ts";

const execute = promisify(execFile);
const patience = 30_000;
const reader = fileURLToPath(new URL(`./dag-module-process${extname(import.meta.url)}`, import.meta.url));

/** What a process that reads a DAG file says on its standard output, as its last line. */
export type DagModuleAnswer = { readonly dag: DagDefinition } | { readonly error: ErrorObject };

/**
 * The DAGs of a file of the operator: YAML, JSON, TypeScript or JavaScript. A module's code runs in a process of its own, so that
 * it can neither harm the factory nor stay in its memory.
 *
 * @throws AirCanError `scheme-error`, `config-error` with line and column, `dag-error`.
 */
export async function loadDagFile(path: string): Promise<readonly DagDefinition[]> {
  const file = resolve(path);
  if (/\.(ya?ml|json)$/i.test(file)) return [{ ...dagOfSpec(await readSpecFile(file)), file }];
  return [await readModule(file)];
}

async function readModule(file: string): Promise<DagDefinition> {
  const { stdout } = await execute(process.execPath, [reader, file], {
    timeout: patience,
    killSignal: "SIGKILL",
    maxBuffer: 16 * 1024 ** 2,
  }).catch((error: unknown) => {
    throw new AirCanError("dag-error", `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  // The last line is written by our own dag-module-process.
  const answer = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as DagModuleAnswer;
  if ("error" in answer) throw fromObject(answer.error);
  return answer.dag;
}

/** A DAG of a module as a definition: its tasks name only the file, where their code is. */
export function definitionOf({ dag, settings, tasks }: DagOfFile, file: string): DagDefinition {
  const { schedule, triggers, ...facts } = settings;
  const entries = tasks.map(({ id, settings }) => [id, { ...settings, kind: "module" }]);
  return {
    ...facts,
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
    ...(triggers === undefined ? {} : { triggers: readTriggers(triggers) }),
    dag,
    tasks: Object.fromEntries(entries),
    file,
  };
}
