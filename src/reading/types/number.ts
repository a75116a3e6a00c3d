import type { Field } from "../../descriptor/types.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { escapePattern, grouped, signedNumber, stripNumber } from "./numeric.ts";

/** Pattern of numbers that have no digits, as XML Schema writes them, in any case. */
export const wordsOfNumbers = "[nN][aA][nN]|-?[iI][nN][fF]";
const isWord = new RegExp(`^(?:${wordsOfNumbers})$`);

/** Decimal numbers. Parsed here as doubles; the engine keeps every digit. */
export const number: FieldTypeDefinition = {
  name: "number",
  pattern: (field) => {
    const point = escapePattern(field.decimalChar ?? ".");
    const exponent = "(?:[eE][+-]?[0-9]+)?";
    const digitLed = `(?:${grouped(field, "[0-9]+")})(?:${point}[0-9]*)?${exponent}`;
    const pointLed = `${point}[0-9]+${exponent}`;
    return `${signedNumber(field, { digitLed, pointLed })}|${wordsOfNumbers}`;
  },
  parse: (text, field) => Number(numberText(text, field)),
  expected: (field) => `a number such as 3${field.decimalChar ?? "."}14`,
};

/** A number's text as JavaScript reads it: the digits alone with a point, or a word. */
export function numberText(text: string, field: Field): string {
  if (!isWord.test(text)) return stripNumber(text, field);
  return /nan/i.test(text) ? "NaN" : text.replace(/inf/i, "Infinity");
}
