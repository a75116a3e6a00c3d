import { describe, expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import type { FieldStatistics, Statistics } from "../plan/engine.ts";
import { createDuckDBEngine } from "./engine.ts";
import { loadCsv } from "./testing.ts";

const engine = createDuckDBEngine();

async function statisticsOf(cells: readonly string[], field: Omit<Field, "name">): Promise<FieldStatistics> {
  const body = cells.map((cell, i) => `${i},"${cell.replaceAll('"', '""')}"\n`).join("");
  const fields = [{ name: "n", type: "integer" }, { name: "c", ...field } as Field] as const; // a field with its name
  const { fields: found } = await engine.statistics(loadCsv(body, fields, { onError: "clear" }));
  const { c } = found;
  if (c === undefined) throw new Error("the field has its statistics");
  return c;
}

test("integers: what is there, how it lies, and what comes most", async () => {
  const cells = [...Array.from({ length: 98 }, (_, i) => String(i + 1)), "1", "", "x"];
  expect(await statisticsOf(cells, { type: "integer" })).toEqual({
    count: 99,
    nulls: 2,
    distinct: 98,
    distinctIs: "exact",
    quantilesAre: "exact",
    min: "1",
    max: "98",
    mean: 49.01010101010101,
    deviation: expect.closeTo(28.72, 1),
    quantiles: [
      { share: 0.05, value: "4" },
      { share: 0.25, value: "24" },
      { share: 0.5, value: "49" },
      { share: 0.75, value: "74" },
      { share: 0.95, value: "94" },
    ],
    top: [{ value: "1", count: 2 }],
    histogram: Array.from({ length: 20 }, (_, i) => ({
      from: String(1 + i * 5),
      to: String(Math.min(98, 6 + i * 5)),
      count: i === 0 ? 6 : i === 19 ? 3 : 5,
    })),
  });
});

describe("values stand as texts of the field's type", () => {
  test.each<[Omit<Field, "name">, readonly string[], Partial<FieldStatistics>]>([
    [
      { type: "number", decimalChar: "," },
      ["1,5", "NaN", "1,5", "-2"],
      { min: "-2", mean: 1 / 3, top: [{ value: "1.5", count: 2 }], distinct: 3 },
    ],
    [
      { type: "integer" },
      ["123456789012345678901234567890123456789012", "5"],
      { min: "5", max: "123456789012345678901234567890123456789012", distinct: 2 },
    ],
    [
      { type: "date", format: "%d.%m.%Y" },
      ["31.01.2020", "01.02.2020", "01.02.2020"],
      {
        min: "2020-01-31",
        max: "2020-02-01",
        mean: null,
        top: [{ value: "2020-02-01", count: 2 }],
        histogram: [
          { from: "2020-01-31", to: "2020-02-01", count: 1 },
          { from: "2020-02-01", to: "2020-02-01", count: 2 },
        ],
      },
    ],
    [
      { type: "datetime", zoned: true },
      ["2020-01-01T02:00:00+02:00"],
      {
        min: "2020-01-01T00:00:00Z",
        histogram: [{ from: "2020-01-01T00:00:00Z", to: "2020-01-01T00:00:00Z", count: 1 }],
      },
    ],
    [
      { type: "datetime", zoned: false },
      ["2020-01-01T02:00:00"],
      { quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => ({ share, value: "2020-01-01T02:00:00" })) },
    ],
    [
      { type: "time" },
      ["10:00:00", "10:00:00.5"],
      {
        max: "10:00:00.5",
        histogram: expect.arrayContaining([{ from: "10:00:00", to: "10:00:00.025", count: 1 }]),
      },
    ],
    [
      { type: "boolean" },
      ["true", "1", "0"],
      { min: "false", distinct: 2, top: [{ value: "true", count: 2 }], histogram: [] },
    ],
    [
      { type: "string" },
      ["b", "a", "b", "a"],
      {
        top: [
          { value: "a", count: 2 },
          { value: "b", count: 2 },
        ],
        quantiles: [],
      },
    ],
    [
      { type: "object" },
      ['{"a":1}', '{"a":1}', "{}"],
      { min: null, distinct: 2, top: [{ value: '{"a":1}', count: 2 }] },
    ],
    [{ type: "list", itemType: "integer" }, ["1,2", "1,2"], { min: null, top: [{ value: "1,2", count: 2 }] }],
    [{ type: "geopoint" }, ["10.5,60", "10.5,60"], { distinct: 1, top: [{ value: "10.5,60", count: 2 }] }],
    [{ type: "duration" }, ["P1D", "PT1H"], { min: "PT1H", max: "P1D", quantiles: [] }],
    [{ type: "yearmonth" }, ["2020-02", "2020-01"], { min: "2020-01", quantiles: [] }],
    [{ type: "year" }, ["2020", "1999"], { min: "1999", max: "2020", mean: null }],
    [
      { type: "any" },
      ["", ""],
      { count: 0, nulls: 2, distinct: 0, min: null, top: [], quantiles: [], histogram: [] },
    ],
  ])("%j of %j", async (field, cells, expected) => {
    expect(await statisticsOf(cells, field)).toMatchObject(expected);
  });
});

test("a histogram counts every value that has a place", async () => {
  const cells = Array.from({ length: 1000 }, (_, i) => String(Math.sin(i) * 1000));
  const { histogram } = await statisticsOf(cells, { type: "number" });
  expect(histogram.map(({ count }) => count).reduce((a, b) => a + b, 0)).toBe(1000);
});

test("a table without rows has its fields", async () => {
  const found: Statistics = await engine.statistics(loadCsv("", [{ name: "a", type: "integer" }]));
  expect([found.rows, found.fields.a?.count, found.fields.a?.histogram]).toEqual([0, 0, []]);
});

test("each of many fields has its own facts", async () => {
  const fields = Array.from({ length: 130 }, (_, i): Field => ({ name: `c${i}`, type: "integer" }));
  const body = [0, 1, 1].map((row) => `${fields.map((_, i) => i + row).join(",")}\n`).join("");
  const { fields: found } = await engine.statistics(loadCsv(body, fields));
  expect(Object.values(found).map(({ min, distinct, top }) => [min, distinct, top])).toEqual(
    fields.map((_, i) => [String(i), 2, [{ value: String(i + 1), count: 2 }]]),
  );
});
