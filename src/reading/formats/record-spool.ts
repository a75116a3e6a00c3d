import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../../base/errors.ts";
import { writeError } from "../../storage/local.ts";
import type { OpenedSource } from "../open-source.ts";
import type { ReadingContext } from "../options.ts";
import { spoolPath } from "../spool-path.ts";

/**
 * Writes the copy of a source that holds records: lines of JSON, an object for each, or of CSV. Gives its path.
 *
 * @throws AirCanError what `lines` throws; `storage-error`.
 */
export async function spoolRecords(
  lines: AsyncIterable<string>,
  { fileName }: Pick<OpenedSource, "fileName">,
  context: Pick<ReadingContext, "temporaryFolder" | "signal">,
): Promise<string> {
  const path = spoolPath(`${fileName}.records`, context);
  try {
    await pipeline(lines, createWriteStream(path, { highWaterMark: 1 << 20 }), { signal: context.signal });
  } catch (error) {
    throw error instanceof AirCanError ? error : writeError(error, path);
  }
  return path;
}

/** A record of CSV: commas, `"`, LF. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^[\s#']|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}
