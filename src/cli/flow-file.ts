import { registerHooks } from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { DagOfFile } from "../factory/define-dag.ts";
import { type Flow, isFlow } from "../flow/flow.ts";

type Params = Readonly<Record<string, string>>;

/** What a flow file holds: one flow, or the tasks of a DAG in an order in which they can run. */
export interface FlowFile {
  readonly flows: readonly { readonly name: string; readonly flow: Flow }[];
}

/**
 * Reads a flow or DAG file: YAML, JSON, TypeScript or JavaScript with a flow as default (or only) export.
 *
 * @throws AirCanError `scheme-error`, `config-error`, and what building the flow throws.
 */
export async function readFlowFile(path: string, params: Params): Promise<FlowFile> {
  const extension = extname(path).toLowerCase();
  if ([".ts", ".js", ".mts", ".mjs"].includes(extension)) return { flows: await flowsOfModule(path) };
  if ([".yaml", ".yml", ".json"].includes(extension)) return { flows: await flowsOfSpec(path, params) };
  throw new AirCanError(
    "config-error",
    `${path} is no flow file; known are files named .ts, .js, .yaml, .yml and .json.`,
    { hint: "To look at data, use `aircan show`." },
  );
}

async function flowsOfSpec(path: string, given: Params): Promise<FlowFile["flows"]> {
  const [{ parseSpec, placeOf, readSpecText }, { flowFromSpec }] = await Promise.all([
    import("../flow/spec.ts"),
    import("../index.ts"),
  ]);
  const text = await readSpecText(path);
  const spec = parseSpec(text, path);
  const isDag = typeof spec === "object" && spec !== null && "dag" in spec;
  const { parts, params }: SpecFlows = isDag
    ? await flowsOfDagSpec(spec, given)
    : { parts: [{ name: "flow", flow: spec, place: [] }], params: given };
  const build = (flow: unknown, place: readonly string[]) => {
    try {
      return flowFromSpec(flow, { params });
    } catch (error) {
      const step = error instanceof AirCanError ? Number(error.where.step) : Number.NaN;
      if (!(error instanceof AirCanError) || Number.isNaN(step)) throw error;
      throw error.at({ file: path, ...placeOf(text, [...place, "flow", step - 1]) });
    }
  };
  return parts.map(({ name, flow, place }) => ({ name, flow: build(flow, place) }));
}

interface SpecFlows {
  readonly parts: readonly {
    readonly name: string;
    readonly flow: unknown;
    readonly place: readonly string[];
  }[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** The flows of a DAG spec, each after those that it waits for. @throws AirCanError `dag-error`, `params-error`. */
async function flowsOfDagSpec(spec: object, given: Params): Promise<SpecFlows> {
  const [{ dagOfSpec }, { checkDag, topologicalOrder }, { checkParams }, { typedParams }] = await Promise.all(
    [
      import("../factory/dag-spec.ts"),
      import("../factory/dag.ts"),
      import("../factory/params.ts"),
      import("./parameter.ts"),
    ],
  );
  const dag = checkDag(dagOfSpec(spec));
  const parts = topologicalOrder(dag).map((id) => {
    const task = dag.tasks[id];
    if (task?.kind !== "flow") throw onlyInFactory(id);
    return { name: id, flow: { flow: task.config?.flow }, place: ["tasks", id] };
  });
  return { parts, params: checkParams(dag, typedParams(given, dag.params ?? {})) };
}

async function flowsOfModule(path: string): Promise<FlowFile["flows"]> {
  const exports = await importFile(path);
  const { isDagOfFile } = await import("../factory/define-dag.ts");
  if (isDagOfFile(exports.default)) return flowsOfDag(exports.default);
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

async function flowsOfDag(dag: DagOfFile): Promise<FlowFile["flows"]> {
  const [{ definitionOf }, { checkDag, topologicalOrder }] = await Promise.all([
    import("./dag-file.ts"),
    import("../factory/dag.ts"),
  ]);
  return topologicalOrder(checkDag(definitionOf(dag, ""))).map((id) => {
    const work = dag.tasks.find((task) => task.id === id)?.work;
    if (isFlow(work)) return { name: id, flow: work };
    throw onlyInFactory(id);
  });
}

function onlyInFactory(task: string): AirCanError {
  return new AirCanError("dag-error", `The task "${task}" is no flow, so it runs in a factory only.`, {
    hint: "Start one with `aircan serve --dags FOLDER`.",
    where: { task },
  });
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
