import { Temporal } from "../../base/temporal.ts";
import type { Field } from "../../descriptor/types.ts";
import { attempt } from "./attempt.ts";
import { isoDate, isRealDay } from "./date.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { readTemporal, type TemporalParts, temporalFormat, temporalPattern } from "./temporal-format.ts";
import { isoTime } from "./time.ts";

const zone = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";

/** ISO 8601 with the zone that the field demands, if it demands one or none. */
export function isoDatetime(field: Field): string {
  return `${isoDate}T${isoTime}${field.zoned === true ? zone : field.zoned === false ? "" : `${zone}?`}`;
}
const isoMoment = new RegExp(`^${isoDate}T${isoTime}(?:${zone})?$`);

/**
 * ISO 8601 date and time. A cell with a zone is an instant, one without is local time; a column has either
 * or the other, which the property `zoned` of the field says (AirCan's own; default: what its cells show).
 */
export const datetime: FieldTypeDefinition = {
  name: "datetime",
  pattern: (field) => temporalPattern(field, isoDatetime(field)),
  parse: (text, field) =>
    readTemporal(text, field, {
      isIso: isoMoment,
      fromIso: (iso) => attempt(() => fromIso(iso)),
      fromParts,
    }),
  isReal: (text, field) =>
    field.format === undefined ? isRealDay(text) : datetime.parse(text, field) !== undefined,
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

function fromParts({
  offset,
  ...parts
}: TemporalParts): Temporal.Instant | Temporal.PlainDateTime | undefined {
  const local = attempt(() => Temporal.PlainDateTime.from(parts, { overflow: "reject" }));
  if (!local || offset === undefined) return local;
  return attempt(() => Temporal.Instant.from(`${local.toString()}${offset}`));
}
