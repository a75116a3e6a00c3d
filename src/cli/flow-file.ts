import { registerHooks } from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AirCanError, messageOf } from "../base/errors.ts";
import { type Flow, isFlow } from "../flow/flow.ts";

/** What a flow file holds: one flow, or the tasks of a DAG in an order in which they can run. */
export interface FlowFile {
  readonly flows: readonly { readonly name: string; readonly flow: Flow }[];
}

/**
 * Reads a flow or DAG file: YAML, JSON, TypeScript or JavaScript with a flow as default (or only) export.
 *
 * @throws AirCanError `scheme-error`, `config-error`, and what building the flow throws.
 */
export async function readFlowFile(
  path: string,
  params: Readonly<Record<string, unknown>>,
): Promise<FlowFile> {
  const extension = extname(path).toLowerCase();
  if ([".ts", ".js", ".mts", ".mjs"].includes(extension)) return { flows: await flowsOfModule(path) };
  if ([".yaml", ".yml", ".json"].includes(extension)) return { flows: await flowsOfSpec(path, params) };
  throw new AirCanError(
    "config-error",
    `${path} is no flow file; known are files named .ts, .js, .yaml, .yml and .json.`,
    { hint: "To look at data, use `aircan show`." },
  );
}

async function flowsOfSpec(
  path: string,
  params: Readonly<Record<string, unknown>>,
): Promise<FlowFile["flows"]> {
  const [{ readSpecFile }, { flowFromSpec }] = await Promise.all([
    import("../flow/spec.ts"),
    import("../index.ts"),
  ]);
  const spec = await readSpecFile(path);
  if (isDagSpec(spec)) {
    return inOrder(spec.tasks).map(([name, task]) => ({
      name,
      flow: flowFromSpec({ flow: task.flow }, { params }),
    }));
  }
  return [{ name: "flow", flow: flowFromSpec(spec, { params }) }];
}

interface TaskSpec {
  readonly flow: readonly Record<string, unknown>[];
  readonly after?: readonly string[];
}

function isDagSpec(spec: unknown): spec is { readonly tasks: Readonly<Record<string, TaskSpec>> } {
  return typeof spec === "object" && spec !== null && "dag" in spec && "tasks" in spec;
}

/** Tasks after all that they wait for. @throws AirCanError `dag-error` for an unknown task or a cycle. */
function inOrder(tasks: Readonly<Record<string, TaskSpec>>): (readonly [string, TaskSpec])[] {
  const ordered: (readonly [string, TaskSpec])[] = [];
  const open = new Set(Object.keys(tasks));
  const known = Object.keys(tasks).join(", ");
  for (const [name, { after = [], flow }] of Object.entries(tasks)) {
    const unknown = after.find((other) => !(other in tasks));
    if (unknown)
      throw new AirCanError(
        "dag-error",
        `Task ${name} is after "${unknown}", which is no task; tasks are: ${known}.`,
      );
    if (!Array.isArray(flow)) throw new AirCanError("dag-error", `Task ${name} has no flow.`);
  }
  while (open.size > 0) {
    const ready = [...open].filter((name) => (tasks[name]?.after ?? []).every((other) => !open.has(other)));
    if (ready.length === 0)
      throw new AirCanError("dag-error", `The tasks ${[...open].join(", ")} wait for each other in a cycle.`);
    for (const name of ready) {
      const task = tasks[name];
      if (task) ordered.push([name, task]);
      open.delete(name);
    }
  }
  return ordered;
}

async function flowsOfModule(path: string): Promise<FlowFile["flows"]> {
  const exports = await importFile(path);
  const flows = Object.entries(exports).flatMap(([name, value]) =>
    isFlow(value) ? [{ name, flow: value }] : [],
  );
  const chosen = flows.find(({ name }) => name === "default") ?? (flows.length === 1 ? flows[0] : undefined);
  if (chosen) return [chosen];
  throw new AirCanError(
    "config-error",
    flows.length === 0
      ? `${path} exports no flow; its exports are: ${Object.keys(exports).join(", ") || "none"}.`
      : `${path} exports several flows (${flows.map(({ name }) => name).join(", ")}) and none is its default.`,
    { hint: "Write `export default flow(…)`." },
  );
}

/** What a TypeScript or JavaScript file exports. @throws AirCanError `scheme-error`, `config-error`. */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  resolveOwnName();
  const file = resolve(path);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof AirCanError) throw error;
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    throw new AirCanError(
      missing && messageOf(error).includes(file) ? "scheme-error" : "config-error",
      `${path} cannot be run: ${messageOf(error)}${/[.!?]$/.test(messageOf(error)) ? "" : "."}`,
      { cause: error, where: { file: path } },
    );
  }
}

/** Flow files say `import … from "aircan"`: that is this very program, wherever the file lies. */
function resolveOwnName(): void {
  const extension = extname(import.meta.url);
  const entries = new Map([
    ["aircan", "../index"],
    ["aircan/ckan", "../ckan/index"],
    ["aircan/factory", "../factory/index"],
    ["aircan/testing", "../testing/index"],
  ]);
  registerHooks({
    resolve: (specifier, context, next) => {
      const entry = entries.get(specifier);
      return entry === undefined
        ? next(specifier, context)
        : { url: new URL(`${entry}${extension}`, import.meta.url).href, shortCircuit: true };
    },
  });
}
