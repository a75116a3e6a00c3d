import { expect, test } from "vitest";
import { renderTable, textWidth } from "./table.ts";

test("a table shows titles, types and cells, numbers to the right", () => {
  const columns = [
    { title: "city", subtitle: "string" },
    { title: "people", subtitle: "integer", right: true },
  ];
  expect(
    renderTable(
      columns,
      [
        ["Oslo", "709037"],
        ["Ål", ""],
      ],
      { width: 80 },
    ),
  ).toBe(["city     people", "string  integer", "──────  ───────", "Oslo     709037", "Ål"].join("\n"));
});

test("a table fits the width: cells are cut, columns without room are named", () => {
  const columns = ["first", "second", "third", "fourth"].map((title) => ({ title }));
  const text = renderTable(columns, [["a".repeat(30), "b".repeat(30), "c", "d"]], { width: 30 });
  expect(text).toBe(
    [
      "first       second       third",
      "──────────  ───────────  ─────",
      "aaaaaaaaa…  bbbbbbbbbb…  c",
      "1 more: fourth",
    ].join("\n"),
  );
});

test.each([
  ["plain", 5],
  ["日本", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["👩‍👩‍👧", 2],
  ["한글", 4],
])("the width of %s is %i", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test("a line break in a cell stays on the cell's line", () => {
  expect(renderTable([{ title: "a" }], [["x\ny"]], { width: 80 }).split("\n")).toHaveLength(3);
});
