import type { FieldTypeDefinition } from "./field-type.ts";

/** A calendar year as XML Schema's gYear, without zone. A number in JavaScript. */
export const year: FieldTypeDefinition = {
  name: "year",
  pattern: () => "-?(?:[1-9][0-9]{3,5}|0[0-9]{3})",
  parse: (text) => Number(text),
  expected: () => "a year such as 2026",
};
