import { describe, expect, test } from "vitest";
import { Temporal } from "../../base/temporal.ts";
import type { Field } from "../../descriptor/types.ts";
import { parseCell } from "./registry.ts";

type Told = Omit<Field, "name">;

const read = (cell: string, told: Told) => parseCell(cell, { name: "c", ...told } as Field); // it has its type

describe("cells are of their type, or not: nothing is nearly right", () => {
  test.each<[Told, readonly string[], readonly string[]]>([
    [
      { type: "integer" },
      ["1", "-0", "+1", "007", "9007199254740993"],
      ["1_000", "1.0", "0x1", "1,000", " 5", "5 ", "٣", "1e3", ""],
    ],
    [
      { type: "integer", groupChar: "," },
      ["1,000", "1000", "12,34,567"],
      ["1,00", ",100", "1,,000", "1.000"],
    ],
    [{ type: "integer", bareNumber: false }, ["5 %", "€95", "-€5", "kr 5"], ["(5)", "5-", "5 m2", "%"]],
    [
      { type: "number" },
      ["1", ".5", "5.", "1e3", "-1.5E-3", "NaN", "nan", "INF", "-INF", "inf"],
      ["1_000", "Infinity", "infi", "+INF", "1,000", "5%", ".", "1e", ""],
    ],
    [{ type: "number", decimalChar: "," }, ["1,5", ",5", "1"], ["1.5", "1,5,5"]],
    [
      { type: "number", decimalChar: ",", groupChar: "." },
      ["1.234,5", "1234,5", "1.234"],
      ["1,234.5", "12.34,5"],
    ],
    [{ type: "number", bareNumber: false, unit: "€" }, ["€5", "5 €", "-€5"], ["$5", "5"]],
    [
      { type: "boolean" },
      ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"],
      ["T", "yes", " true", "tRUE", "2"],
    ],
    [{ type: "boolean", trueValues: ["ja"], falseValues: ["nei"] }, ["ja", "nei"], ["true", "0", "Ja"]],
    [
      { type: "date" },
      ["2020-01-05", "2020-02-29", "0000-01-01"],
      ["2020-1-5", "2020-02-30", "2021-02-29", "05/01/2020", "20200105", "2020-01-05T00:00:00"],
    ],
    [
      { type: "date", format: "%d.%m.%Y" },
      ["31.01.2020", "1.2.2020"],
      ["31.02.2020", "2020-01-31", "01.31.2020", "1.2.20"],
    ],
    [{ type: "date", format: "%Y%m%d" }, ["20200131"], ["2020131", "20200230"]],
    [{ type: "date", format: "%Y-%j" }, ["2020-366", "2021-365"], ["2021-366", "2020-000"]],
    [
      { type: "date", format: "any" },
      ["2020-01-31", "31.01.2020", "01/31/2020", "31 January 2020", "Jan 31, 2020", "20200131"],
      ["yesterday", "2020-02-30", "31.02.2020"],
    ],
    [
      { type: "time" },
      ["10:00:00", "10:00:00.5", "23:59:59"],
      ["10:00", "25:00:00", "24:00:00", "10:00:00Z", "9:00:00"],
    ],
    [{ type: "time", format: "%I:%M %p" }, ["1:05 PM", "12:00 am"], ["13:05 PM", "1:05"]],
    [
      { type: "datetime" },
      ["2020-01-31T10:00:00", "2020-01-31T10:00:00Z", "2020-01-31T10:00:00.5+02:00"],
      ["2020-01-31 10:00:00", "2020-01-31", "2020-01-31T10:00", "2020-02-30T10:00:00"],
    ],
    [
      { type: "datetime", format: "any" },
      ["2020-01-31 10:00", "2020-01-31T10:00:00Z", "31.01.2020 10:00", "2020-01-31"],
      ["10:00"],
    ],
    [
      { type: "year" },
      ["2020", "-0044", "12026", "0000", "2020Z", "2020+02:00"],
      ["20", "020", "2020-01", "02020"],
    ],
    [{ type: "yearmonth" }, ["2020-01"], ["20-1", "2020-13", "2020", "2020-1"]],
    [
      { type: "duration" },
      ["P1Y2M", "PT1.5S", "-P1D", "P2W", "P1Y2M3DT4H5M6S"],
      ["P", "PT", "1Y", "P1M1Y", "P99999999999Y", "P1.5D"],
    ],
    [{ type: "string", format: "email" }, ["a@b.org", "a+b@sub.b.org"], ["a@b", "A B <a@b.org>", "@b.org"]],
    [
      { type: "string", format: "uri" },
      ["http://a.org/b", "urn:a:b", "mailto:a@b.org"],
      ["http://a b", "a.org", "//a.org"],
    ],
    [{ type: "string", format: "binary" }, ["QUJD", "QUI=", "QQ=="], ["!!!", "QUJDR", "QUI"]],
    [
      { type: "string", format: "uuid" },
      ["123e4567-e89b-12d3-a456-426614174000"],
      ["123e4567e89b12d3a456426614174000", "x"],
    ],
    [{ type: "geopoint" }, ["10.5,59.9", "-180, 90"], ["200,0", "0,91", "10.5", "10.5;59.9", "a,b"]],
    [{ type: "geopoint", format: "array" }, ["[10.5, 59.9]"], ["10.5,59.9", "[200, 0]", "[1]"]],
    [
      { type: "geopoint", format: "object" },
      ['{"lon": 10.5, "lat": 59.9}', '{"lat": 1, "lon": 2}'],
      ['{"lon": 1, "lon": 2}', '{"lon": 1}', "1,2"],
    ],
    [
      { type: "geojson" },
      [
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type": "Feature", "geometry": null, "properties": null}',
      ],
      ['{"type": "Pint", "coordinates": [1, 2]}', '{"type": "Point"}', "{}", "[]"],
    ],
    [
      { type: "geojson", format: "topojson" },
      ['{"type": "Topology", "objects": {}, "arcs": []}'],
      ['{"type": "Point", "coordinates": [1, 2]}'],
    ],
    [{ type: "object" }, ['{"a": 1}', " {} "], ["[]", "{a: 1}", '{"a": 1,}', '{"a": NaN}', "1"]],
    [{ type: "array" }, ["[]", '[1, {"a": 2}]'], ["{}", "[1,]", "1,2"]],
    [{ type: "list" }, ["a,b", "a", ","], []],
    [{ type: "list", itemType: "integer", delimiter: ";" }, ["1;2", "5"], ["1;x", "1,2", "1;;2"]],
    [{ type: "list", itemType: "date" }, ["2020-01-01,2020-02-29"], ["2020-01-01,2021-02-29"]],
    [{ type: "any" }, ["x", " ", "1"], []],
  ])("%j", (told, good, bad) => {
    expect(good.filter((cell) => read(cell, told) === undefined)).toEqual([]);
    expect(bad.filter((cell) => read(cell, told) !== undefined)).toEqual([]);
  });
});

