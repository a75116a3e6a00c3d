import { readFileSync, statSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../descriptor/problem.ts";
import { parseDescriptor } from "../descriptor/source-text.ts";

/** Bytes of the largest file that is looked at: descriptors are small. */
const mostBytes = 1 << 20;

/** What a local file of JSON or YAML describes, by what stands in it; undefined for data and all else. */
export function describedIn(path: string): "package" | "resource" | "schema" | undefined {
  if (!/\.(json|ya?ml)$/i.test(path)) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > mostBytes) return undefined;
  const read = parseDescriptor(path, readFileSync(path, "utf8"));
  return "value" in read && isJsonObject(read.value) ? kindOf(read.value) : undefined;
}

function kindOf(value: JsonObject): "package" | "resource" | "schema" | undefined {
  const { resources, fields, name } = value;
  if (isFilledList(resources, isSourced)) return "package";
  if (typeof name === "string" && isSourced(value)) return "resource";
  const isSchema = Object.keys(value).every((key) => schemaKeys.has(key)) && isFilledList(fields, isNamed);
  return isSchema ? "schema" : undefined;
}

const isFilledList = (value: unknown, test: (each: JsonObject) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isJsonObject(each) && test(each));

/** True for what says where its rows are, and how they are to be read. */
const isSourced = ({ path, data, schema, dialect, format, type }: JsonObject): boolean =>
  typeof path === "string" ||
  isTexts(path) ||
  (data !== undefined && [schema, dialect, format, type].some((told) => told !== undefined));

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");

const isNamed = ({ name }: JsonObject): boolean => typeof name === "string";

const schemaKeys = new Set([
  ...["$schema", "name", "title", "description", "fields", "fieldsMatch", "missingValues"],
  ...["primaryKey", "uniqueKeys", "foreignKeys"],
]);
