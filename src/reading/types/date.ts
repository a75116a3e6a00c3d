import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { formatPattern, parseByFormat, temporalFormat } from "./temporal-format.ts";

/** ISO 8601 calendar date, four digits of year. */
export const isoDate = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";

export const date: FieldTypeDefinition = {
  name: "date",
  pattern: (field) => {
    const format = temporalFormat(field.format);
    return format ? formatPattern(format) : isoDate;
  },
  parse: (text, field) => {
    const format = temporalFormat(field.format);
    const parts = format ? parseByFormat(text, format) : text;
    return parts && attempt(() => Temporal.PlainDate.from(parts, { overflow: "reject" }));
  },
  expected: (field) => {
    const format = temporalFormat(field.format);
    return format ? `a date in the format ${format}` : "a date such as 2026-01-31";
  },
};
