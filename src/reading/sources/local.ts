import { createReadStream } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { ReadingContext } from "../options.ts";

/** A file of this machine. */
export interface LocalFile {
  readonly path: string;
  /** False for pipes and devices, which can be read once only. */
  readonly isRegular: boolean;
}

/**
 * The file that a path, or a `file:` address, means.
 *
 * @throws AirCanError `scheme-error` (missing, a folder), `unsafe-path` on a server.
 */
export async function localFile(source: string, context: ReadingContext): Promise<LocalFile> {
  requireLocal(source, context);
  const path = localPath(source, context);
  const found = await stat(path).catch((error: unknown) => {
    throw openError(source, error);
  });
  if (found.isDirectory())
    throw new AirCanError("scheme-error", `${source} is a folder, not a file.`, {
      hint: "Name a file in it, its datapackage.json, or a pattern such as `folder/*.csv`.",
    });
  return { path, isRegular: found.isFile() };
}

/** Standard input, or a pipe at a path. @throws AirCanError `unsafe-path` on a server. */
export function openPipe(source: string, context: ReadingContext) {
  requireLocal(source, context);
  return source === "-" ? process.stdin : createReadStream(localPath(source, context));
}

function requireLocal(source: string, { allowLocal }: ReadingContext): void {
  if (allowLocal) return;
  throw new AirCanError("unsafe-path", `${source} is a path on the server, which is not allowed here.`, {
    hint: "Give a URL or upload the file; or allow a folder with AIRCAN_ALLOW_LOCAL.",
  });
}

function localPath(source: string, { folder }: Pick<ReadingContext, "folder">): string {
  if (!/^file:/i.test(source)) return isAbsolute(source) ? source : resolve(folder, source);
  try {
    return fileURLToPath(source);
  } catch (error) {
    throw new AirCanError("scheme-error", `${source} is no address of a file of this machine.`, {
      hint: "Write file:///folder/file.csv, or the path alone.",
      cause: error,
    });
  }
}

/** The files that a pattern means, sorted; hidden ones only if the pattern names them. */
export async function localFiles(pattern: string, context: ReadingContext): Promise<readonly string[]> {
  requireLocal(pattern, context);
  if (/[*?[{].*\.\./s.test(pattern))
    throw new AirCanError("unsafe-path", `The pattern ${pattern} leads out of its folder.`, {
      hint: "Write `..` before the first `*`, or not at all.",
      where: { source: pattern },
    });
  const path = /^file:/i.test(pattern) ? pattern.replace(/^file:(\/\/)?/i, "") : pattern;
  const found: string[] = [];
  for await (const entry of glob(path, { cwd: context.folder, withFileTypes: true }))
    if (entry.isFile() && (!entry.name.startsWith(".") || /(^|\/)\.[^/]*$/.test(path)))
      found.push(join(entry.parentPath, entry.name));
  const shown = isAbsolute(path) ? found : found.map((each) => relative(context.folder, each));
  return shown.sort();
}

/** What it means that a file cannot be opened. */
export function openError(source: string, error: unknown): AirCanError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const reason =
    code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : messageOf(error);
  return new AirCanError("scheme-error", `${source} cannot be opened: ${reason}.`, {
    cause: error,
    where: { source },
  });
}
