import { expect, test } from "vitest";
import { unsafeReason } from "./safe-path.ts";

test.each<[string, string | undefined]>([
  ["data.csv", undefined],
  ["data/2020/a b.csv", undefined],
  ["./data.csv", undefined],
  ["https://example.org/data.csv", undefined],
  ["ÅÆØ.csv", undefined],
  ["100%.csv", undefined],
  ["/etc/passwd", "is an absolute path"],
  ["C:\\data.csv", "is neither a relative path nor an http address"],
  ["\\\\server\\data.csv", "is an absolute path"],
  ["~/data.csv", "is an absolute path"],
  ["file:data.csv", "is neither a relative path nor an http address"],
  ["FILE:///etc/passwd", "is neither a relative path nor an http address"],
  ["../data.csv", "leads out of its folder"],
  ["a/../../data.csv", "leads out of its folder"],
  ["a\\..\\data.csv", "leads out of its folder"],
  ["a\\data.csv", "has a backslash, where paths have `/`"],
  ["a\0.csv", "has a NUL character"],
  [".git/config", "names a hidden folder"],
  ["a/.ssh/id", "names a hidden folder"],
  ["$HOME/data.csv", "names a variable of the environment"],
  ["%HOME%/data.csv", "names a variable of the environment"],
])("%j is %j", (path, reason) => {
  expect(unsafeReason(path)).toBe(reason);
});
