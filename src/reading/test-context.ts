import type { ReadingContext } from "./options.ts";

/** For tests: reading of local files in a folder, which is also where copies go. */
export function contextIn(folder: string, more: Partial<ReadingContext> = {}): ReadingContext {
  return {
    folder,
    trusted: true,
    allowPrivate: false,
    allowLocal: true,
    temporaryFolder: folder,
    signal: new AbortController().signal,
    ...more,
  };
}
