import type { FieldTypeDefinition } from "./field-type.ts";

/** The zone that XML Schema allows behind years and months. */
export const calendarZone = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?";

/** A calendar year as XML Schema's gYear; a time zone after it changes nothing. A number in JavaScript. */
export const year: FieldTypeDefinition = {
  name: "year",
  pattern: () => `-?(?:[1-9][0-9]{3,5}|0[0-9]{3})${calendarZone}`,
  parse: (text) => Number(/^-?[0-9]+/.exec(text)?.[0]),
  expected: () => "a year such as 2026",
};
