import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { calendarZone } from "./year.ts";

/** A month of a year as XML Schema's gYearMonth, of years with four digits; a time zone after it changes nothing. */
export const yearmonth: FieldTypeDefinition = {
  name: "yearmonth",
  pattern: () => `[0-9]{4}-(?:0[1-9]|1[0-2])${calendarZone}`,
  parse: (text) => attempt(() => Temporal.PlainYearMonth.from(text.slice(0, 7))),
  expected: () => "a year and month such as 2026-01",
};
