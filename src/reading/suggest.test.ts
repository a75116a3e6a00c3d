import { expect, test } from "vitest";
import { type KeyColumn, suggestBoolean, suggestKey, suggestMissingValues } from "./suggest.ts";

const numbered = (name: string, type = "integer"): KeyColumn => ({ name, type, cells: ["1", "2", "3"] });

test.each<[string, readonly KeyColumn[], readonly string[] | undefined]>([
  ["the column that is called as a key", [numbered("name", "string"), numbered("city_id")], ["city_id"]],
  ["camel case", [numbered("n"), numbered("cityId")], ["cityId"]],
  ["else the first column", [numbered("n"), numbered("m")], ["n"]],
  [
    "another column without such a name",
    [{ ...numbered("n"), cells: ["1", "1", "2"] }, numbered("m")],
    undefined,
  ],
  ["repeated values", [{ ...numbered("id"), cells: ["1", "2", "2"] }], undefined],
  ["missing values", [{ ...numbered("id"), cells: ["1", "", "2"] }], undefined],
  ["measured values", [numbered("id", "number")], undefined],
  ["too few rows", [{ ...numbered("id"), cells: ["1", "2"] }], undefined],
])("a key is proposed: %s", (_, columns, expected) => {
  expect(suggestKey(columns, true)?.value).toEqual(expected);
});

test("words for nothing are proposed as missing values", () => {
  expect(suggestMissingValues("n", { integer: 97, "nothing n/a": 2, "nothing -": 1 }, [""])).toEqual({
    property: "schema.fields.n.missingValues",
    value: ["", "n/a", "-"],
    confidence: 0.99,
    reason: 'without "n/a", "-" every cell reads as integer',
  });
});

test.each([{ text: 5, "nothing -": 1 }, { integer: 5 }, { "nothing -": 5 }])("none for %j", (counts) => {
  expect(suggestMissingValues("n", counts as Record<string, number>, [""])).toBeUndefined();
});

test.each<[readonly string[], object | undefined]>([
  [["Yes", "No", "", "Yes"], { type: "boolean", trueValues: ["Yes"], falseValues: ["No"] }],
  [["ja", "Nei", "Ja"], { type: "boolean", trueValues: ["ja", "Ja"], falseValues: ["Nei"] }],
  [["J", "N"], { type: "boolean", trueValues: ["J"], falseValues: ["N"] }],
  [["Yes", "No", "Maybe"], undefined],
  [["Yes", "Yes"], undefined],
  [["a", "b"], undefined],
  [[""], undefined],
])("a boolean is proposed for %j: %j", (cells, expected) => {
  expect(suggestBoolean({ name: "a", type: "string", cells })?.value).toEqual(expected);
});
