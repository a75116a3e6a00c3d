import type { FieldTypeDefinition } from "./field-type.ts";

/** Version 2's list: items in one cell, between delimiters. An array of texts here; item types are the engine's. */
export const list: FieldTypeDefinition = {
  name: "list",
  pattern: () => null,
  parse: (text, field) => text.split(typeof field.delimiter === "string" ? field.delimiter : ","),
  expected: () => "a list such as a,b,c",
};
