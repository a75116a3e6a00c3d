import type { Field } from "../../descriptor/types.ts";

/** A text as a literal inside a pattern of the syntax that RE2 and JavaScript share. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Digits, or digits in groups of three (in India also of two) if the field has a `groupChar`. */
export function grouped(field: Field, digits: string): string {
  if (!field.groupChar) return digits;
  const group = escapePattern(field.groupChar);
  return `[0-9]{1,3}(?:${group}[0-9]{2,3})*${group}[0-9]{3}|${digits}`;
}

/** What a number without a sign looks like: one that begins with a digit, and one that begins with the decimal mark. */
export interface NumberForms {
  readonly digitLed: string;
  readonly pointLed?: string;
}

/**
 * A number with its sign. `bareNumber: false` allows other text around it, such as a currency or a percent
 * sign. Not allowed is what may change the value: the parentheses of accountants before it, a minus after
 * it, and letters just before a decimal mark (`kr.50`).
 */
export function signedNumber(field: Field, { digitLed, pointLed }: NumberForms): string {
  const forms = pointLed === undefined ? digitLed : `${digitLed}|${pointLed}`;
  if (field.bareNumber !== false) return `[+-]?(?:${forms})`;
  if (typeof field.unit === "string") return withUnit(escapePattern(field.unit), forms);
  const after = "(?:[^0-9+-][^0-9]*)?";
  const before = (texts: string, number: string) => `(?:[+-]?${texts}|${texts}[+-])(?:${number})${after}`;
  const plain = before(prefix(field), digitLed);
  if (pointLed === undefined) return plain;
  return `${plain}|${before(`[^0-9A-Za-z+(${decimalMark(field)}-]*`, pointLed)}`;
}

/** A number with one unit, before or after it: the property `unit` of the field, AirCan's own, which inference sets. */
function withUnit(unit: string, forms: string): string {
  const space = "[ \u00a0\u202f]?";
  return `-?${unit}${space}(?:${forms})|${unit}${space}-(?:${forms})|-?(?:${forms})${space}${unit}`;
}

const decimalMark = (field: Field) => escapePattern(field.decimalChar ?? ".");

/** Text before a number; a decimal mark belongs to it if no digit follows. */
function prefix(field: Field): string {
  const mark = decimalMark(field);
  return `(?:[^0-9+(${mark}-]|${mark}[^0-9+${mark}-])*`;
}

/** Patterns of what stands around a number that is not bare; the first keeps the sign as its only group. */
export function surroundings(field: Field): { readonly before: string; readonly after: string } {
  return { before: `^([+-]?)${prefix(field)}`, after: "[^0-9]*$" };
}

/** The number alone, with `.` as decimal mark. */
export function stripNumber(text: string, field: Field): string {
  let plain = text;
  if (field.bareNumber === false) {
    const { before, after } = surroundings(field);
    plain = plain.replace(new RegExp(before), "$1").replace(new RegExp(after), "");
  }
  if (field.groupChar) plain = plain.replaceAll(field.groupChar, "");
  return field.decimalChar && field.decimalChar !== "." ? plain.replace(field.decimalChar, ".") : plain;
}
