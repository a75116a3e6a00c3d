import type { Field } from "../../descriptor/types.ts";

/** A text as a literal inside a pattern of the syntax that RE2 and JavaScript share. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Digits, or digits in groups of three if the field has a `groupChar`. */
export function grouped(field: Field, digits: string): string {
  const group = field.groupChar;
  return group ? `[0-9]{1,3}(?:${escapePattern(group)}[0-9]{3})+|${digits}` : digits;
}

/** `bareNumber: false` allows other text before and after the number, such as a currency or a percent sign. */
export function surrounded(field: Field, pattern: string): string {
  return field.bareNumber === false ? `[^0-9+.-]*(?:${pattern})[^0-9]*` : pattern;
}

/** The number alone, with `.` as decimal mark. */
export function stripNumber(text: string, field: Field): string {
  let plain = field.groupChar ? text.replaceAll(field.groupChar, "") : text;
  if (field.bareNumber === false) plain = plain.replace(/^[^0-9+.-]*/, "").replace(/[^0-9]*$/, "");
  return field.decimalChar && field.decimalChar !== "." ? plain.replace(field.decimalChar, ".") : plain;
}
