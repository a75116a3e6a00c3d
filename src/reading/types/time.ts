import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { formatPattern, parseByFormat, temporalFormat } from "./temporal-format.ts";

/** ISO 8601 time of day with seconds, without zone. */
export const isoTime = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?";

export const time: FieldTypeDefinition = {
  name: "time",
  pattern: (field) => {
    const format = temporalFormat(field.format);
    return format ? formatPattern(format) : isoTime;
  },
  parse: (text, field) => {
    const format = temporalFormat(field.format);
    const parts = format ? parseByFormat(text, format) : text;
    return parts && attempt(() => Temporal.PlainTime.from(parts, { overflow: "reject" }));
  },
  expected: (field) => {
    const format = temporalFormat(field.format);
    return format ? `a time in the format ${format}` : "a time such as 13:45:00";
  },
};
