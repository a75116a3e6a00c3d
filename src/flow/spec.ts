import { readFile } from "node:fs/promises";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { AirCanError, messageOf } from "../base/errors.ts";
import { nearestName } from "../plan/build.ts";
import type { ProcessorDefinition } from "./define.ts";
import type { Flow } from "./flow.ts";
import { isPlainObject, makeStep, type Step } from "./step.ts";

/** A flow as data: a list of steps, each an object of one key, the processor's name. */
export interface FlowSpec {
  readonly flow: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly name?: string;
  readonly title?: string;
}

/** Processors by name; a value, so that users can add their own. */
export type Registry = Readonly<Record<string, ProcessorDefinition>>;

/**
 * The spec of a flow, which `stepsFromSpec` reads back.
 *
 * @throws AirCanError `step-error` for a step that holds code or rows, which no spec can.
 */
export function specOf(flow: Flow): FlowSpec {
  return { flow: flow.steps.map(({ at, step }) => ({ [step.definition.name]: dataOnly(step, at) })) };
}

function dataOnly({ definition, given }: Step, at: string): unknown {
  const path = codePath(given);
  if (path === undefined) return given;
  throw new AirCanError(
    "step-error",
    `Step ${at} (${definition.name}) holds code in "${path}", which a spec cannot.`,
    {
      hint: "Use an expression, or keep the flow in TypeScript.",
      where: { step: at, processor: definition.name },
    },
  );
}

/** Path of the first value that JSON cannot hold. */
function codePath(value: unknown, path = ""): string | undefined {
  if (value === null || ["string", "number", "boolean", "undefined"].includes(typeof value)) return undefined;
  const children = Array.isArray(value)
    ? value.map((item, i) => [`${path}[${i}]`, item] as const)
    : isPlainObject(value)
      ? Object.entries(value).map(([key, item]) => [path === "" ? key : `${path}.${key}`, item] as const)
      : undefined;
  if (children === undefined) return path;
  return children.map(([name, item]) => codePath(item, name)).find((found) => found !== undefined);
}

/**
 * The steps that a spec names. `{{ params.day }}` in its texts stands for a parameter.
 *
 * @throws AirCanError `config-error`, `unknown-processor` naming the step and the nearest known name.
 */
export function stepsFromSpec(
  spec: unknown,
  registry: Registry,
  params: Readonly<Record<string, unknown>> = {},
): Step[] {
  if (!isPlainObject(spec) || !Array.isArray(spec.flow)) {
    throw new AirCanError("config-error", "A flow spec is an object with a list `flow`.", {
      hint: "Write `flow:` and below it one `- processor: {…}` for each step.",
    });
  }
  return spec.flow.map((item: unknown, i) => stepFrom(withParams(item, params), `${i + 1}`, registry));
}

function stepFrom(item: unknown, at: string, registry: Registry): Step {
  const entries =
    typeof item === "string" ? [[item, {}] as const] : isPlainObject(item) ? Object.entries(item) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    throw new AirCanError(
      "config-error",
      `Step ${at} is not an object of one key, the name of a processor.`,
      { where: { step: at } },
    );
  }
  const [name, config] = entry;
  const definition = registry[name];
  if (definition === undefined) throw unknownProcessor(name, at, registry);
  try {
    return makeStep(definition, fullConfig(definition, config));
  } catch (error) {
    throw error instanceof AirCanError ? error.at({ step: at }) : error;
  }
}

function unknownProcessor(name: string, at: string, registry: Registry): AirCanError {
  const known = Object.keys(registry);
  const nearest = nearestName(name, known);
  return new AirCanError(
    "unknown-processor",
    `Step ${at} names the processor "${name}", but the processors are: ${known.join(", ")}.`,
    { ...(nearest ? { hint: `Did you mean "${nearest}"?` } : {}), where: { step: at, processor: name } },
  );
}

/** A bare value stands for the first argument. */
function fullConfig(definition: ProcessorDefinition, config: unknown): unknown {
  const [first] = definition.arguments;
  if (config === null || config === undefined) return {};
  return isPlainObject(config) || first === undefined ? config : { [first]: config };
}

function withParams(value: unknown, params: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string")
    return value.replace(/\{\{\s*params\.([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu, (_, name: string) =>
      param(name, params),
    );
  if (Array.isArray(value)) return value.map((item) => withParams(item, params));
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withParams(item, params)]))
    : value;
}

function param(name: string, params: Readonly<Record<string, unknown>>): string {
  const value = params[name];
  if (value !== undefined) return String(value);
  throw new AirCanError("params-error", `The flow needs the parameter "${name}".`, {
    hint: `Give it with \`-p ${name}=…\`.`,
    where: { param: name },
  });
}

/**
 * Reads a YAML or JSON file.
 *
 * @throws AirCanError `scheme-error` if it cannot be opened, `config-error` with line and column if it cannot be read.
 */
export async function readSpecFile(path: string): Promise<unknown> {
  return parseSpec(await readSpecText(path), path);
}

/** The text of a spec file. @throws AirCanError `scheme-error`. */
export function readSpecText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw new AirCanError("scheme-error", `${path} cannot be opened: ${messageOf(error)}.`, {
      cause: error,
      where: { file: path },
    });
  });
}

/** A YAML or JSON text as a value; errors name the line and column in `file`. */
export function parseSpec(text: string, file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [error] = document.errors;
  if (error === undefined) return document.toJS();
  const { line, col } = lineCounter.linePos(error.pos[0]);
  throw new AirCanError(
    "config-error",
    `${file}, line ${line}, column ${col}: ${error.message.split("\n")[0]}`,
    { where: { file, line, column: col } },
  );
}

/** Line and column of a path in a YAML or JSON text, for messages about what stands there. */
export function placeOf(
  text: string,
  path: readonly (string | number)[],
): { line: number; column: number } | undefined {
  const lineCounter = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter }).contents;
  for (const key of path) node = isMap(node) || isSeq(node) ? node.get(key, true) : undefined;
  const found = isMap(node) || isSeq(node) || isScalar(node) ? (node as Node) : undefined; // the three are nodes
  const start = found?.range?.[0];
  if (start === undefined) return undefined;
  const { line, col } = lineCounter.linePos(start);
  return { line, column: col };
}
