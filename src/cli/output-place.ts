import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";

/** Where an output goes that a user named. */
export interface OutputPlace {
  /** The file itself, where a link was named. */
  readonly path: string;
  /** True for a pipe or a device, which is written to; what is at the place of a file is replaced as a whole. */
  readonly isStream: boolean;
}

/** Looks at a place, whether something is there or not. */
export async function outputPlace(path: string): Promise<OutputPlace> {
  const there = await stat(path).catch(() => undefined);
  const isStream = resolve(path).startsWith("/dev/") || (there !== undefined && !there.isFile());
  return { path: isStream ? path : await realpath(path).catch(() => path), isStream };
}
