import type { Field } from "../../descriptor/types.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { escapePattern } from "./numeric.ts";

/** The texts that mean true; the specification's unless the field says otherwise. */
export const trueValues = (field: Field): readonly string[] =>
  field.trueValues ?? ["true", "True", "TRUE", "1"];
export const falseValues = (field: Field): readonly string[] =>
  field.falseValues ?? ["false", "False", "FALSE", "0"];

export const boolean: FieldTypeDefinition = {
  name: "boolean",
  pattern: (field) => [...trueValues(field), ...falseValues(field)].map(escapePattern).join("|"),
  parse: (text, field) => trueValues(field).includes(text),
  expected: (field) => `one of ${[...trueValues(field), ...falseValues(field)].join(", ")}`,
};
