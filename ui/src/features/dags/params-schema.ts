/** One parameter of a DAG, as a form needs it. */
export interface Param {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "text" | "number" | "boolean" | "choice" | "list" | "json";
  readonly integer: boolean;
  readonly choices: readonly unknown[];
  readonly preset: unknown;
  readonly required: boolean;
}

/**
 * Parameters from the DAG's JSON Schemas, in their order. One must be given if its schema says `required: true`, or
 * if it is an object with required parts.
 */
export function paramsOf(schemas: Readonly<Record<string, unknown>>): readonly Param[] {
  return Object.entries(schemas).map(([name, schema]) => paramOf(name, schema));
}

function paramOf(name: string, schema: unknown): Param {
  const parts = new Map<string, unknown>(
    typeof schema === "object" && schema !== null ? Object.entries(schema) : [],
  );
  const choices = parts.get("enum");
  const types = [parts.get("type") ?? []].flat();
  const needed = parts.get("required");
  return {
    name,
    title: textOf(parts.get("title")) || name,
    description: textOf(parts.get("description")),
    kind: Array.isArray(choices) ? "choice" : kindOf(types, parts.get("items")),
    integer: types.includes("integer"),
    choices: Array.isArray(choices) ? choices : [],
    preset: parts.get("default"),
    required: needed === true || (Array.isArray(needed) && needed.length > 0 && !parts.has("default")),
  };
}

function kindOf(types: readonly unknown[], items: unknown): Param["kind"] {
  const ofTexts = typeof items === "object" && items !== null && "type" in items && items.type === "string";
  if (types.includes("array") && ofTexts) return "list";
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
  if (param.kind === "list") return [param.preset].flat().join(", ");
  return typeof param.preset === "string" ? param.preset : JSON.stringify(param.preset, null, 2);
}

/** What was written into a field, as a value; `undefined` if nothing was. Throws SyntaxError for JSON that is none. */
export function readParam(param: Param, text: string): unknown {
  if (param.kind === "boolean") return text === "true";
  if (text === "") return undefined;
  if (param.kind === "number") return Number(text);
  if (param.kind === "list")
    return text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  if (param.kind === "json") return JSON.parse(text);
  if (param.kind === "choice") return param.choices.find((choice) => String(choice) === text);
  return text;
}
