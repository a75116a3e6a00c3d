import { expect, test } from "vitest";
import type { ClassCounts } from "../reading/infer.ts";
import { cellClass } from "../reading/infer-classes.ts";
import { textColumnNote } from "./text-columns.ts";

function countsOf(cells: readonly string[]): ClassCounts {
  const counts: ClassCounts = {};
  for (const cell of cells) counts[cellClass(cell)] = (counts[cellClass(cell)] ?? 0) + 1;
  return counts;
}

test.each<[string, string[], string | undefined]>([
  ["words", ["a", "b"], undefined],
  ["whole numbers", ["1", "22"], undefined],
  ["few numbers among words", ["a", "b", "c", "22"], undefined],
  [
    "words among numbers",
    ["10", "22", "35", "many"],
    'types: the column "x" is taken as text: 75 % of the cells read as integer, others do not; correct the others, or say with a schema what the column is',
  ],
  [
    "dates that nobody can tell",
    ["01/02/2026", "03/04/2026"],
    'types: the column "x" is taken as text: dates, but nothing shows whether the day or the month comes first; say it with a schema',
  ],
])("of a column of %s it is said whether it is text for want of something better", (_, cells, note) => {
  expect(textColumnNote("x", countsOf(cells))).toBe(note);
});
