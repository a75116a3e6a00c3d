import type { ProcessorDefinition } from "../define.ts";
import { configSchema } from "./json-schema.ts";

/** One option of a processor, as people read it. */
export interface OptionText {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly standard: string;
  readonly description: string;
}

/** The options of a processor in the order of its schema. */
export function optionTexts(definition: ProcessorDefinition): OptionText[] {
  const schema = configSchema(definition);
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const facts = isObject(property) ? property : {};
    return {
      name,
      type: typeText(facts),
      required: required.includes(name),
      standard: facts.default === undefined ? "" : JSON.stringify(facts.default),
      description: typeof facts.description === "string" ? facts.description : "",
    };
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeText(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema.enum)) return schema.enum.length > 6 ? "name" : schema.enum.join(", ");
  if (schema.const !== undefined) return String(schema.const);
  const choices = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject).map(typeText) : [];
  if (choices.length > 0) return [...new Set(choices)].join(" or ");
  if (schema.type === "array") return `list of ${isObject(schema.items) ? typeText(schema.items) : "values"}`;
  const names: Readonly<Record<string, string>> = { string: "text", integer: "whole number", null: "null" };
  return typeof schema.type === "string" ? (names[schema.type] ?? schema.type) : "any";
}
