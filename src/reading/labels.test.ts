import { expect, test } from "vitest";
import { columnNames } from "./labels.ts";

test.each<[readonly string[], number, string[]]>([
  [["id", " name\r\nof it ", ""], 4, ["id", "name of it", "field3", "field4"]],
  [["a", "a", "a2", "a"], 4, ["a", "a2", "a22", "a3"]],
  [["ID", "id", "Id"], 3, ["ID", "id2", "Id3"]],
  [["Å", "å", "É", "E"], 4, ["Å", "å2", "É", "E"]],
])("the columns under %j are called by names of their own, in any case", (labels, width, names) => {
  expect(columnNames(labels, width)).toEqual(names);
});
