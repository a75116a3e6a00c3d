import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import { isoDate, isRealDay } from "./date.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { formatPattern, parseByFormat, temporalFormat } from "./temporal-format.ts";
import { isoTime } from "./time.ts";

const zone = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";

/**
 * ISO 8601 date and time. A cell with a zone is an instant, one without is local time; a column has either
 * or the other, which the property `zoned` of the field says (AirCan's own; default: what its cells show).
 */
export const datetime: FieldTypeDefinition = {
  name: "datetime",
  pattern: (field) => {
    const format = temporalFormat(field.format);
    if (format) return formatPattern(format);
    return `${isoDate}T${isoTime}${field.zoned === true ? zone : field.zoned === false ? "" : `${zone}?`}`;
  },
  parse: (text, field) => {
    const format = temporalFormat(field.format);
    if (!format) return attempt(() => fromIso(text));
    const parts = parseByFormat(text, format);
    if (!parts) return undefined;
    const local = attempt(() => Temporal.PlainDateTime.from(parts, { overflow: "reject" }));
    if (!local || parts.offset === undefined) return local;
    return attempt(() => Temporal.Instant.from(`${local.toString()}${parts.offset}`));
  },
  isReal: (text, field) =>
    temporalFormat(field.format) ? datetime.parse(text, field) !== undefined : isRealDay(text),
  expected: (field) => {
    const format = temporalFormat(field.format);
    if (format) return `a date and time in the format ${format}`;
    return field.zoned === true
      ? "a date and time such as 2026-01-31T13:45:00Z"
      : "a date and time such as 2026-01-31T13:45:00";
  },
};

function fromIso(text: string): Temporal.Instant | Temporal.PlainDateTime {
  return /(?:Z|[+-][0-9:]{5})$/.test(text)
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text, { overflow: "reject" });
}
