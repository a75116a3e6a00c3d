import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** Packages that package.json names and the page does not. */
function undocumented(packages: readonly string[], page: string): string[] {
  return packages.filter((name) => !page.includes(`\`${name}\``) && !name.startsWith("@types/"));
}

test("every dependency has its sentence in docs/dependencies.md, and none is left there that is gone", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
  const packages = [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
  const page = read("docs/dependencies.md");
  const first = page.split("\n").flatMap((line) => /^\| (`[^|]+`)/.exec(line)?.[1] ?? []);
  const named = first.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = ""]) => name));
  expect(undocumented(packages, page)).toEqual([]);
  expect(named.filter((name) => !packages.includes(name) && name !== "@types/*")).toEqual([]);
});

test("versions are exact, and the lockfile carries no download addresses", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
  const versions: unknown[] = [...Object.values(dependencies ?? {}), ...Object.values(devDependencies ?? {})];
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(String(version)))).toEqual([]);
  expect(read("package-lock.json")).not.toMatch(
    /"resolved"|https?:\/\/(?!github\.com|opencollective|paypal\.me|.*fund)/,
  );
});

test("the test of the page can fail", () => {
  expect(undocumented(["left-pad"], "| `zod` | schemas |")).toEqual(["left-pad"]);
});
