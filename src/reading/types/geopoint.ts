import type { FieldTypeDefinition } from "./field-type.ts";

const degrees = "[+-]?[0-9]+(?:\\.[0-9]+)?";
const shapes: Readonly<Record<string, string>> = {
  default: `${degrees},\\s*${degrees}`,
  array: `\\s*\\[\\s*${degrees}\\s*,\\s*${degrees}\\s*\\]\\s*`,
  object: `\\s*\\{\\s*"(?:lon|lat)"\\s*:\\s*${degrees}\\s*,\\s*"(?:lon|lat)"\\s*:\\s*${degrees}\\s*\\}\\s*`,
};

/** Longitude and latitude in degrees; `[lon, lat]` in JavaScript. */
export const geopoint: FieldTypeDefinition = {
  name: "geopoint",
  pattern: (field) => shapes[field.format ?? "default"] ?? null,
  parse: (text, field) => {
    const [first = Number.NaN, second = Number.NaN] = (text.match(/[+-]?[0-9]+(?:\.[0-9]+)?/g) ?? []).map(
      Number,
    );
    const latitudeFirst = field.format === "object" && text.indexOf('"lat"') < text.indexOf('"lon"');
    const [lon, lat] = latitudeFirst ? [second, first] : [first, second];
    return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
  },
  expected: () => "a longitude and latitude such as 10.75,59.91",
};
