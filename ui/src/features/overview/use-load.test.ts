import { expect, it } from "vitest";
import { tableNameOf } from "./use-load.ts";

it.each([
  ["cities.csv", "cities"],
  ["Cities 2020.csv.gz", "cities_2020"],
  ["https://example.org/data/Ærlige Priser.tsv?x=1#a", "ærlige_priser"],
  ["https://example.org/", ""],
  ["", ""],
  [".csv", ""],
  ["a".repeat(80), "a".repeat(63)],
])("names the table of %s %s", (file, name) => expect(tableNameOf(file)).toBe(name));
