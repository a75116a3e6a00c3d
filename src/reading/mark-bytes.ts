import { AirCanError } from "../base/errors.ts";

/**
 * The bytes of a delimiter.
 *
 * @throws AirCanError `dialect-error` for more than one character.
 */
export function delimiterBytes(character: string): Buffer {
  if (Array.from(character).length === 1) return Buffer.from(character);
  throw new AirCanError("dialect-error", `The delimiter "${character}" is not one character.`, {
    hint: "Give a delimiter of one character.",
    where: { property: "delimiter" },
  });
}

/**
 * The byte of a quote or escape character; `property` names it in the error.
 *
 * @throws AirCanError `dialect-error` for what is no ASCII character.
 */
export function byteOf(character: string, property: string): number {
  const bytes = Buffer.from(character);
  const [byte] = bytes;
  if (byte !== undefined && bytes.length === 1) return byte;
  throw new AirCanError("dialect-error", `The ${property} "${character}" is not one ASCII character.`, {
    hint: `Give a ${property} of one ASCII character.`,
    where: { property },
  });
}
