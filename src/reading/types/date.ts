import { Temporal } from "../../base/temporal.ts";
import { attempt } from "./attempt.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { readTemporal, temporalFormat, temporalPattern } from "./temporal-format.ts";

/** ISO 8601 calendar date, four digits of year. */
export const isoDate = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const isIso = new RegExp(`^${isoDate}$`);

export const date: FieldTypeDefinition = {
  name: "date",
  pattern: (field) => temporalPattern(field, isoDate),
  parse: (text, field) =>
    readTemporal(text, field, {
      isIso,
      fromIso: (iso) => attempt(() => Temporal.PlainDate.from(iso, { overflow: "reject" })),
      fromParts: (parts) => attempt(() => Temporal.PlainDate.from(parts, { overflow: "reject" })),
    }),
  isReal: (text, field) =>
    field.format === undefined ? isRealDay(text) : date.parse(text, field) !== undefined,
  expected: (field) => {
    const format = temporalFormat(field.format);
    return format ? `a date in the format ${format}` : "a date such as 2026-01-31";
  },
};

/** True if the month of an ISO date has its day. */
export function isRealDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
