import { binaryKind, isXmlElement } from "../document-kind.ts";
import { arrow } from "./arrow.ts";
import { csv, tsv } from "./csv.ts";
import type { FormatDefinition } from "./definition.ts";
import { fixedWidth } from "./fixed-width.ts";
import { geojson } from "./geojson.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";
import { fods, ods } from "./ods.ts";
import { parquet } from "./parquet.ts";
import { sqlite } from "./sqlite.ts";
import { xls, xlsb } from "./xls.ts";
import { xlsx } from "./xlsx.ts";
import { excelXml } from "./xlsx-xml.ts";
import { xml } from "./xml.ts";

/** The formats that can be read. */
export const formats: readonly FormatDefinition[] = [
  csv,
  tsv,
  json,
  geojson,
  ndjson,
  parquet,
  xlsb,
  xlsx,
  xls,
  excelXml,
  ods,
  fods,
  html,
  fixedWidth,
  xml,
  sqlite,
  arrow,
];

/** The format that a name, or an extension with or without its dot, means. */
export function formatNamed(name: string): FormatDefinition | undefined {
  const wanted = name.toLowerCase().replace(/^\./, "");
  return formats.find((format) => format.name === wanted || format.extensions.includes(wanted));
}

/** The format that a file can be alone, by its first bytes. */
export function formatByBytes(sample: Buffer): FormatDefinition | undefined {
  return formats.find(({ matches }) => matches?.(sample));
}

/** The format of a file by what its bytes are, else by its extension, else by its first characters. */
export function formatOf(fileName: string, sample: Buffer): FormatDefinition {
  const extension = fileName
    .toLowerCase()
    .replace(/\.(gz|zst)$/, "")
    .split(".")
    .at(-1);
  const known = formatByBytes(sample);
  if (known) return known;
  const named = formatNamed(extension ?? "");
  if (named && (!named.isBinary || binaryKind(sample) !== undefined)) return named;
  const found = formatByStart(sample);
  return named && found === ndjson ? csv : found; // CSV refuses what looks like the message of a server
}

function formatByStart(sample: Buffer): FormatDefinition {
  const start = sample
    .toString("utf8", 0, 4096)
    .replace(/^\ufeff/, "")
    .trimStart();
  if (isXmlElement(start)) return xml;
  return start.startsWith("[") ? json : start.startsWith("{") ? ndjson : csv;
}
