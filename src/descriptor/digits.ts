import type { Field } from "./types.ts";

/** How many digits the widest cells of a column have before and after the point. */
export interface Digits {
  readonly integer: number;
  readonly fraction: number;
}

/**
 * AirCan's own field property `digits`: there only for numbers that 64 bits cannot hold exactly. An integer
 * without it fits in 64 bits, a number without it is a double that keeps each of its cells.
 */
export function digitsOf(field: Field): Digits | undefined {
  const digits = field.digits;
  if (typeof digits !== "object" || digits === null || !("integer" in digits) || !("fraction" in digits))
    return undefined;
  return { integer: Number(digits.integer), fraction: Number(digits.fraction) };
}
