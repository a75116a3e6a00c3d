const numbers = new Intl.NumberFormat("en-US");

/** `1 row`, `12,345 rows`. */
export function countText(count: number, what: string): string {
  return `${numbers.format(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** `3 type-error, 1 missing-cell`. */
export function kindsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([code, count]) => `${numbers.format(count)} ${code}`)
    .join(", ");
}

/** Bytes for people, in powers of 1,024. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? numbers.format(bytes) : value.toFixed(value < 10 ? 1 : 0)} ${units[power]}`;
}
