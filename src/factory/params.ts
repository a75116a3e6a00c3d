import { z } from "zod";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { DagDefinition } from "./task.ts";

type Conf = Readonly<Record<string, unknown>>;

/**
 * The conf with the defaults of the DAG's params filled in. A parameter is needed if its schema says
 * `required: true`, or is an object with required parts; what the schema does not name is passed on.
 *
 * @throws AirCanError `params-error` that names the parameter.
 */
export function checkParams(dag: DagDefinition, conf: Conf): Conf {
  const checked: Record<string, unknown> = { ...conf };
  for (const [name, param] of Object.entries(dag.params ?? {})) {
    const schema = typeof param === "object" && param !== null ? param : {};
    if (checked[name] === undefined && "default" in schema) checked[name] = schema.default;
    if (checked[name] === undefined) {
      if (isRequired(schema)) throw paramsError(dag, name, "it is missing");
      continue;
    }
    checkOne(dag, name, { schema, value: checked[name] });
  }
  return checked;
}

/** Throws `dag-error` if a parameter's schema is none. */
export function checkSchemas(dag: DagDefinition): void {
  for (const [name, param] of Object.entries(dag.params ?? {})) {
    if (typeof param !== "object" || param === null || Array.isArray(param))
      throw new AirCanError("dag-error", `Parameter "${name}" of "${dag.dag}" needs a JSON Schema.`, {
        hint: "Write it as `{ type: string }`, say.",
        where: { dag: dag.dag, param: name },
      });
    readerOf(dag, name, param);
  }
}

/** An object with parts that are required is required itself. */
function isRequired(schema: { readonly required?: unknown }): boolean {
  return schema.required === true || (Array.isArray(schema.required) && schema.required.length > 0);
}

function checkOne(
  dag: DagDefinition,
  name: string,
  { schema, value }: { schema: object; value: unknown },
): void {
  const result = readerOf(dag, name, schema).safeParse(value);
  if (result.success) return;
  const issue = result.error.issues[0];
  const at = [name, ...(issue?.path ?? [])].join(".");
  throw paramsError(dag, at, issue?.message ?? "it does not fit");
}

/** `required: true` says that the parameter is needed; as a list it belongs to the schema of an object. */
function readerOf(dag: DagDefinition, name: string, schema: object): z.ZodType {
  const { required, ...rest } = { required: undefined, ...schema };
  const whole = Array.isArray(required) ? { ...rest, required } : rest;
  try {
    // The definition's author wrote the schema; what Zod does not know of JSON Schema it says by throwing.
    return z.fromJSONSchema(whole as z.core.JSONSchema.JSONSchema);
  } catch (error) {
    throw new AirCanError(
      "dag-error",
      `The schema of parameter "${name}" of "${dag.dag}": ${messageOf(error)}`,
    );
  }
}

function paramsError(dag: DagDefinition, name: string, why: string): AirCanError {
  const known = Object.keys(dag.params ?? {}).join(", ");
  return new AirCanError(
    "params-error",
    `Parameter "${name}" of "${dag.dag}": ${why}. Known parameters: ${known}.`,
    {
      where: { dag: dag.dag, param: name },
    },
  );
}
