/** Words for numbers, sizes, times. All take plain values and give text; `–` stands for "not known". */

const NONE = "–";
const threeFigures = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const numbers = new Intl.NumberFormat("en");
const times = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** `12,345`. */
export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : numbers.format(value);
}

/** `1 row`, `12,345 rows`. */
export function formatCount(value: number, noun: string): string {
  return `${numbers.format(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Decimal units, three figures: `812 B`, `4.21 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return NONE;
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${threeFigures.format(value)} ${units[step]}`;
}

/** `0.42 s`, `12 s`, `3 min 04 s`, `1 h 02 min`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NONE;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 days ago`, then the date. */
export function formatAgo(time: string | number, now: number): string {
  const seconds = Math.max(0, (now - new Date(time).getTime()) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days < 30 ? `${days} ${days === 1 ? "day" : "days"} ago` : formatTime(time);
}

/** Date and time in the reader's zone. */
export function formatTime(time: string | number): string {
  return times.format(new Date(time));
}

/** Time of day with seconds. */
export function formatClock(time: string): string {
  return clock.format(new Date(time));
}

/** Seconds that something took, or takes so far. */
export function secondsOf(
  thing: { started: string | null; ended: string | null; seconds: number | null },
  now: number,
): number | null {
  if (thing.seconds !== null && thing.ended !== null) return thing.seconds;
  if (thing.started === null) return null;
  const end = thing.ended === null ? now : new Date(thing.ended).getTime();
  return Math.max(0, (end - new Date(thing.started).getTime()) / 1000);
}

/** A cell of data as text: JSON for what is no scalar. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
