import { randomUUID } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** Locks that this process holds at this moment. */
const held = new Set<string>();
/** A lock this old was left by a process that is gone, whatever its number says (it may be another's by now). */
const longest = 120_000;
const every = 50;

/**
 * Work that only one process (or caller) at a time may do with a folder. The lock is a file with the number of
 * its process; one whose process is gone is passed over.
 */
export async function inTurn<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const mark = `${process.pid} ${randomUUID()}`;
  while (!(await take(path, mark))) await pause(every);
  try {
    return await work();
  } finally {
    held.delete(mark);
    await rm(path, { force: true });
  }
}

async function take(path: string, mark: string): Promise<boolean> {
  held.add(mark);
  try {
    await writeFile(path, mark, { flag: "wx" });
    return true;
  } catch (error) {
    held.delete(mark);
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (await isStale(path)) await rm(path, { force: true });
    return false;
  }
}

async function isStale(path: string): Promise<boolean> {
  const [text, facts] = await Promise.all([
    readFile(path, "utf8").catch(() => ""),
    stat(path).catch(() => undefined),
  ]);
  if (facts === undefined) return false;
  if (Date.now() - facts.mtimeMs > longest) return true;
  const pid = Number(text.split(" ")[0]);
  if (!(pid > 0)) return false;
  return pid === process.pid ? !held.has(text) : !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // it lives, but belongs to someone else
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
