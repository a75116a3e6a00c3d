import { z } from "zod";
import type { Field, Schema } from "../descriptor/types.ts";
import { requireFields } from "../plan/build.ts";
import type { StepReference } from "../plan/relation.ts";

/** The option that names fields. */
export const fieldNames = z
  .union([z.string().transform((name) => [name]), z.array(z.string()).min(1)])
  .describe("Names of fields.");

interface Naming {
  readonly names: readonly string[];
  readonly regex: boolean;
  readonly at: StepReference;
}

/** The fields that names (or patterns over whole names) mean, each once. @throws AirCanError `unknown-field`. */
export function named(schema: Schema, { names, regex, at }: Naming): Field[] {
  const found = names.flatMap((name) => {
    const test = regex ? new RegExp(`^(?:${name})$`, "u") : undefined;
    const fields = schema.fields.filter((field) => (test ? test.test(field.name) : field.name === name));
    if (fields.length === 0) requireFields(schema, [name], at);
    return fields;
  });
  return [...new Set(found)];
}
