import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";

const dated = ["Y", "M", "W", "D"].map((unit) => `(?:([0-9]+)${unit})?`).join("");
const timed =
  "(?:([0-9]+(?:\\.[0-9]{1,9})?)H)?(?:([0-9]+(?:\\.[0-9]{1,9})?)M)?(?:([0-9]+(?:\\.[0-9]{1,9})?)S)?";

/** The parts of an ISO 8601 duration: sign, years, months, weeks, days, hours, minutes, seconds. */
export const durationParts = `^([+-]?)P${dated}(?:T${timed})?$`;

/** How many months, days and microseconds a duration may have: what the engine holds. */
export const durationLimits = { months: 2 ** 31 - 1, days: 2 ** 31 - 1, microseconds: 2 ** 53 - 1 } as const;

/** ISO 8601 duration; at least one part must be there, and only the last may have a fraction. */
export const duration: FieldTypeDefinition = {
  name: "duration",
  pattern: () => {
    const some = "[0-9]+[YMWD]";
    const fraction = "[0-9]+(?:\\.[0-9]{1,9})?";
    const clock = `T(?:[0-9]+H)?(?:[0-9]+M)?${fraction}[HMS]|T${fraction}[HMS]`;
    return `[+-]?P(?:${some})+(?:${clock})?|[+-]?P(?:${clock})`;
  },
  parse: (text) => {
    const value = attempt(() => Temporal.Duration.from(text));
    return value && isHeld(text) ? value : undefined;
  },
  expected: () => "a duration such as P1DT12H",
};

function isHeld(text: string): boolean {
  const parts = new RegExp(durationParts).exec(text);
  if (parts === null) return false;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(2)
    .map((part) => Number(part ?? 0));
  return (
    years * 12 + months <= durationLimits.months &&
    weeks * 7 + days <= durationLimits.days &&
    (hours * 3600 + minutes * 60 + seconds) * 1_000_000 <= durationLimits.microseconds
  );
}
