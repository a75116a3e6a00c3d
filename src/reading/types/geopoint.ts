import type { Field } from "../../descriptor/types.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { jsonSpace } from "./json.ts";

const exponent = "(?:[eE][+-]?[0-9]+)?";
/** A number of degrees; no other text of a place looks like one. */
export const degrees = `[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)${exponent}`;
const jsonDegrees = `-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?${exponent}`;
const member = (name: string) => `"${name}"${jsonSpace}:${jsonSpace}${jsonDegrees}${jsonSpace}`;
const inBraces = (a: string, b: string) =>
  `${jsonSpace}\\{${jsonSpace}${member(a)},${jsonSpace}${member(b)}\\}${jsonSpace}`;

const eachDegrees = new RegExp(degrees, "g");

const shapes: Readonly<Record<string, string>> = {
  default: `${degrees}, *${degrees}`,
  array: `${jsonSpace}\\[${jsonSpace}${jsonDegrees}${jsonSpace},${jsonSpace}${jsonDegrees}${jsonSpace}\\]${jsonSpace}`,
  object: `${inBraces("lon", "lat")}|${inBraces("lat", "lon")}`,
};

const examples: Readonly<Record<string, string>> = {
  default: "10.75,59.91",
  array: "[10.75, 59.91]",
  object: '{"lon": 10.75, "lat": 59.91}',
};

const shapeOf = (field: Field) => field.format ?? "default";

/** Longitude and latitude in degrees; `[lon, lat]` in JavaScript. */
export const geopoint: FieldTypeDefinition = {
  name: "geopoint",
  pattern: (field) => shapes[shapeOf(field)] ?? null,
  parse: (text, field) => {
    const [first = Number.NaN, second = Number.NaN] = (text.match(eachDegrees) ?? []).map(Number);
    const latitudeFirst = field.format === "object" && text.indexOf('"lat"') < text.indexOf('"lon"');
    const [lon, lat] = latitudeFirst ? [second, first] : [first, second];
    return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
  },
  expected: (field) => `a longitude and latitude such as ${examples[shapeOf(field)] ?? examples.default}`,
};
