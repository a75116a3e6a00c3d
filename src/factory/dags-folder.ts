import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AirCanError, messageOf, toAirCanError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Dags } from "./dags.ts";
import type { DagDefinition } from "./task.ts";
import { openTurns } from "./turns.ts";

export interface DagsFolderParts {
  readonly folder: string;
  readonly load: (path: string) => Promise<readonly DagDefinition[]>;
  readonly dags: Dags;
  readonly log: Log;
}

/** What was seen of each file: time and size of it, or of all modules, as one may import another. */
type Seen = Map<string, string>;

const every = 2_000;
const settle = 100;
/** A start does not wait longer than this for the files of the folder. */
const patience = 10_000;
const dagFiles = /^[^._].*\.(ya?ml|json|[cm]?[jt]s)$/i;
const modules = /\.[cm]?[jt]s$/i;

/**
 * Keeps the factory's DAGs equal to the files of a folder (not of the folders in it; names that begin with `_` are
 * left out). A file that cannot be read keeps its last good version, and its error is shown.
 *
 * @throws AirCanError `config-error` if there is no such folder.
 */
export async function watchDagsFolder(
  parts: DagsFolderParts,
): Promise<{ readonly close: () => Promise<void> }> {
  const folder = resolve(parts.folder);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new AirCanError("config-error", `The folder of DAGs, ${folder}, is not there.`, {
      hint: "Make it, or name another with `--dags`.",
    });
  const seen: Seen = new Map();
  const turns = openTurns(() => scan({ ...parts, folder }, seen), {
    every,
    failed: (error) => parts.log("warning", `The folder of DAGs cannot be read: ${messageOf(error)}`),
  });
  // An editor writes a file in several steps.
  const watcher = watchQuietly(folder, () => setTimeout(turns.ring, settle).unref());
  await Promise.race([turns.first, pause(patience, undefined, { ref: false })]);
  return {
    close: async () => {
      watcher?.close();
      await turns.close();
    },
  };
}

/** Where the system tells of changes it is quicker; else looking now and then does. */
function watchQuietly(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(folder, changed).on("error", () => {});
  } catch {
    return undefined;
  }
}

async function scan(parts: DagsFolderParts, seen: Seen): Promise<void> {
  const { folder, dags } = parts;
  const found = await signatures(folder);
  const changed = [...found].filter(([path, signature]) => seen.get(path) !== signature);
  for (const [path, signature] of changed) seen.set(path, signature);
  await Promise.all(changed.map(([path]) => take(path, parts)));
  for (const source of await dags.sources()) {
    if (!source.startsWith(join(folder, "/")) || found.has(source)) continue;
    seen.delete(source);
    for (const id of await dags.from(source)) await dags.remove(id);
    parts.log("info", `${basename(source)} is gone, and its DAG with it.`);
  }
}

async function signatures(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => dagFiles.test(name)).sort();
  const entries = await Promise.all(
    names.map(async (name) => {
      const facts = await stat(join(folder, name)).catch(() => undefined);
      return [join(folder, name), facts?.isFile() ? `${facts.mtimeMs} ${facts.size}` : ""] as const;
    }),
  );
  const present = entries.filter(([, signature]) => signature !== "");
  const all = present.filter(([path]) => modules.test(path)).join();
  return new Map(present.map(([path, signature]) => [path, modules.test(path) ? all : signature]));
}

/** Stores the DAGs of one file, and forgets those that stood in it before. */
async function take(path: string, { dags, load, log }: DagsFolderParts): Promise<void> {
  const before = await dags.from(path);
  try {
    const definitions = await load(path);
    for (const definition of definitions) await dags.put(definition, path);
    const now = new Set(definitions.map(({ dag }) => dag));
    for (const id of before) if (!now.has(id)) await dags.remove(id);
  } catch (error) {
    const { message } = toAirCanError(error);
    log("warning", `The DAG file ${basename(path)} was not taken: ${message}`);
    const name = basename(path, extname(path));
    for (const id of before.length > 0 ? before : [name]) await dags.reject(id, path, error);
  }
}