test.each<[Told, string, unknown]>([
  [{ type: "integer" }, "9007199254740993", 9007199254740993n],
  [{ type: "integer", groupChar: " ", bareNumber: false }, "kr 1 234", 1234],
  [{ type: "number", decimalChar: ",", groupChar: ".", bareNumber: false }, "-€ 1.234,50", -1234.5],
  [{ type: "number", bareNumber: false }, "kr. 5.-", 5],
  [{ type: "number" }, "-INF", -Infinity],
  [{ type: "boolean", trueValues: ["ja"], falseValues: ["nei"] }, "nei", false],
  [{ type: "date", format: "%d/%m/%y" }, "01/02/69", Temporal.PlainDate.from("1969-02-01")],
  [{ type: "date", format: "any" }, "01/02/2020", Temporal.PlainDate.from("2020-01-02")],
  [{ type: "date", format: "any" }, "13/02/2020", Temporal.PlainDate.from("2020-02-13")],
  [
    { type: "datetime", format: "%Y-%m-%d %H:%M:%S.%f" },
    "2020-01-31 10:00:00.25",
    Temporal.PlainDateTime.from("2020-01-31T10:00:00.25"),
  ],
  [{ type: "datetime" }, "2020-01-31T10:00:00+02:00", Temporal.Instant.from("2020-01-31T08:00:00Z")],
  [{ type: "time", format: "%I:%M %p" }, "12:05 AM", Temporal.PlainTime.from("00:05:00")],
  [{ type: "year" }, "-0044Z", -44],
  [{ type: "list", itemType: "number" }, "1.5,2", [1.5, 2]],
  [{ type: "geopoint", format: "object" }, '{"lat": 59.9, "lon": 10.5}', [10.5, 59.9]],
])("of %j, %j is a value", (told, cell, value) => {
  expect(JSON.stringify(comparable(read(cell, told)))).toBe(JSON.stringify(comparable(value)));
});

/** Values that JSON keeps. */
const comparable = (value: unknown) =>
  typeof value === "bigint" || value === -Infinity ? String(value) : value;
