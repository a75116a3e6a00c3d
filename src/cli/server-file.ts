import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the factory of a data folder listens, for other commands to find it. */
export interface ServerFile {
  readonly url: string;
  readonly pid: number;
}

const pathOf = (dataFolder: string): string => join(dataFolder, "server.json");

/** Says that the factory of a data folder listens. Gives what takes that back. */
export async function writeServerFile(dataFolder: string, file: ServerFile): Promise<() => Promise<void>> {
  const path = pathOf(dataFolder);
  await writeFile(`${path}.${file.pid}.tmp`, `${JSON.stringify(file)}\n`);
  await rename(`${path}.${file.pid}.tmp`, path);
  return async () => {
    if ((await readServerFile(dataFolder))?.pid === file.pid) await rm(path, { force: true });
  };
}

/** What the factory of a data folder said last; it may be gone since. */
export async function readServerFile(dataFolder: string): Promise<ServerFile | undefined> {
  const text = await readFile(pathOf(dataFolder), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const file: unknown = JSON.parse(text);
    const known = typeof file === "object" && file !== null && "url" in file && "pid" in file;
    return known && typeof file.url === "string" && typeof file.pid === "number"
      ? { url: file.url, pid: file.pid }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The address of the factory that runs on a data folder at this moment. */
export async function findServer(dataFolder: string): Promise<string | undefined> {
  const file = await readServerFile(dataFolder);
  if (file === undefined || !isAlive(file.pid)) return undefined;
  const answer = await fetch(new URL("/health", file.url), { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  return answer === undefined ? undefined : file.url;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // it lives, but belongs to someone else
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
