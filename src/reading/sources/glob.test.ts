import { expect, test } from "vitest";
import { globPattern, globPrefix, isGlob } from "./glob.ts";

test.each([
  ["data/*.csv", ["data/a.csv", "data/.csv"], ["data/a/b.csv", "data/a.csvx", "a.csv"]],
  ["data/**/*.csv", ["data/a.csv", "data/a/b/c.csv"], ["other/a.csv"]],
  ["data/202?-[01][0-9].csv", ["data/2026-01.csv"], ["data/2026-21.csv", "data/202-01.csv"]],
  ["[!a]*.{csv,tsv}", ["b.csv", "bc.tsv"], ["a.csv", "b.txt"]],
  ["a+b (1).csv*", ["a+b (1).csv.gz"], ["aab (1).csv"]],
])("the pattern %s means %s and not %s", (pattern, fits, others) => {
  const matcher = globPattern(pattern);
  expect([fits.filter((path) => matcher.test(path)), others.filter((path) => matcher.test(path))]).toEqual([
    fits,
    [],
  ]);
});

test.each([
  ["data/*.csv", true],
  ["data/a?.csv", true],
  ["s3://bucket/*.csv", true],
  ["s3://bucket/a.csv?endpoint=http://x/*", false],
  ["https://example.org/a.csv?q=*", false],
  ["data/a.csv", false],
  ["data/a{1}.csv", false],
])("%s is a pattern: %s", (source, expected) => {
  expect(isGlob(source)).toBe(expected);
});

test("objects are listed from what stands before the first wildcard", () => {
  expect(["a/b*.csv", "*.csv", "a/{b,c}.csv"].map(globPrefix)).toEqual(["a/b", "", "a/"]);
});
