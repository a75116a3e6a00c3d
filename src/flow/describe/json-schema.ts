import { z } from "zod";
import type { ProcessorDefinition } from "../define.ts";
import type { Registry } from "../spec.ts";

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a processor's configuration. Functions, which no spec can hold, are left open. */
export function configSchema({ config }: ProcessorDefinition): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(config, { io: "input", unrepresentable: "any" });
  return schema;
}

/** The schema of a flow spec: a list of steps, each an object of one key, the name of a processor. */
export function flowSchema(registry: Registry): JsonSchema {
  const steps = Object.values(registry).map((definition) => ({
    type: "object",
    description: definition.summary,
    properties: { [definition.name]: stepSchema(definition) },
    required: [definition.name],
    additionalProperties: false,
  }));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "AirCan flow",
    type: "object",
    properties: {
      name: { type: "string" },
      title: { type: "string" },
      flow: { type: "array", items: { anyOf: steps } },
    },
    required: ["flow"],
  };
}

/** The configuration, or a bare value for its first option. */
function stepSchema(definition: ProcessorDefinition): JsonSchema {
  const schema = configSchema(definition);
  const [first] = definition.arguments;
  const properties = schema.properties;
  if (first === undefined || typeof properties !== "object" || properties === null)
    return { anyOf: [schema, { type: "null" }] };
  return { anyOf: [schema, Reflect.get(properties, first) ?? {}] };
}
