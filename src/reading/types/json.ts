import type { Field, FieldType } from "../../descriptor/types.ts";
import type { FieldTypeDefinition } from "./field-type.ts";

/** White space as JSON has it. */
export const jsonSpace = "[ \\t\\n\\r]*";

interface JsonForm {
  /** Brackets in which the text stands. */
  readonly pattern: string;
  readonly fits: (value: unknown, field: Field) => boolean;
  readonly expected: (field: Field) => string;
}

function jsonType(name: FieldType, { pattern, fits, expected }: JsonForm): FieldTypeDefinition {
  return {
    name,
    pattern: () => pattern,
    parse: (text, field) => {
      const value = parseJson(text);
      return fits(value, field) ? value : undefined;
    },
    expected,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectText = `${jsonSpace}\\{[\\s\\S]*\\}${jsonSpace}`;

export const object = jsonType("object", {
  pattern: objectText,
  fits: isObject,
  expected: () => 'a JSON object such as {"a": 1}',
});

export const array = jsonType("array", {
  pattern: `${jsonSpace}\\[[\\s\\S]*\\]${jsonSpace}`,
  fits: Array.isArray,
  expected: () => "a JSON array such as [1, 2]",
});

/** What an object of each GeoJSON type (RFC 7946) must have, and of which kinds it may be. TopoJSON has one type. */
export const geojsonParts: Readonly<
  Record<string, Readonly<Record<string, readonly ("array" | "object" | "null")[]>>>
> = {
  ...Object.fromEntries(
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"].map((type) => [
      type,
      { coordinates: ["array"] },
    ]),
  ),
  GeometryCollection: { geometries: ["array"] },
  Feature: { geometry: ["object", "null"], properties: ["object", "null"] },
  FeatureCollection: { features: ["array"] },
};

/** The same of TopoJSON. */
export const topojsonParts = { Topology: { objects: ["object"], arcs: ["array"] } } as const;

function isGeoJson(value: unknown, field: Field): boolean {
  if (!isObject(value)) return false;
  const types: typeof geojsonParts = field.format === "topojson" ? topojsonParts : geojsonParts;
  const parts = types[String(value.type)];
  if (parts === undefined) return false;
  return Object.entries(parts).every(([name, kinds]) => kinds.some((kind) => kind === kindOf(value[name])));
}

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

export const geojson = jsonType("geojson", {
  pattern: objectText,
  fits: isGeoJson,
  expected: (field) =>
    field.format === "topojson"
      ? 'a TopoJSON object of the type "Topology"'
      : 'a GeoJSON object such as {"type": "Point", "coordinates": [10.75, 59.91]}',
});
