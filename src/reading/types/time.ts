import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { readTemporal, temporalFormat, temporalPattern } from "./temporal-format.ts";

/** ISO 8601 time of day with seconds, without zone. */
export const isoTime = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?";
const isIso = new RegExp(`^${isoTime}$`);

export const time: FieldTypeDefinition = {
  name: "time",
  pattern: (field) => temporalPattern(field, isoTime),
  parse: (text, field) =>
    readTemporal(text, field, {
      isIso,
      fromIso: (iso) => attempt(() => Temporal.PlainTime.from(iso, { overflow: "reject" })),
      fromParts: (parts) => attempt(() => Temporal.PlainTime.from(parts, { overflow: "reject" })),
    }),
  expected: (field) => {
    const format = temporalFormat(field.format);
    return format ? `a time in the format ${format}` : "a time such as 13:45:00";
  },
};
