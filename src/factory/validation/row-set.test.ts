import { expect, test } from "vitest";
import { createRowSet } from "./row-set.ts";

test("a set of rows knows its members, however far apart they stand", () => {
  const rows = createRowSet();
  const members = [0, 1, 31, 32, 63, 64, 70_000, 5_000_000];
  for (const row of [...members, ...members]) rows.add(row);
  expect(rows.size()).toBe(members.length);
  const asked = [...members, 2, 33, 65, 69_999, 5_000_001, 90_000_000];
  expect(asked.filter(rows.has)).toEqual(members);
});
