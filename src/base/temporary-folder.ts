import { mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Machine and process in a folder's name, so that others can tell whether its owner is still there. */
const host = hostname().replace(/[^A-Za-z0-9]/g, "");

/**
 * Makes a folder for temporary files, named after its kind (such as `aircan-run`) and this process, and
 * removes what processes of this machine that are gone, killed for example, have left beside it.
 */
export async function makeTemporaryFolder(parent: string, kind: string): Promise<string> {
  const names = await readdir(parent).catch((): string[] => []);
  const left = names.filter((name) => isLeft(name, kind));
  await Promise.all(left.map((name) => removeIfOurs(join(parent, name))));
  return mkdtemp(join(parent, `${kind}-${host}-${process.pid}-`));
}

/** What another user left is that user's to remove. */
async function removeIfOurs(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

function isLeft(name: string, kind: string): boolean {
  const start = `${kind}-${host}-`;
  if (!name.startsWith(start)) return false;
  const process = /^(\d+)-[A-Za-z0-9]{6}$/.exec(name.slice(start.length))?.[1];
  return process !== undefined && !isAlive(Number(process));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // another user's
  }
}
