import type { FieldTypeDefinition } from "./field-type.ts";

export const any: FieldTypeDefinition = {
  name: "any",
  pattern: () => null,
  parse: (text) => text,
  expected: () => "anything",
};
