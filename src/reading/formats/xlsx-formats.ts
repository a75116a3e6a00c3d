/** What the number format of a cell says of its number. */
export type NumberKind = "number" | "date" | "time" | "datetime" | "duration";

/** Formats that every workbook has without writing them down (ECMA-376 part 1, 18.8.30). */
const builtin: readonly (readonly [number, number, NumberKind])[] = [
  [14, 17, "date"],
  [18, 21, "time"],
  [22, 22, "datetime"],
  [27, 31, "date"],
  [32, 35, "time"],
  [36, 36, "date"],
  [45, 45, "time"],
  [46, 46, "duration"],
  [47, 47, "time"],
  [50, 54, "date"],
  [55, 56, "time"],
  [57, 58, "date"],
];

/** The kind of a format by its number, and its code if the workbook has one. */
export function numberKind(id: number, code: string | undefined): NumberKind {
  if (code !== undefined) return kindOfCode(code);
  return builtin.find(([from, to]) => id >= from && id <= to)?.[2] ?? "number";
}

/** The kind of a format code such as `yyyy-mm-dd hh:mm`, by the letters that are no literal text. */
export function kindOfCode(code: string): NumberKind {
  const [first = ""] = code
    .replace(/"[^"]*"?|\\.|_.|\*./g, "")
    .toLowerCase()
    .split(";");
  if (/\[(h+|m+|s+)\]/.test(first)) return "duration";
  const plain = first.replace(/\[[^\]]*\]/g, "").replace(/am\/pm|a\/p/g, "h");
  if (/general|[#?0]/.test(plain.replace(/s[.,]0+/g, "s"))) return "number";
  const [hasTime, hasDate] = [
    /[hs]/.test(plain),
    /[yd]/.test(plain) || (/m/.test(plain) && !/[hs]/.test(plain)),
  ];
  return hasTime ? (hasDate ? "datetime" : "time") : hasDate ? "date" : "number";
}

const dayMs = 86_400_000;
/** Serial number of 1970-01-01, where day 1 is 1900-01-01 and a 29 February 1900 is counted. */
const unixEpoch = 25_569;
const days1904 = 1462;
/** 9999-12-31. */
const lastSerial = 2_958_465;

export interface SerialOptions {
  readonly kind: Exclude<NumberKind, "number">;
  /** Days are counted from 1904-01-01, as workbooks of old Macs do. */
  readonly is1904: boolean;
}

/**
 * A serial number as ISO text: a date, a time, both, or a duration such as `PT25H30M`, to the millisecond.
 * Undefined for a number that is no day of Excel's calendar (ECMA-376 part 1, 18.17.4).
 */
export function serialText(serial: number, { kind, is1904 }: SerialOptions): string | undefined {
  if (kind === "duration") return durationText(Math.round(serial * dayMs));
  const days = is1904 && (kind !== "time" || serial >= 1) ? serial + days1904 : serial;
  if (!(days >= 0 && days < lastSerial + 1)) return undefined;
  const ms = Math.round(days * dayMs);
  if (kind === "time" && ms < dayMs) return isoTime(ms);
  const day = Math.floor(ms / dayMs);
  if (kind === "date" && ms % dayMs === 0) return isoDate(day);
  return `${isoDate(day)}T${isoTime(ms % dayMs)}`;
}

/** Excel counts a 29 February 1900, so the days before it are one off; day 0 is the one before the first. */
function isoDate(day: number): string {
  if (day === 60) return "1900-02-29";
  const shift = day < 60 ? 1 : 0;
  return new Date((day + shift - unixEpoch) * dayMs).toISOString().slice(0, 10);
}

const two = (number: number) => String(number).padStart(2, "0");

function isoTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest =
    ms % 1000 === 0
      ? ""
      : `.${String(ms % 1000)
          .padStart(3, "0")
          .replace(/0+$/, "")}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
}

function durationText(ms: number): string {
  const all = Math.abs(ms);
  const [hours, minutes, seconds] = [
    Math.floor(all / 3_600_000),
    Math.floor(all / 60_000) % 60,
    (all % 60_000) / 1000,
  ];
  const parts = `${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${seconds > 0 ? `${seconds}S` : ""}`;
  return `${ms < 0 ? "-" : ""}PT${parts === "" ? "0S" : parts}`;
}
