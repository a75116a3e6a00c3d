import { join } from "node:path";
import type { ReadingContext } from "./options.ts";

let spools = 0;

/** Where a copy of a file goes: a path in the temporary folder that no other copy has. */
export function spoolPath(
  fileName: string,
  { temporaryFolder }: Pick<ReadingContext, "temporaryFolder">,
): string {
  return join(temporaryFolder, `${spools++}-${fileName.replace(/[^A-Za-z0-9._-]/g, "_").slice(-100)}`);
}
