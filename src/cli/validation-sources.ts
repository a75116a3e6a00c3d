import { existsSync, globSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { FileEntry, ValidationFile } from "./validation-file.ts";

/** Files that are tables by their names. JSON is often something else. */
const tabular = "**/*.{csv,tsv,tab,ndjson,jsonl,xlsx,xls,ods,parquet,geojson}{,.gz,.zst}";

/** Names that the descriptor of a data package has. */
const descriptors = ["datapackage.json", "datapackage.yaml", "datapackage.yml"];

const skippedFolders = new Set(["node_modules", ".git", ".aircan"]);

/** What to test, relative to a folder. */
export interface FoundSource {
  readonly source: string;
  /** What an `aircan.yaml` tells of it alone. */
  readonly entry?: FileEntry;
}

/**
 * What an `aircan.yaml` names, its patterns as the files that they fit, in order of their names.
 *
 * @throws AirCanError `config-error` for a pattern that fits nothing.
 */
export function sourcesOfFile(file: ValidationFile): FoundSource[] {
  if (file.sources === undefined) return sourcesBelow(file.folder, file.exclude);
  return file.sources.flatMap(({ line, ...entry }) =>
    [entry.path].flat().flatMap((path) => {
      const exclude = [...(file.exclude ?? []), ...(entry.exclude ?? [])];
      const found = expanded(path, file.folder, exclude);
      if (found.length > 0) return found.map((source) => ({ source, entry }));
      throw new AirCanError("config-error", `${file.path}, line ${line}: "${path}" fits no file.`, {
        hint: "Correct the pattern; it is relative to the folder of the file.",
        where: { file: file.path, ...(line === undefined ? {} : { line }) },
      });
    }),
  );
}

/** The data package of a folder; if it has none, the packages and the tables below it. */
export function sourcesBelow(folder: string, exclude: readonly string[] = []): FoundSource[] {
  const own = descriptors.find((name) => existsSync(join(folder, name)));
  if (own !== undefined) return [{ source: own }];
  const packages = descriptors.flatMap((name) => filesOf(`**/${name}`, folder, exclude));
  const folders = packages.map((path) => path.replace(/[^/\\]+$/, ""));
  const tables = filesOf(tabular, folder, exclude).filter(
    (path) => !folders.some((inside) => path.startsWith(inside)),
  );
  return [...packages, ...tables].sort().map((source) => ({ source }));
}

/**
 * A path or address as it is; a pattern as the files that it fits; a folder that is no data package as what
 * is below it. A name with signs of patterns is none if it is there.
 */
export function expanded(path: string, folder: string, exclude: readonly string[] = []): string[] {
  if (path === "-" || /^[a-z][a-z0-9+.-]+:/i.test(path)) return [path];
  const found = statSync(resolve(folder, path), { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const below = sourcesBelow(resolve(folder, path), exclude).map(({ source }) => join(path, source));
    return below.length > 0 ? below : [path];
  }
  return found === undefined && /[*?[{]/.test(path) ? filesOf(path, folder, exclude) : [path];
}

function filesOf(pattern: string, folder: string, exclude: readonly string[]): string[] {
  const left = new Set(exclude.flatMap((each) => globSync(each, { cwd: folder })));
  return globSync(pattern, { cwd: folder, exclude: (path) => isSkipped(path) })
    .filter((path) => !left.has(path) && ![...left].some((each) => path.startsWith(`${each}/`)))
    .filter((path) => statSync(resolve(folder, path)).isFile())
    .sort();
}

const isSkipped = (path: string): boolean => {
  const name = path.split(/[\\/]/).at(-1) ?? "";
  return skippedFolders.has(name) || (name.startsWith(".") && name.length > 2);
};
