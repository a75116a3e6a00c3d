import type { FieldTypeDefinition } from "./field-type.ts";
import { escapePattern, grouped, stripNumber, surrounded } from "./numeric.ts";

/** Decimal numbers. Parsed here as doubles; the engine keeps every digit. */
export const number: FieldTypeDefinition = {
  name: "number",
  pattern: (field) => {
    const point = escapePattern(field.decimalChar ?? ".");
    const digits = `(?:${grouped(field, "[0-9]+")})(?:${point}[0-9]*)?|${point}[0-9]+`;
    return `${surrounded(field, `[+-]?(?:${digits})(?:[eE][+-]?[0-9]+)?`)}|NaN|-?INF`;
  },
  parse: (text, field) => {
    if (text === "NaN") return Number.NaN;
    if (text.endsWith("INF")) return text.startsWith("-") ? -Infinity : Infinity;
    return Number(stripNumber(text, field));
  },
  expected: (field) => `a number such as 3${field.decimalChar ?? "."}14`,
};
