import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { Temporal } from "../base/temporal.ts";
import type { Column } from "./expression.ts";
import { parseJson } from "./json-text.ts";

/** Makes of a DuckDB value what JavaScript sees. */
export type ReadValue = (value: DuckDBValue) => unknown;

/**
 * How the values of a column are seen in JavaScript: number (bigint beyond 2^53), Temporal objects for
 * moments and durations, plain arrays and objects for lists and JSON; a decimal that no double holds
 * keeps its digits as text.
 */
export function reader({ field, type }: Column): ReadValue {
  if (type === "VARCHAR" && field.type === "yearmonth")
    return readWith((text) => Temporal.PlainYearMonth.from(String(text)));
  if (type === "VARCHAR" && field.type === "integer")
    return readWith((text) => safeInteger(BigInt(String(text))));
  if (type.startsWith("DECIMAL") && field.type === "integer")
    return readWith((value) => safeInteger(BigInt(String(value))));
  if (type === "JSON") return readWith((text) => parseJson(String(text)));
  if (field.type === "geopoint") return readWith(readPoint);
  return readPlain;
}

const readWith =
  (read: (value: NonNullable<DuckDBValue>) => unknown): ReadValue =>
  (value) =>
    value === null ? null : read(value);

function readPoint(value: DuckDBValue): unknown {
  return value instanceof DuckDBStructValue ? [value.entries.lon, value.entries.lat] : value;
}

function readPlain(value: DuckDBValue): unknown {
  if (typeof value === "bigint") return safeInteger(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DuckDBDateValue) return epochDay(value.days);
  if (value instanceof DuckDBTimestampValue) return localTime(value.micros * 1000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return localTime(value.nanos);
  if (value instanceof DuckDBTimestampTZValue) return new Temporal.Instant(value.micros * 1000n);
  if (value instanceof DuckDBTimeValue) return Temporal.PlainTime.from(value.toString());
  if (value instanceof DuckDBTimeNSValue) return Temporal.PlainTime.from(value.toString());
  if (value instanceof DuckDBIntervalValue) return duration(value);
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBListValue) return value.items.map(readPlain);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, readPlain(entry)]));
  return String(value);
}

function safeInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const epoch = new Temporal.PlainDate(1970, 1, 1);

function epochDay(days: number): Temporal.PlainDate {
  return epoch.add({ days });
}

function localTime(nanoseconds: bigint): Temporal.PlainDateTime {
  return new Temporal.Instant(nanoseconds).toZonedDateTimeISO("UTC").toPlainDateTime();
}

function duration({ months, days, micros }: DuckDBIntervalValue): Temporal.Duration {
  const total = Number(micros);
  return Temporal.Duration.from({
    years: Math.trunc(months / 12),
    months: months % 12,
    days,
    hours: Math.trunc(total / 3_600_000_000),
    minutes: Math.trunc(total / 60_000_000) % 60,
    seconds: Math.trunc(total / 1_000_000) % 60,
    milliseconds: Math.trunc(total / 1000) % 1000,
    microseconds: total % 1000,
  });
}

/** A number if it has the same digits, else the digits. */
function decimal(value: DuckDBDecimalValue): number | string {
  const digits = value.toString();
  const plain = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return String(Number(plain)) === plain ? Number(plain) : plain;
}
