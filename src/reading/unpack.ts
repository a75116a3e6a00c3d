import type { OpenedSource } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";

/** The files in an archive; a file that is none is itself. */
export async function unpack(
  opened: OpenedSource,
  _options: ReadingOptions,
  _context: ReadingContext,
): Promise<readonly OpenedSource[]> {
  return [opened];
}
