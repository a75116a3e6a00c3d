import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";

const dated = "[0-9]+[YMWD]";
const timed = "[0-9]+(?:\\.[0-9]+)?[HMS]";

/** ISO 8601 duration; at least one part must be there. */
export const duration: FieldTypeDefinition = {
  name: "duration",
  pattern: () => `[+-]?P(?:(?:${dated})+(?:T(?:${timed})+)?|T(?:${timed})+)`,
  parse: (text) => attempt(() => Temporal.Duration.from(text)),
  expected: () => "a duration such as P1DT12H",
};
