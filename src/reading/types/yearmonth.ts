import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";

export const yearmonth: FieldTypeDefinition = {
  name: "yearmonth",
  pattern: () => "[0-9]{4}-(?:0[1-9]|1[0-2])",
  parse: (text) => attempt(() => Temporal.PlainYearMonth.from(text)),
  expected: () => "a year and month such as 2026-01",
};
