import type { FieldTypeDefinition } from "./field-type.ts";

const patterns: Readonly<Record<string, string>> = {
  email: "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+",
  uri: "[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+",
  binary: "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
  uuid: "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
};

export const string: FieldTypeDefinition = {
  name: "string",
  pattern: (field) => patterns[field.format ?? "default"] ?? null,
  parse: (text) => text,
  expected: (field) =>
    field.format && field.format !== "default" ? `a text of format ${field.format}` : "a text",
};
