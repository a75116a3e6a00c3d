import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The floors of ARCHITECTURE.md: a folder may import from those below its own, and from itself. */
const floors: Readonly<Record<string, number>> = {
  base: 0,
  descriptor: 1,
  reading: 1,
  storage: 1,
  plan: 2,
  flow: 3,
  duckdb: 3,
  formats: 3,
  sql: 3,
  processors: 4,
  checks: 4,
  ckan: 5,
  factory: 5,
  server: 6,
  cli: 7,
  testing: 7,
  "index.ts": 7,
};

/** `reading` opens addresses and files through `storage`, and describes with the words of `descriptor`. */
const allowedSideways: ReadonlySet<string> = new Set([
  "reading -> storage",
  "reading -> descriptor",
  "testing -> index.ts",
  "cli -> index.ts",
]);

/** The page knows the server by its types alone. */
const allowedOfUi: ReadonlySet<string> = new Set(["src/server/contract.ts", "src/factory/model.ts"]);

interface SourceFile {
  /** From the root of the repository, such as `src/plan/build.ts`. */
  readonly path: string;
  readonly text: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(
      (path) => /\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$/.test(path) && !path.includes("node_modules"),
    )
    .map((path) => ({
      path: join(folder, path),
      text: readFileSync(join(root, folder, path), "utf8"),
    }));
}

/** The files that a source imports by a relative path, types too. */
function importsOf({ path, text }: SourceFile): string[] {
  const specifiers = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g);
  return Array.from(specifiers, (match) => normalize(join(dirname(path), match[1] ?? "")));
}

const folderOf = (path: string): string => path.split("/")[1] ?? "";

/** Each import that goes up, sideways, or from the page into the program, as one line of text. */
function forbiddenEdges(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((target) => {
      const problem = file.path.startsWith("ui/")
        ? problemOfUi(file, target)
        : problemOfFloors(file.path, target);
      return problem === undefined ? [] : [`${file.path} imports ${target}: ${problem}`];
    }),
  );
}

function problemOfUi({ text }: SourceFile, target: string): string | undefined {
  if (target.startsWith("ui/")) return undefined;
  if (!allowedOfUi.has(target)) return "the page may import types of the contract only";
  const typesOnly = !new RegExp(`(?:import|export) (?!type)[^;]*${target.split("/").at(-1)}"`).test(text);
  return typesOnly ? undefined : "the page may import types, no values";
}

function problemOfFloors(from: string, target: string): string | undefined {
  const [own, other] = [folderOf(from), folderOf(target)];
  const [floor, otherFloor] = [floors[own], floors[other]];
  if (floor === undefined) return `${own} stands on no floor`;
  if (!target.startsWith("src/") || own === other) return undefined;
  if (otherFloor === undefined) return `${other} stands on no floor`;
  if (allowedSideways.has(`${own} -> ${other}`) || otherFloor < floor) return undefined;
  return `${otherFloor > floor ? "up" : "sideways"}, from floor ${floor} to floor ${otherFloor}`;
}

test("imports go down, never up and never sideways", () => {
  expect(forbiddenEdges([...sourceFiles("src"), ...sourceFiles("ui/src")])).toEqual([]);
});

const fakes: readonly (readonly [name: string, file: SourceFile, edges: readonly string[]])[] = [
  [
    "an upward type import",
    { path: "src/plan/x.ts", text: 'import type { Flow } from "../flow/flow.ts";' },
    ["src/plan/x.ts imports src/flow/flow.ts: up, from floor 2 to floor 3"],
  ],
  [
    "a sideways import",
    { path: "src/factory/x.ts", text: 'import { load } from "../ckan/load/load.ts";' },
    ["src/factory/x.ts imports src/ckan/load/load.ts: sideways, from floor 5 to floor 5"],
  ],
  [
    "a lazy upward import",
    { path: "src/base/x.ts", text: 'await import("../cli/main.ts")' },
    ["src/base/x.ts imports src/cli/main.ts: up, from floor 0 to floor 7"],
  ],
  [
    "an export from above",
    { path: "src/sql/x.ts", text: 'export { a } from "../server/app.ts";' },
    ["src/sql/x.ts imports src/server/app.ts: up, from floor 3 to floor 6"],
  ],
  [
    "a folder that stands on no floor",
    { path: "src/misc/x.ts", text: 'import { a } from "../base/hash.ts";' },
    ["src/misc/x.ts imports src/base/hash.ts: misc stands on no floor"],
  ],
  [
    "a value that the page takes from the program",
    { path: "ui/src/x.ts", text: 'import { Run } from "../../src/server/contract.ts";' },
    ["ui/src/x.ts imports src/server/contract.ts: the page may import types, no values"],
  ],
  [
    "a page that reaches into the program",
    { path: "ui/src/x.ts", text: 'import type { Run } from "../../src/factory/run.ts";' },
    ["ui/src/x.ts imports src/factory/run.ts: the page may import types of the contract only"],
  ],
  ["a downward import", { path: "src/cli/x.ts", text: 'import { a } from "../base/hash.ts";' }, []],
];

test.each(fakes)("the floors test would see %s", (_name, file, edges) => {
  expect(forbiddenEdges([file])).toEqual(edges);
});
