import { AirCanError } from "../base/errors.ts";
import type { Resource } from "../descriptor/types.ts";
import type { LocalTable } from "./local-table.ts";
import type { OpenedSource } from "./open-source.ts";

/** A file of a format that says itself what its columns are; the engine looks at them. */
export function describeStructured(opened: OpenedSource, told: Resource, sample: Buffer): LocalTable {
  const resource = { ...told, format: rowsFormat(opened, told.format ?? "", sample) };
  const known = ["json", "ndjson", "parquet"];
  if (!known.includes(resource.format ?? "")) {
    throw new AirCanError(
      "format-error",
      `${opened.source} has the format "${resource.format}", which cannot be read; known are csv, tsv, ${known.join(", ")}.`,
    );
  }
  return {
    path: opened.path,
    format: resource.format ?? "",
    resource,
    columns: [],
    labels: [],
    guessed: [],
    bytes: opened.bytes,
  };
}

/** A file of JSON may hold one object a line, too. @throws AirCanError `format-error` for one object that is no row. */
function rowsFormat({ source }: OpenedSource, format: string, sample: Buffer): string {
  const start = sample
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  if (format !== "json" || !start.startsWith("{")) return format;
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
