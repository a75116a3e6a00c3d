import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { writeError } from "../../storage/local.ts";
import type { OpenedSource } from "../open-source.ts";
import type { ReadingContext } from "../options.ts";
import { spoolPath } from "../spool-path.ts";

/**
 * Writes the copy of a source into the temporary folder. Gives its path.
 *
 * @throws AirCanError `storage-error`; what `chunks` throws.
 */
export async function spool(
  chunks: AsyncIterable<string | Buffer>,
  fileName: string,
  context: Pick<ReadingContext, "temporaryFolder" | "signal">,
): Promise<string> {
  const path = spoolPath(fileName, context);
  const failure: { error?: unknown } = {};
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  try {
    await pipeline(noted(chunks, failure), file, { signal: context.signal });
  } catch (error) {
    throw "error" in failure ? failure.error : writeError(error, path);
  }
  return path;
}

async function* noted<Chunk>(
  chunks: AsyncIterable<Chunk>,
  failure: { error?: unknown },
): AsyncGenerator<Chunk> {
  try {
    yield* chunks;
  } catch (error) {
    failure.error = error;
    throw error;
  }
}

/** Writes the copy of a source that holds records: an object of JSON in each line, or CSV. Gives its path. */
export function spoolRecords(
  lines: AsyncIterable<string>,
  { fileName }: Pick<OpenedSource, "fileName">,
  context: Pick<ReadingContext, "temporaryFolder" | "signal">,
): Promise<string> {
  return spool(lines, `${fileName}.records`, context);
}

/** A record of CSV: commas, `"`, LF. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^[\s#']|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}
