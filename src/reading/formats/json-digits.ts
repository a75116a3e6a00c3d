import type { Readable } from "node:stream";

/** Digits that a double always keeps. */
const kept = 17;
const point = 0x2e;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** True if a decimal number with more digits than a double keeps stands in a text. */
export async function hasLongDecimals(source: Readable): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const data: Buffer = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    if (isLongIn(data)) return true;
    tail = data.subarray(-2 * kept);
  }
  return false;
}

function isLongIn(data: Buffer): boolean {
  for (let at = data.indexOf(point); at >= 0; at = data.indexOf(point, at + 1)) {
    let start = at;
    let end = at + 1;
    while (isDigit(data[start - 1]) && at - start <= kept) start--;
    while (isDigit(data[end]) && end - at <= 2 * kept) end++;
    if (end - start - 1 > kept && isLongDecimal(data.toString("latin1", start, end))) return true;
  }
  return false;
}

/** True for a number as it is written that no double holds. */
export function isLongDecimal(text: string): boolean {
  return /^-?\d+\.\d/.test(text) && text.replace(/e.*$/i, "").replace(/^-?0*\.?0*|\./gi, "").length > kept;
}

/** True if a text may hold a long decimal. */
export function mayHoldLong(text: string): boolean {
  return text.match(/[\d.]{19,}/g)?.some(isLongDecimal) ?? false;
}
