import { dirname } from "node:path";
import { AirCanError } from "../base/errors.ts";
import { type DagOfFile, isDagOfFile } from "../factory/define-dag.ts";
import type { TaskBody } from "../factory/task.ts";
import { type Flow, isFlow } from "../flow/flow.ts";
import { flow } from "../index.ts";
import { importFile } from "./flow-file.ts";
import { type FlowTaskParts, runFlow } from "./flow-task.ts";
import { taskRegistry } from "./task-registry.ts";

/** The kind `module`: a task of a TypeScript DAG file, which is imported again where it runs. */
export function moduleTask(parts: FlowTaskParts): TaskBody {
  return async (context) => {
    const path = context.file ?? "";
    const found = (await readDagModule(path)).tasks.find(({ id }) => id === context.task);
    if (!found)
      throw new AirCanError("dag-error", `${path} has no task "${context.task}" any more.`, {
        hint: "Start a new run: the file was changed after this one began.",
      });
    if (isFlow(found.work))
      return runFlow(readingBeside(found.work, path), context, { ...parts, trusted: true });
    if (typeof found.work === "function") return (await found.work(context)) ?? {};
    throw new AirCanError("dag-error", `Task "${context.task}" of ${path} is neither a flow nor a function.`);
  };
}

/** The flow, with relative paths of sources relative to the DAG's file. */
function readingBeside(work: Flow, file: string): Flow {
  const folders = { sources: dirname(file), allowed: undefined };
  const steps = work.steps.map(({ step }) => {
    const { name } = step.definition;
    return { ...step, definition: taskRegistry({ [name]: step.definition }, folders)[name] };
  });
  return flow(...steps);
}

/** The DAG that a TypeScript or JavaScript file exports. Runs the file's code. */
export async function readDagModule(path: string): Promise<DagOfFile> {
  const exports = await importFile(path);
  const found = Object.values(exports).find(isDagOfFile);
  if (found) return found;
  throw new AirCanError("dag-error", `${path} exports no DAG.`, {
    hint: "Write `export default dag(…)`, with `dag` from aircan/factory.",
    where: { file: path },
  });
}
