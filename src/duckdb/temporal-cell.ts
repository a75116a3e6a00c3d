import type { Field } from "../descriptor/types.ts";
import { isoDate } from "../reading/types/date.ts";
import { isoDatetime } from "../reading/types/datetime.ts";
import { formatPattern, groupOf, mayBeIso, temporalFormats } from "../reading/types/temporal-format.ts";
import { isoTime } from "../reading/types/time.ts";
import { always, type CellValue, castTo, type SqlType, usualType } from "./cell.ts";
import { allOf, text } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** A date, a time or both, from ISO 8601 or by the formats of its field. */
export function temporalValue(cell: string, field: Field, type: SqlType): CellValue {
  const formats = temporalFormats(field);
  if (formats.length === 0) return type === "VARCHAR" ? always(cell) : isoValue(cell, field, type);
  const formatted = type === "VARCHAR" ? isoText(cell, field) : formattedValue(cell, formats, type);
  if (!mayBeIso(field)) return formatted;
  const iso = type === "VARCHAR" ? always(cell) : isoValue(cell, field, type);
  const isIso = `regexp_full_match(${cell}, ${text(isoPattern(field))})`;
  const either = (a: string, b: string) => `CASE WHEN ${isIso} THEN ${a} ELSE ${b} END`;
  return {
    fits: iso.fits === null ? null : either(iso.fits, "true"),
    value: either(iso.value, formatted.value),
    attempt: either(iso.attempt, formatted.attempt),
  };
}

/** A formatted text in the default form of its type. */
function isoText(cell: string, field: Field): CellValue {
  const type = usualType(field);
  return always(textForm(formattedValue(cell, temporalFormats(field), type).attempt, field, type));
}

function isoPattern(field: Field): string {
  if (field.type === "time") return isoTime;
  return field.type === "date" ? isoDate : isoDatetime(field);
}

/** Types that a timestamp becomes only by way of others: DuckDB has no cast to the one, and a failing one to the other. */
const detours: Readonly<Record<string, SqlType>> = { TIME_NS: "TIME", TIMESTAMP_NS: "VARCHAR" };

/** By the first format that fits. Of a day of the year it is tested that the year has it. */
function formattedValue(cell: string, formats: readonly string[], type: SqlType): CellValue {
  const [format = ""] = formats;
  const plain = format.endsWith("%z") ? `regexp_replace(${cell}, 'Z$', '+00:00')` : cell;
  const told = formats.length === 1 ? text(format) : `[${formats.map(text).join(", ")}]`;
  const day = groupOf("j", format);
  const parsed = `try_strptime(${plain}, ${told})`;
  const found = `TRY_CAST(regexp_extract(${cell}, ${text(formatPattern(format, true))}, ${day}) AS INTEGER)`;
  const real = day === 0 ? parsed : `CASE WHEN ${found} = dayofyear(${parsed}) THEN ${parsed} END`;
  const through = detours[type];
  const attempt = `TRY_CAST(${through === undefined ? real : `CAST(${real} AS ${through})`} AS ${type})`;
  const strict = `CAST(strptime(${plain}, ${told}) AS ${type})`;
  const isPlain = day === 0 && through === undefined;
  return { fits: null, value: isPlain ? strict : `coalesce(${attempt}, error(''))`, attempt };
}

/** Longest texts that the types hold without loss; more digits of a second go to wider ones. */
const longest: Readonly<Record<string, number>> = {
  TIME: 15,
  TIMESTAMP: 26,
  "TIMESTAMP WITH TIME ZONE": 32,
};

function isoValue(cell: string, field: Field, type: SqlType): CellValue {
  const limit = longest[type];
  const tests = [
    ...(limit === undefined ? [] : [`strlen(${cell}) <= ${limit}`]),
    ...(field.type === "time" ? [] : [`NOT starts_with(${cell}, '0000')`]),
    ...(field.type === "datetime" && field.zoned === undefined ? [zoneTest(cell, type)] : []),
  ];
  return castTo(cell, type, tests.length === 0 ? null : allOf(tests));
}

/** Whether a date-time's text has a zone, as its SQL type demands. */
function zoneTest(cell: string, type: SqlType): string {
  const zoned = `regexp_matches(${cell}, '(Z|[+-][0-9]{2}:[0-9]{2})$')`;
  return type === "TIMESTAMP WITH TIME ZONE" ? zoned : `NOT ${zoned}`;
}
