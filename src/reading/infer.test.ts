import { describe, expect, test } from "vitest";
import { type ClassCounts, chooseField, chooseFields, classify } from "./infer.ts";
import { cellClass } from "./infer-classes.ts";

function countsOf(cells: readonly string[]): ClassCounts {
  const counts: ClassCounts = {};
  for (const cell of cells) counts[cellClass(cell)] = (counts[cellClass(cell)] ?? 0) + 1;
  return counts;
}

const typeOf = (cells: readonly string[]) => chooseField(countsOf(cells)).field;
const text = { type: "string" };

describe("the narrowest type that every cell has", () => {
  test.each<[string, readonly string[], object]>([
    ["whole numbers", ["1", "-20", "0"], { type: "integer" }],
    ["years are whole numbers", ["2019", "2020"], { type: "integer" }],
    ["zeros and ones are whole numbers", ["0", "1"], { type: "integer" }],
    ["leading zeros are kept by text", ["007", "12"], text],
    ["telephone numbers", ["+47 912 34 567", "+4791234567"], text],
    ["telephone numbers in groups", ["974 760 673", "923 609 016"], text],
    ["identifiers of more than 18 digits", ["1234567890123456789", "9876543210987654321"], text],
    ["whole numbers of 64 bits", ["9007199254740993"], { type: "integer" }],
    ["large and small whole numbers", ["1234567890123456789", "5"], { type: "integer" }],
    ["decimals", ["1.5", "2", "1.234", "1e-3"], { type: "number" }],
    ["three decimals each", ["1.234", "2.345"], { type: "number" }],
    ["decimal commas", ["2,5", "7", "1,234"], { type: "number", decimalChar: "," }],
    ["a lone comma before three digits", ["1,234", "12"], text],
    ["German numbers", ["1.234,50", "2,5", "7"], { type: "number", decimalChar: ",", groupChar: "." }],
    ["German thousands and decimals", ["1.234", "2,5"], { type: "number", decimalChar: ",", groupChar: "." }],
    ["English numbers", ["1,234.50", "12"], { type: "number", groupChar: "," }],
    ["English thousands and decimals", ["1,234", "2.5"], { type: "number", groupChar: "," }],
    ["English whole numbers", ["1,234,567", "12"], { type: "integer", groupChar: "," }],
    ["Norwegian numbers", ["1 234,50", "2"], { type: "number", decimalChar: ",", groupChar: " " }],
    ["whole numbers with spaces", ["1 234", "2"], { type: "integer", groupChar: " " }],
    ["no-break spaces", ["1\u00a0234"], { type: "integer", groupChar: "\u00a0" }],
    [
      "narrow no-break spaces",
      ["1\u202f234,5", "7"],
      { type: "number", decimalChar: ",", groupChar: "\u202f" },
    ],
    ["Swiss numbers", ["1'234.50", "12"], { type: "number", groupChar: "'" }],
    ["several signs between groups", ["1,234,567", "1.234.567"], text],
    ["percent", ["12%", "5.5 %"], { type: "number", bareNumber: false, unit: "%" }],
    [
      "percent with decimal comma",
      ["12,5 %", "3 %"],
      { type: "number", decimalChar: ",", bareNumber: false, unit: "%" },
    ],
    [
      "a currency",
      ["€ 5.00", "€ 1,234.00", "-€7"],
      { type: "number", groupChar: ",", bareNumber: false, unit: "€" },
    ],
    ["a currency behind", ["5 kr", "7 kr"], { type: "integer", bareNumber: false, unit: "kr" }],
    ["two currencies are not added up", ["$5", "€5"], text],
    ["numbers with and without a unit", ["5 %", "5"], text],
    ["truth", ["true", "FALSE"], { type: "boolean" }],
    ["dates", ["2020-01-31"], { type: "date" }],
    ["impossible dates", ["2020-01-31", "2020-02-30"], text],
    ["the day first", ["01/02/2020", "31/01/2020"], { type: "date", format: "%d/%m/%Y" }],
    ["the month first", ["01/02/2020", "01/31/2020"], { type: "date", format: "%m/%d/%Y" }],
    ["day or month first", ["01/02/2020", "03/04/2020"], text],
    ["day and month first", ["31/01/2020", "01/31/2020"], text],
    ["two digits of a year", ["31/01/20", "01/02/21"], { type: "date", format: "%d/%m/%y" }],
    ["dashes", ["31-01-2020"], { type: "date", format: "%d-%m-%Y" }],
    ["points", ["1.2.2020", "31.12.1999"], { type: "date", format: "%d.%m.%Y" }],
    ["the year first", ["2020/01/31"], { type: "date", format: "%Y/%m/%d" }],
    ["names of months", ["31-Jan-2020", "1-Feb-2020"], { type: "date", format: "%d-%b-%Y" }],
    ["dates without separators are whole numbers", ["20200131"], { type: "integer" }],
    ["local time", ["2020-01-31T12:00:00", "2020-01-31T12:00:00.5"], { type: "datetime", zoned: false }],
    ["instants", ["2020-01-31T12:00:00Z", "2020-01-31T12:00:00+02:00"], { type: "datetime", zoned: true }],
    ["instants and local time", ["2020-01-31T12:00:00Z", "2020-01-31T12:00:00"], text],
    [
      "a space between date and time",
      ["2020-01-31 12:00:00"],
      { type: "datetime", format: "%Y-%m-%d %H:%M:%S" },
    ],
    ["minutes", ["2020-01-31 12:00"], { type: "datetime", format: "%Y-%m-%d %H:%M" }],
    ["German minutes", ["31.01.2020 12:00"], { type: "datetime", format: "%d.%m.%Y %H:%M" }],
    ["American minutes", ["1/31/2020 1:05 PM"], { type: "datetime", format: "%m/%d/%Y %I:%M %p" }],
    ["times", ["12:00:00"], { type: "time" }],
    ["times without seconds", ["9:30", "12:00"], { type: "time", format: "%H:%M" }],
    ["months", ["2020-01"], text],
    ["places", ["10.5,59.9"], text],
    ["durations", ["P1D"], text],
    ["objects", ['{"a":1}', "{}"], { type: "object" }],
    ["arrays", ["[1]", "[]"], { type: "array" }],
    ["what only looks like an object", ['{"a":1}', "{a}"], text],
    ["words for nothing are no numbers", ["1", "n/a"], text],
    ["spaces around numbers", [" 1", "2"], text],
    ["nothing", [], text],
  ])("%s: %j", (_, cells, expected) => {
    expect(typeOf(cells)).toEqual(expected);
  });
});

