/** One parameter of a DAG, as a form needs it. */
export interface Param {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "text" | "number" | "boolean" | "choice" | "json";
  readonly integer: boolean;
  readonly choices: readonly unknown[];
  readonly preset: unknown;
  readonly required: boolean;
}

/** Parameters from the DAG's JSON Schemas, in their order. A parameter without a default must be given, unless it says otherwise. */
export function paramsOf(schemas: Readonly<Record<string, unknown>>): readonly Param[] {
  return Object.entries(schemas).map(([name, schema]) => paramOf(name, schema));
}

function paramOf(name: string, schema: unknown): Param {
  const parts = new Map<string, unknown>(
    typeof schema === "object" && schema !== null ? Object.entries(schema) : [],
  );
  const choices = parts.get("enum");
  const types = [parts.get("type") ?? []].flat();
  const nullable = types.includes("null");
  return {
    name,
    title: textOf(parts.get("title")) || name,
    description: textOf(parts.get("description")),
    kind: Array.isArray(choices) ? "choice" : kindOf(types),
    integer: types.includes("integer"),
    choices: Array.isArray(choices) ? choices : [],
    preset: parts.get("default"),
    required: !nullable && !parts.has("default") && parts.get("optional") !== true,
  };
}

function kindOf(types: readonly unknown[]): Param["kind"] {
  if (types.includes("object") || types.includes("array")) return "json";
  if (types.includes("boolean")) return "boolean";
  if (types.includes("number") || types.includes("integer")) return "number";
  return "text";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What a field shows at first. */
export function presetText(param: Param): string {
  if (param.preset === undefined || param.preset === null) return param.kind === "boolean" ? "false" : "";
  return typeof param.preset === "string" ? param.preset : JSON.stringify(param.preset);
}

/** What was written into a field, as a value; `undefined` if nothing was. Throws SyntaxError for JSON that is none. */
export function readParam(param: Param, text: string): unknown {
  if (param.kind === "boolean") return text === "true";
  if (text === "") return undefined;
  if (param.kind === "number") return Number(text);
  if (param.kind === "json") return JSON.parse(text);
  if (param.kind === "choice") return param.choices.find((choice) => String(choice) === text);
  return text;
}
