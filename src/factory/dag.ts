import { AirCanError, toAirCanError } from "../base/errors.ts";
import { hashJson } from "../base/hash.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";
import { parseDuration, parseSize } from "./units.ts";

/** Checks one task's kind and config; throws AirCanError. Passed from above, where the kinds are known. */
export type CheckTask = (task: TaskDefinition, id: string) => void;

const names = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** Ids of all tasks that one waits for: those it names, and the one whose list it maps over. */
export function upstreamOf(task: TaskDefinition): readonly string[] {
  const after = task.after ?? [];
  return task.map === undefined || after.includes(task.map) ? after : [...after, task.map];
}

/**
 * The definition, checked: names, upstream tasks, no cycle, durations and sizes, and what `checkTask` knows.
 *
 * @throws AirCanError `dag-error` that names the task and the known values, or what `checkTask` throws.
 */
export function checkDag(definition: DagDefinition, checkTask?: CheckTask): DagDefinition {
  requireName(definition.dag, "DAG");
  const ids = Object.keys(definition.tasks);
  if (ids.length === 0) throw new AirCanError("dag-error", `The DAG "${definition.dag}" has no tasks.`);
  for (const [id, task] of Object.entries(definition.tasks)) {
    requireName(id, "task");
    try {
      checkOne(task, id, ids);
      checkTask?.(task, id);
    } catch (error) {
      throw toAirCanError(error).at({ dag: definition.dag, task: id });
    }
  }
  topologicalOrder(definition);
  return definition;
}

function requireName(name: string, what: string): void {
  if (!names.test(name))
    throw new AirCanError("dag-error", `"${name}" cannot be the name of a ${what}.`, {
      hint: "Use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 100 at most.",
    });
}

function checkOne(task: TaskDefinition, id: string, ids: readonly string[]): void {
  for (const upstream of upstreamOf(task)) {
    if (!ids.includes(upstream))
      throw new AirCanError(
        "dag-error",
        `Task "${id}" comes after "${upstream}", which is no task of this DAG; there are ${ids.join(", ")}.`,
      );
  }
  if (task.timeout !== undefined) parseDuration(task.timeout);
  if (task.memory !== undefined) parseSize(task.memory);
  if (task.retries !== undefined && !(Number.isInteger(task.retries) && task.retries >= 0))
    throw new AirCanError("dag-error", `Task "${id}" has ${task.retries} retries; it must be 0, 1, 2 ….`);
}

/** Ids such that each stands after all that it waits for. Throws `dag-error` that shows a cycle. */
export function topologicalOrder(definition: DagDefinition): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (id: string, path: readonly string[]): void => {
    if (state.get(id) === "done") return;
    if (state.get(id) === "open") {
      const cycle = [...path.slice(path.indexOf(id)), id].join(" → ");
      throw new AirCanError("dag-error", `The tasks of "${definition.dag}" wait for each other: ${cycle}.`, {
        hint: "Remove one of these dependencies.",
        where: { dag: definition.dag, task: id },
      });
    }
    state.set(id, "open");
    const task = definition.tasks[id];
    for (const upstream of task ? upstreamOf(task) : []) visit(upstream, [...path, id]);
    state.set(id, "done");
    order.push(id);
  };
  for (const id of Object.keys(definition.tasks)) visit(id, []);
  return order;
}

/** The content hash of a definition: equal for equal definitions, wherever their file lies. */
export function hashDag({ file: _file, ...content }: DagDefinition): string {
  return hashJson(content);
}
