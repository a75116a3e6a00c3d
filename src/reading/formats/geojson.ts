import { stat } from "node:fs/promises";
import type { Field } from "../../descriptor/types.ts";
import { type OpenedSource, readSample } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { lookAtJson } from "./json-look.ts";
import { jsonParts } from "./json-parts.ts";
import { jsonLines } from "./json-rows.ts";
import { spoolRecords } from "./record-spool.ts";

const collection = /"type"\s*:\s*"FeatureCollection"/;

/** Features of a collection (RFC 7946), or one in each line: a row each, with `id`, properties and `geometry`. */
export const geojson: FormatDefinition = {
  name: "geojson",
  title: "GeoJSON",
  summary: "The features of a collection, a row each, with `id`, properties and `geometry`.",
  options: ["encoding"],
  extensions: ["geojson", "geojsonl"],
  mediatype: "application/geo+json",
  matches: (sample) => {
    const start = sample.toString("utf8", 0, 4096).trimStart();
    return start.startsWith("{") && (collection.test(start) || /^\{\s*"type"\s*:\s*"Feature"/.test(start));
  },
  read: async (opened, reading) => [await readFeatures(opened, reading)],
};

async function readFeatures(found: OpenedSource, reading: FormatReading): Promise<ReadTable> {
  const { context, declared } = reading;
  const { opened } = await lookAtJson(found, reading);
  const { sample } = await readSample(opened, 64 * 1024);
  const isCollection = collection.test(sample.toString("utf8"));
  const { lines, longDecimals } = jsonLines(opened, {
    rows: isCollection ? { path: ["features"], as: "items" } : { path: [], as: "documents" },
    header: false,
    toRow: featureRow,
  });
  const path = await spoolRecords(lines, opened, context);
  const isEmpty = (await stat(path)).size === 0;
  const numbers = longDecimals().map((name): Field => ({ name, type: "number" }));
  const geometry: Field = { name: "geometry", type: "geojson" };
  const fields = isEmpty ? (declared.schema?.fields ?? [geometry]) : [...numbers, geometry];
  return { path, format: "ndjson", isSpooled: true, known: { fields, areAll: isEmpty } };
}

/** A feature as an object of cells, each as it is written; undefined for what is none. */
function featureRow(text: string): string | undefined {
  const parts = text.trimStart().startsWith("{") ? jsonParts(text) : [];
  const members = new Map(parts.map((part) => [part.key, part.text]));
  if (members.get("type") !== '"Feature"') return undefined;
  const written = members.get("properties") ?? "null";
  const properties = written === "null" ? [] : jsonParts(written);
  const taken = new Set(properties.map(({ key }) => key));
  const own = (name: string) => (taken.has(name) ? `feature_${name}` : name);
  const id = members.get("id");
  const cells = [
    ...(id === undefined ? [] : [{ key: own("id"), text: id }]),
    ...properties,
    { key: own("geometry"), text: members.get("geometry") ?? "null" },
  ];
  return `{${cells.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(",")}}`;
}
