import type { FormatDefinition } from "./definition.ts";

/** One JSON object a line. */
export const ndjson: FormatDefinition = {
  name: "ndjson",
  title: "JSON lines",
  extensions: ["ndjson", "jsonl"],
  mediatype: "application/x-ndjson",
  read: async ({ path }) => [{ path, format: "ndjson", isSpooled: false }],
};
