import { type OpenedSource, readSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading } from "./definition.ts";
import { json } from "./json.ts";
import { hasLongDecimals } from "./json-digits.ts";

/** One JSON object a line. */
export const ndjson: FormatDefinition = {
  name: "ndjson",
  title: "JSON lines",
  summary: "One object in each line.",
  options: ["path"],
  extensions: ["ndjson", "jsonl"],
  mediatype: "application/x-ndjson",
  read: async (opened, reading) =>
    (await isPlain(opened, reading))
      ? [{ path: opened.path, format: "ndjson", isSpooled: false }]
      : json.read(opened, reading),
};

/** True if the engine can read the file as it is; lists in its lines, and long decimals, it cannot. */
async function isPlain(opened: OpenedSource, { sample, options }: FormatReading): Promise<boolean> {
  if (options.path !== undefined || !sample.toString("latin1").trimStart().startsWith("{")) return false;
  return !(await hasLongDecimals(readSource(opened)));
}
