import type { FormatDefinition } from "./definition.ts";
import { readJson } from "./json.ts";

/** One JSON object a line. */
export const ndjson: FormatDefinition = {
  name: "ndjson",
  title: "JSON lines",
  summary: "One object in each line.",
  options: ["path", "encoding"],
  extensions: ["ndjson", "jsonl"],
  mediatype: "application/x-ndjson",
  read: (opened, reading) => readJson(opened, reading, shapeOf(reading.sample)),
};

/** A document that begins with a list is one that only bears the name, or has a list in each line. */
const shapeOf = (sample: Buffer) =>
  sample
    .toString("utf8", 0, 4096)
    .replace(/^\ufeff/, "")
    .trimStart()
    .startsWith("{")
    ? "ndjson"
    : undefined;
