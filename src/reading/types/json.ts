import type { FieldType } from "../../descriptor/types.ts";
import type { FieldTypeDefinition } from "./field-type.ts";

function jsonType(
  name: FieldType,
  pattern: string,
  fits: (value: unknown) => boolean,
  example: string,
): FieldTypeDefinition {
  return {
    name,
    pattern: () => pattern,
    parse: (text) => {
      const value = parseJson(text);
      return fits(value) ? value : undefined;
    },
    expected: () => example,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const objectText = "\\s*\\{[\\s\\S]*\\}\\s*";

export const object = jsonType("object", objectText, isObject, 'a JSON object such as {"a": 1}');
export const array = jsonType(
  "array",
  "\\s*\\[[\\s\\S]*\\]\\s*",
  Array.isArray,
  "a JSON array such as [1, 2]",
);
export const geojson = jsonType("geojson", objectText, isObject, "a GeoJSON object");
