import { InvalidArgumentError } from "commander";

/** Reads `--param key=value` for commander; the option may be repeated. */
export function parameter(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be key=value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/**
 * Parameters of the command line as the schemas of a DAG's params want them: what is no text is read as JSON,
 * such as `5`, `true` or `[1, 2]`; what is no JSON is left to the schema to refuse.
 */
export function typedParams(
  given: Readonly<Record<string, string>>,
  schemas: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, typed(text, schemas[name])]));
}

function typed(text: string, schema: unknown): unknown {
  const type = typeof schema === "object" && schema !== null && "type" in schema ? schema.type : "string";
  if (type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
