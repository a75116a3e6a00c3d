import { Temporal } from "../base/temporal.ts";
import type { Column } from "./expression.ts";

/** How the values of a column lie on a line of numbers. */
export interface Axis {
  /** A value's number, as DOUBLE; may be infinite or no number. */
  readonly sql: string;
  /** True if only whole numbers mean values: integers, years, days. */
  readonly isWhole: boolean;
  /** The value at a number, as a text of the field's type. */
  readonly text: (place: number) => string;
}

const digits = 12;

/** The axis of a column of numbers, years, or moments; undefined for other types, and for moments that no SQL type holds. */
export function axisOf(name: string, { field, type }: Column): Axis | undefined {
  switch (field.type) {
    case "integer":
    case "year":
      return {
        sql: `CAST(${name} AS DOUBLE)`,
        isWhole: true,
        text: (place) => BigInt(Math.round(place)).toString(),
      };
    case "number":
      return {
        sql: `CAST(${name} AS DOUBLE)`,
        isWhole: false,
        text: (place) => String(Number(place.toPrecision(digits))),
      };
    case "date":
      if (type !== "DATE") return undefined;
      return { sql: `CAST(${name} - DATE '1970-01-01' AS DOUBLE)`, isWhole: true, text: dayText };
    case "time":
      if (!type.startsWith("TIME")) return undefined;
      return { sql: microseconds(name), isWhole: false, text: timeText };
    case "datetime":
      if (!type.startsWith("TIMESTAMP")) return undefined;
      return {
        sql: microseconds(name),
        isWhole: false,
        text: field.zoned === true ? instantText : localText,
      };
    default:
      return undefined;
  }
}

const microseconds = (name: string) => `CAST(epoch_us(${name}) AS DOUBLE)`;
const nanoseconds = (place: number) => BigInt(Math.round(place)) * 1000n;
const epoch = new Temporal.PlainDate(1970, 1, 1);

const dayText = (place: number) => epoch.add({ days: Math.round(place) }).toString();
const instantText = (place: number) => new Temporal.Instant(nanoseconds(place)).toString();
const localText = (place: number) => instantText(place).replace("Z", "");
const timeText = (place: number) =>
  new Temporal.PlainTime().add({ microseconds: Math.round(place) }).toString();
