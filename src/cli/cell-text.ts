/** A cell as a person reads it: missing cells empty, values of several parts as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return plain
    ? JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part))
    : String(value);
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with three digits and a unit, such as `216 MB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toPrecision(3).replace(/\.?0+$/, "")} ${units[power]}`;
}

/** A whole number with commas, such as `1,000,000`. */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** Seconds such as `0.12 s` or `3 min 5 s`. */
export function secondsText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
