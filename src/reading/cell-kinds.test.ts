import { expect, test } from "vitest";
import { kindsText } from "./cell-kinds.ts";
import { cellClass } from "./infer-classes.ts";

test.each([
  [["+47 912 34 567", "1 234 567", "1"], "1 × telephone numbers, 1 × numbers, 1 × whole numbers"],
  [["0", "1999", "20200101", "12"], "4 × whole numbers"],
  [["1.5", "1,5", "1.234,5", "12 345", "1e5"], "5 × numbers"],
  [["2020-01-31", "31/12/2020", "01/02/2020", "1-Feb-2020"], "4 × dates"],
  [["2020-01-31 10:00", "9:30", "n/a"], '1 × dates with times, 1 × times, 1 × cells "n/a"'],
  [
    ["€ 5", "5 %", "007", "Oslo", "true", "{}"],
    "1 × numbers in €, 1 × numbers in %, 1 × digits after a zero, 3 other kinds",
  ],
])("cells like %j are %s", (cells, kinds) => {
  const counts: Record<string, number> = {};
  for (const cell of cells) counts[cellClass(cell)] = (counts[cellClass(cell)] ?? 0) + 1;
  expect(kindsText(counts)).toBe(kinds);
});