describe("what speaks against, and for", () => {
  const rest = (cells: readonly string[]) => {
    const { reason, candidates, confidence } = chooseField(countsOf(cells));
    return { reason, confidence, candidates };
  };

  test("cells that are no numbers leave the number as a candidate", () => {
    expect(rest([...Array.from({ length: 97 }, (_, i) => String(i + 3)), "n/a", "n/a", "-"])).toEqual({
      reason: "97 % of the cells read as integer, others do not",
      confidence: 0.51,
      candidates: [{ field: { type: "integer" }, share: 0.97 }],
    });
  });

  test("a type that is only proposed says why", () => {
    expect(rest(["0", "1", "1"])).toEqual({
      reason: "every cell reads as integer; boolean would do too",
      confidence: 0.75,
      candidates: [
        {
          field: { type: "boolean", trueValues: ["1"], falseValues: ["0"] },
          share: 1,
          doubt: "0 and 1 may also be numbers",
        },
      ],
    });
  });

  test("a share is never rounded up to all", () => {
    expect(chooseField({ integer: 999_999, text: 1 }).reason).toBe(
      "99.9 % of the cells read as integer, others do not",
    );
  });
});

describe("columns of one file speak for each other", () => {
  test.each<[string, readonly (readonly string[])[], readonly object[]]>([
    [
      "the order of day and month",
      [["01/02/2020"], ["31/01/2020 12:00"]],
      [
        { type: "date", format: "%d/%m/%Y" },
        { type: "datetime", format: "%d/%m/%Y %H:%M" },
      ],
    ],
    [
      "orders that differ",
      [["01/02/2020"], ["31/01/2020"], ["01-31-2020"]],
      [text, { type: "date", format: "%d/%m/%Y" }, { type: "date", format: "%m-%d-%Y" }],
    ],
    [
      "a decimal comma",
      [["1,234"], ["2,5"]],
      [
        { type: "number", decimalChar: "," },
        { type: "number", decimalChar: "," },
      ],
    ],
    [
      "a decimal point",
      [["1,234", "12"], ["2.5"]],
      [{ type: "integer", groupChar: "," }, { type: "number" }],
    ],
  ])("%s", (_, columns, expected) => {
    expect(chooseFields(columns.map(countsOf)).map(({ field }) => field)).toEqual(expected);
  });
});

test.each<[string, string]>([
  ["5", "integer"],
  ["0", "integer"],
  ["2020", "integer"],
  ["n/a", "text"],
  ["-", "text"],
  ["[note]", "text"],
  ["5 %", "% integer"],
])("where tables are looked for, %j is %s", (cell, expected) => {
  expect(classify(cell)).toBe(expected);
});
