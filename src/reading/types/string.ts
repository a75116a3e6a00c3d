import type { FieldTypeDefinition } from "./field-type.ts";

/** Blanks and control characters, one by one: `\\s` means other ones to RE2 than to JavaScript. */
const blanks = "\\x00-\\x20\\x7f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

const patterns: Readonly<Record<string, string>> = {
  email: "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+",
  uri: `[A-Za-z][A-Za-z0-9+.-]*:[^${blanks}]+`,
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
