import { AirCanError } from "../../base/errors.ts";
import type { OpenedSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading } from "./definition.ts";

/** A list of objects; also a file of one object a line that is called `.json`. */
export const json: FormatDefinition = {
  name: "json",
  title: "JSON",
  extensions: ["json"],
  mediatype: "application/json",
  read: async (opened, { sample }) => [
    { path: opened.path, format: shapeOf(opened, sample), isSpooled: false },
  ],
};

/** @throws AirCanError `format-error` for one object that is no row. */
function shapeOf({ source }: OpenedSource, sample: FormatReading["sample"]): "json" | "ndjson" {
  const start = sample
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  if (!start.startsWith("{")) return "json";
  const [first = ""] = start.split(/\r?\n/, 1);
  if (isJson(first)) return "ndjson";
  throw new AirCanError("format-error", `${source} holds one JSON object, and no list of rows.`, {
    hint: "Make it a list of objects, or write one object in each line.",
    where: { source },
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
