import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { writeError } from "./local.ts";

const journalName = ".aircan-commit.json";

interface Journal {
  /** Folder of the new files, relative to the target. */
  readonly staging: string;
  readonly files: readonly string[];
}

/**
 * Puts staged files in their places, the last one last. A journal is written first: if the process dies
 * between two renames, the next one that opens the folder finishes them (`finishCommit`), so that the
 * folder has the old files or the new ones.
 *
 * @throws AirCanError `storage-error`
 */
export async function commitFiles(staging: string, target: string, files: readonly string[]): Promise<void> {
  try {
    for (const file of files) await synchronise(join(staging, file));
    const journal: Journal = { staging: relative(target, staging), files };
    const temporary = join(staging, journalName);
    await writeFile(temporary, JSON.stringify(journal), { flush: true });
    await rename(temporary, join(target, journalName));
    await moveFiles(target, journal);
  } catch (error) {
    throw writeError(error, target);
  }
}

/**
 * Finishes a commit that was cut off; does nothing if there is none. A journal that names anything outside
 * of its folder was not written by `commitFiles` and is left alone.
 */
export async function finishCommit(target: string): Promise<void> {
  const text = await readFile(join(target, journalName), "utf8").catch(() => undefined);
  const journal = text === undefined ? undefined : readJournal(text);
  if (journal) await moveFiles(target, journal);
}

function readJournal(text: string): Journal | undefined {
  const { staging, files } = JSON.parse(text) as Journal; // a journal is renamed to its place when it is whole
  const safe = /^\.aircan-[A-Za-z0-9-]+$/.test(staging) && files.every(staysBelow);
  return safe ? { staging, files } : undefined;
}

const staysBelow = (path: string) => !isAbsolute(path) && !path.split(/[\\/]/).includes("..");

async function moveFiles(target: string, { staging, files }: Journal): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await rename(join(target, staging, file), join(target, file)).catch(ignoreMoved);
  }
  await rm(join(target, journalName), { force: true });
  await rm(join(target, staging), { recursive: true, force: true });
}

/** A file that was moved before the process died is not there any more. */
function ignoreMoved(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function synchronise(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
