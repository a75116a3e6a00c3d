import { Temporal } from "../base/temporal.ts";

/** Negative if the first value is less, zero if both are equal. Values of one type only. */
export function compareValues(a: unknown, b: unknown): number {
  const isPlain = typeof a === "number" && typeof b === "number";
  const left = isPlain ? a : orderOf(a);
  const right = isPlain ? b : orderOf(b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const microsecondsOfDay = 86_400_000_000;

/** Something that orders as the value does. A month counts 30 days, as in the engine; local time is taken for UTC. */
function orderOf(value: unknown): number | bigint | string {
  if (value instanceof Temporal.PlainDateTime) return value.toZonedDateTime("UTC").epochNanoseconds;
  if (value instanceof Temporal.Instant) return value.epochNanoseconds;
  if (value instanceof Temporal.PlainTime) return value.toString({ fractionalSecondDigits: 9 });
  if (value instanceof Temporal.Duration) {
    const [months, microseconds] = sizeOf(value);
    return months * 30 * microsecondsOfDay + microseconds;
  }
  return typeof value === "number" || typeof value === "bigint" ? value : String(value);
}

/** Months and microseconds of a duration: years are 12 months, days are 24 hours, but months have no number of days. */
function sizeOf(value: Temporal.Duration): [months: number, microseconds: number] {
  const { hours, minutes, seconds, milliseconds, microseconds } = value;
  const clock = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + milliseconds * 1000 + microseconds;
  return [value.years * 12 + value.months, (value.weeks * 7 + value.days) * microsecondsOfDay + clock];
}

/** The same text for values that are the same: of `1` and `01` as numbers, of objects whatever the order of their keys. */
export function keyOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "0" : String(value);
  if (value instanceof Temporal.Duration)
    return sizeOf(value)
      .map((part) => part + 0)
      .join(" ");
  return JSON.stringify(value, inOrder);
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
