import { z } from "zod";
import type { Field } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { onError } from "../flow/options.ts";
import { changeResources, selector, withRelation } from "../flow/selector.ts";
import { check, requireFields } from "../plan/build.ts";

/** Tests rows against the constraints and keys of their schema. */
export const validate = defineProcessor({
  name: "validate",
  title: "Validate",
  summary: "Tests rows against the constraints, unique fields and primary key of their schema.",
  category: "check",
  safe: true,
  arguments: [],
  config: z.strictObject({
    constraints: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .default({})
      .describe(
        "Further constraints by field: required, unique, minimum, maximum, minLength, maxLength, pattern, enum …",
      ),
    primary_key: z
      .array(z.string())
      .optional()
      .describe("Fields whose values together are there in each row, and in no two rows the same."),
    on_error: onError,
    resources: selector,
  }),
  examples: [
    {
      title: "Every row is good",
      input: { t: [{ a: 1 }] },
      config: { constraints: { a: { minimum: 1 } } },
      output: { t: [{ a: 1 }] },
    },
    {
      title: "A row that breaks a constraint",
      input: { t: [{ a: 0 }] },
      config: { constraints: { a: { minimum: 1 } } },
      output: { error: "data-error" },
    },
    {
      title: "Rows that repeat a key are dropped",
      input: {
        t: [
          { a: 1, b: 1 },
          { a: 1, b: 2 },
        ],
      },
      config: { primary_key: ["a"], on_error: "drop" },
      output: { t: [{ a: 1, b: 1 }] },
    },
  ],
  plan: (input, config, context) =>
    changeResources(input, config.resources, (resource) => {
      const { schema } = resource.relation;
      requireFields(schema, [...Object.keys(config.constraints), ...(config.primary_key ?? [])], context.at);
      const fields = schema.fields.map((field) => constrained(field, config.constraints[field.name]));
      const relation = {
        ...resource.relation,
        schema: { ...schema, fields, ...(config.primary_key ? { primaryKey: config.primary_key } : {}) },
      };
      return withRelation(
        resource,
        check(
          relation,
          { onError: config.on_error ?? context.onError, resource: resource.descriptor.name },
          context.at,
        ),
      );
    }),
});

function constrained(field: Field, constraints: Readonly<Record<string, unknown>> | undefined): Field {
  return constraints ? { ...field, constraints: { ...field.constraints, ...constraints } } : field;
}
