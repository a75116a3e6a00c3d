import { expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { check } from "../plan/build.ts";
import type { ErrorPolicy, Row } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, collect, loadCsv, planOf } from "./testing.ts";

const engine = createDuckDBEngine();

/** The rows that a check of one field leaves, and what it says of the others. */
async function outcome(field: Omit<Field, "name">, cells: readonly string[], onError: ErrorPolicy) {
  const named = { name: "c", ...field } as Field; // a field with its name
  const body = cells.map((cell, i) => `${i + 1},"${cell.replaceAll('"', '""')}"\n`).join("");
  const loaded = loadCsv(body, [{ name: "n", type: "integer" }, named], { onError });
  const relation = check(loaded, { onError, resource: "data" }, at);
  let rows: Row[] = [];
  const { errors } = await engine.run(
    planOf({ data: relation }, async (run) => {
      rows = await collect(run.rows(relation));
    }),
  );
  return {
    rows: rows.map(({ n }) => n),
    errors: errors.map(({ code, row, message }) => [code, row, message]),
  };
}

test.each<[string, Omit<Field, "name">, readonly string[], object]>([
  [
    "bounds and values are told as cells of the field",
    {
      type: "number",
      decimalChar: ",",
      groupChar: ".",
      constraints: { minimum: "1,5", maximum: "1.000,0", enum: ["1,5", 2.5, "1.000"] },
    },
    ["1,5", "2,5", "1.000,0", "1,4", "1.001"],
    {
      rows: [1, 2, 3],
      errors: [
        ["constraint-error", 5, '"1.4" in the field "c" must be at least 1,5.'],
        ["constraint-error", 5, '"1.4" in the field "c" must be one of 1,5, 2.5, 1.000.'],
        ["constraint-error", 6, '"1001" in the field "c" must be at most 1.000,0.'],
        ["constraint-error", 6, '"1001" in the field "c" must be one of 1,5, 2.5, 1.000.'],
      ],
    },
  ],
  [
    "bounds of dates stand in the field's format or in ISO 8601",
    { type: "date", format: "%d/%m/%Y", constraints: { minimum: "31/01/2020", maximum: "2020-02-29" } },
    ["31/01/2020", "29/02/2020", "30/01/2020", "01/03/2020"],
    {
      rows: [1, 2],
      errors: [
        ["constraint-error", 4, '"2020-01-30" in the field "c" must be at least 31/01/2020.'],
        ["constraint-error", 5, '"2020-03-01" in the field "c" must be at most 2020-02-29.'],
      ],
    },
  ],
  [
    "values are JSON's, whatever texts mean true",
    { type: "boolean", trueValues: ["ja"], falseValues: ["nei"], constraints: { enum: [true] } },
    ["ja", "nei"],
    { rows: [1], errors: [["constraint-error", 3, '"false" in the field "c" must be one of true.']] },
  ],
  [
    "JSON Schemas are tested",
    { type: "object", constraints: { jsonSchema: { required: ["a"] } } },
    ['{"a":1}', '{"b":1}'],
    {
      rows: [1],
      errors: [["constraint-error", 3, '"{"b":1}" in the field "c" must be as its JSON Schema says.']],
    },
  ],
  [
    "objects are the same in any order and spacing",
    { type: "object", constraints: { enum: [{ a: 1, b: 2 }] } },
    ['{"b": 2, "a": 1}', '{"a":1}'],
    {
      rows: [1],
      errors: [["constraint-error", 3, '"{"a":1}" in the field "c" must be one of {"a":1,"b":2}.']],
    },
  ],
  [
    "all digits count",
    { type: "number", constraints: { maximum: "0.3" } },
    ["0.3", "0.30000000000000000001"],
    {
      rows: [1],
      errors: [["constraint-error", 3, '"0.30000000000000000001" in the field "c" must be at most 0.3.']],
    },
  ],
  [
    "whole numbers of any size are compared",
    { type: "integer", constraints: { minimum: "123456789012345678901234567890123456789012" } },
    ["123456789012345678901234567890123456789012", "123456789012345678901234567890123456789011", "7"],
    {
      rows: [1],
      errors: [
        [
          "constraint-error",
          3,
          '"123456789012345678901234567890123456789011" in the field "c" must be at least 123456789012345678901234567890123456789012.',
        ],
        [
          "constraint-error",
          4,
          '"7" in the field "c" must be at least 123456789012345678901234567890123456789012.',
        ],
      ],
    },
  ],
])("%s", async (_, field, cells, expected) => {
  expect(await outcome(field, cells, "drop")).toEqual(expected);
});

test("where bad cells are kept, the good ones beside them are still tested by what they mean", async () => {
  const field = { type: "integer", constraints: { minimum: 5 } } as const;
  expect(await outcome(field, ["10", "x", "4"], "keep")).toEqual({
    rows: [1, 2, 3],
    errors: [
      ["type-error", 3, '"x" in the field "c" is not a whole number such as 42.'],
      ["constraint-error", 4, '"4" in the field "c" must be at least 5.'],
    ],
  });
});
