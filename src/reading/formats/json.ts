import { stat } from "node:fs/promises";
import { AirCanError } from "../../base/errors.ts";
import type { Field } from "../../descriptor/types.ts";
import { documentKind } from "../document-kind.ts";
import type { OpenedSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { findJsonRows, type JsonRows, jsonPath } from "./json-find.ts";
import { lookAtJson } from "./json-look.ts";
import { secondItem } from "./json-parts.ts";
import { type JsonShape, jsonLines } from "./json-rows.ts";
import { spoolRecords } from "./record-spool.ts";

/**
 * A list of objects or of lists, wherever it stands in the document; an object of objects; also a file of one
 * object a line that is called `.json`.
 */
export const json: FormatDefinition = {
  name: "json",
  title: "JSON",
  summary:
    "A list of objects or of lists, wherever it stands in the document, or an object of objects. Digits of numbers stay as they are written.",
  options: ["path", "encoding"],
  extensions: ["json"],
  mediatype: "application/json",
  read: (opened, reading) => readJson(opened, reading, plainShape(reading.sample)),
};

/**
 * The rows of a JSON document. What has a shape that the engine knows is read as it is, and if that is
 * `ndjson`, as one object after another in any case.
 */
export async function readJson(
  found: OpenedSource,
  reading: FormatReading,
  shape: "json" | "ndjson" | undefined,
): Promise<readonly ReadTable[]> {
  const told = toldOf(reading);
  const { opened, hasLongDecimals } = await lookAtJson(found, reading);
  const isTold = told.path !== undefined || told.names !== undefined;
  const isWhole = shape === "json" || (shape === "ndjson" && isJson(firstLine(reading.sample)));
  if (isWhole && !isTold && !hasLongDecimals && !hasMark(reading.sample))
    return [{ path: opened.path, format: shape, isSpooled: opened !== found }];
  refusePage(opened, reading.sample);
  const rows: JsonRows =
    shape === "ndjson" && told.path === undefined
      ? { path: [], as: "documents" }
      : await findJsonRows(opened, told.path);
  return [await spooledTable(opened, reading, { ...told, rows })];
}

/** The engine takes no byte order mark. */
const hasMark = (sample: Buffer): boolean => sample.toString("utf8", 0, 3) === "\ufeff";

const firstLine = (sample: Buffer): string => sample.toString("utf8").trimStart().split(/\r?\n/, 1)[0] ?? "";

interface Told {
  /** Where the rows stand. */
  readonly path?: readonly string[];
  /** Keys that are read, or names for the items of lists. */
  readonly names?: readonly string[];
  readonly header: boolean;
}

/** What options and dialect say: version 2's `property`, `itemKeys`, `header`; Frictionless's `json.property`, `json.keys`. */
function toldOf({ options, declared }: FormatReading): Told {
  const dialect = declared.dialect ?? {};
  const nested = Object(dialect.json);
  const path = options.path ?? dialect.property ?? nested.property;
  const names = dialect.itemKeys ?? nested.keys;
  return {
    ...(typeof path === "string" ? { path: jsonPath(path) } : {}),
    ...(Array.isArray(names) ? { names: names.map(String) } : {}),
    header: options.headerRows !== "none" && dialect.header !== false,
  };
}

/** What the engine reads as it is: a list of objects, or an object in each line. */
function plainShape(sample: Buffer): "json" | "ndjson" | undefined {
  const start = sample.toString("utf8").trimStart();
  if (/^\[\s*\{/.test(start)) return (secondItem(sample) ?? "{") === "{" ? "json" : undefined;
  const [first = "", second = ""] = start.split(/\r?\n/, 2);
  return first.startsWith("{") && second.startsWith("{") && isJson(first) ? "ndjson" : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws AirCanError `format-error` for a page that was sent in place of the document. */
function refusePage({ source }: OpenedSource, sample: Buffer): void {
  const kind = /^(\ufeff)?\s*</.test(sample.toString("utf8", 0, 512)) ? documentKind(sample) : undefined;
  if (kind === undefined) return;
  throw new AirCanError("format-error", `${source} is ${kind}, and no JSON.`, {
    hint: "Look at it in a browser: the address may ask for a log in.",
    where: { source },
  });
}

async function spooledTable(
  opened: OpenedSource,
  { context, declared }: FormatReading,
  shape: JsonShape,
): Promise<ReadTable> {
  const { rows } = shape;
  const { lines, longDecimals } = jsonLines(opened, shape);
  const path = await spoolRecords(lines, opened, context);
  const numbers = longDecimals().map((name): Field => ({ name, type: "number" }));
  const isEmpty = (await stat(path)).size === 0;
  const property = rows.path.length === 0 ? {} : { dialect: { property: rows.path.join(".") } };
  return {
    path,
    format: "ndjson",
    isSpooled: true,
    known: isEmpty
      ? { fields: declared.schema?.fields ?? [], areAll: true }
      : { fields: numbers, areAll: false },
    resource: { ...property, ...(rows.guess ? { aircan: { guesses: [rows.guess] } } : {}) },
  };
}
