import { createInterface } from "node:readline";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { LocalTable } from "../local-table.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import { jsonLines } from "./json-rows.ts";

/**
 * Reads a file that the engine could not read as JSON step by step, for the place of what is wrong.
 *
 * @throws AirCanError `format-error` with line and byte; none if nothing is wrong with it.
 */
export async function refuseJson({ path, format, compression, bytes, resource }: LocalTable): Promise<void> {
  const source = String(resource.path ?? resource.name);
  const opened: OpenedSource = { source, path, fileName: source, bytes, compression };
  if (format === "ndjson") await refuseLine(opened);
  const { lines } = jsonLines(opened, {
    rows: { path: [], as: format === "ndjson" ? "documents" : "items" },
    header: false,
  });
  for await (const _ of lines);
}

/** An object that is not closed in its line would else be said to end with the file. */
async function refuseLine(opened: OpenedSource): Promise<void> {
  let line = 0;
  for await (const text of createInterface({ input: readSource(opened), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === "") continue;
    try {
      JSON.parse(text);
    } catch (error) {
      const { source } = opened;
      throw new AirCanError(
        "format-error",
        `${source} cannot be read as JSON lines: ${messageOf(error)}, in line ${line}.`,
        { cause: error, hint: "Correct that line, or have the file written again.", where: { source, line } },
      );
    }
  }
}
