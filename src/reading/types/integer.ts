import type { FieldTypeDefinition } from "./field-type.ts";
import { grouped, signedNumber, stripNumber } from "./numeric.ts";

/** Whole numbers of any size: a number in JavaScript, a bigint beyond 2^53. */
export const integer: FieldTypeDefinition = {
  name: "integer",
  pattern: (field) => signedNumber(field, { digitLed: grouped(field, "[0-9]+") }),
  parse: (text, field) => {
    const plain = stripNumber(text, field);
    const value = Number(plain);
    return Number.isSafeInteger(value) ? value : BigInt(plain.replace(/^\+/, ""));
  },
  expected: () => "a whole number such as 42",
};
