/** Digits that a double always keeps. */
const kept = 17;
const point = 0x2e;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Looks for a decimal number with more digits than a double keeps, in pieces of a text. */
export class LongDecimals {
  found = false;
  #tail: Buffer = Buffer.alloc(0);

  look(chunk: Buffer): void {
    if (this.found) return;
    const data = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    this.found = isLongIn(data);
    this.#tail = data.subarray(-2 * kept);
  }
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
