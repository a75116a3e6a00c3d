import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { AirCanError } from "../../base/errors.ts";
import type { ReadingContext } from "../options.ts";
import { isGlob } from "./glob.ts";
import { localFiles } from "./local.ts";
import { isAddress, sourceFor } from "./registry.ts";

/** True if a source means several files. A file whose name looks like a pattern is itself. */
export function isPattern(source: string, { folder, allowLocal }: ReadingContext): boolean {
  return isGlob(source) && !(allowLocal && !isAddress(source) && existsSync(resolve(folder, source)));
}

/**
 * The files that a pattern means, in the order of their names.
 *
 * @throws AirCanError `scheme-error` if there are none, or the kind of address has no list; `unsafe-path`.
 */
export async function matchingSources(pattern: string, context: ReadingContext): Promise<readonly string[]> {
  const isLocal = !isAddress(pattern) || /^file:/i.test(pattern);
  const found = isLocal
    ? await localFiles(pattern, context)
    : ((await sourceFor(pattern).list?.(pattern, context)) ?? []);
  if (found.length > 0) return found;
  throw new AirCanError("scheme-error", `No file fits the pattern ${pattern}.`, {
    hint: "Check the folder and the pattern; case matters.",
    where: { source: pattern },
  });
}
