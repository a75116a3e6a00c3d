import { describe, expect, test } from "vitest";
import { inPackage, normaliseResource, normaliseSchema } from "./normalise.ts";

describe("a resource of version 1 becomes one of version 2", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["url is path", { name: "r", url: "a.csv" }, { name: "r", path: "a.csv" }],
    [
      "a tabular profile is the type table",
      { name: "r", path: "a.csv", profile: "tabular-data-resource" },
      { name: "r", path: "a.csv", type: "table" },
    ],
    ["a resource without a name has one", { path: "a.csv" }, { name: "data", path: "a.csv" }],
    [
      "nested dialects are flat",
      { name: "r", path: "a.csv", dialect: { header: false, csv: { delimiter: ";" } } },
      { name: "r", path: "a.csv", dialect: { header: false, delimiter: ";" } },
    ],
    [
      "dialects of other formats are flat too, as far as version 2 has words",
      {
        name: "r",
        path: "a.xlsx",
        dialect: {
          excel: { sheet: 2, fillMergedCells: true },
          json: { property: "data", keys: ["a"] },
          sql: { table: "t" },
        },
      },
      {
        name: "r",
        path: "a.xlsx",
        dialect: {
          sheetNumber: 2,
          excel: { fillMergedCells: true },
          property: "data",
          itemKeys: ["a"],
          table: "t",
        },
      },
    ],
    [
      "missing values of the resource are its schema's",
      { name: "r", path: "a.csv", missingValues: ["-", { value: "NA" }], schema: { fields: [] } },
      { name: "r", path: "a.csv", schema: { fields: [], missingValues: ["-", "NA"] } },
    ],
    [
      "a schema's own missing values win",
      { name: "r", path: "a.csv", missingValues: ["-"], schema: { fields: [], missingValues: [""] } },
      { name: "r", path: "a.csv", schema: { fields: [], missingValues: [""] } },
    ],
    [
      "what is no more in a dialect goes",
      { name: "r", path: "a.csv", dialect: { csvddfVersion: "1.2", delimiter: ";" } },
      { name: "r", path: "a.csv", dialect: { delimiter: ";" } },
    ],
    [
      "fields without a type are text in version 1",
      { name: "r", path: "a.csv", profile: "tabular-data-resource", schema: { fields: [{ name: "a" }] } },
      { name: "r", path: "a.csv", type: "table", schema: { fields: [{ name: "a", type: "string" }] } },
    ],
  ])("%s", (_, written, expected) => {
    const { aircan: _aircan, ...found } = normaliseResource(written);
    expect(found).toEqual(expected);
  });
});

describe("a schema of version 1 or 2 has one form", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a primary key is a list", { fields: [], primaryKey: "a" }, { fields: [], primaryKey: ["a"] }],
    [
      "fmt: goes from formats",
      { fields: [{ name: "a", type: "date", format: "fmt:%d/%m/%Y" }] },
      { fields: [{ name: "a", type: "date", format: "%d/%m/%Y" }] },
    ],
    [
      "the default format is none",
      { fields: [{ name: "a", type: "date", format: "default" }] },
      { fields: [{ name: "a", type: "date" }] },
    ],
    [
      "fields without a type are any in version 2",
      { fields: [{ name: "a" }] },
      { fields: [{ name: "a", type: "any" }] },
    ],
    [
      "missing values have their labels beside them",
      {
        fields: [{ name: "a", type: "string", missingValues: [{ value: "-", label: "none" }] }],
        missingValues: ["", { value: "NA" }],
      },
      {
        fields: [{ name: "a", type: "string", missingValues: ["-"], missingLabels: { "-": "none" } }],
        missingValues: ["", "NA"],
      },
    ],
    [
      "fieldsMatch is one word",
      { fields: [], fieldsMatch: ["subset"] },
      { fields: [], fieldsMatch: "subset" },
    ],
    [
      "a foreign key is of lists, and into the own table names none",
      { fields: [], foreignKeys: [{ fields: "a", reference: { resource: "", fields: "b" } }] },
      { fields: [], foreignKeys: [{ fields: ["a"], reference: { fields: ["b"] } }] },
    ],
  ])("%s", (_, written, expected) => {
    expect(normaliseSchema(written)).toEqual(expected);
  });
});

test("a package gives its resources what they lack", () => {
  const descriptor = {
    name: "p",
    sources: [{ title: "S" }],
    missingValues: ["-"],
    licenses: [{ name: "CC0-1.0" }],
  };
  expect(inPackage({ name: "r", path: "a.csv", licenses: [{ name: "MIT" }] }, descriptor)).toEqual({
    name: "r",
    path: "a.csv",
    licenses: [{ name: "MIT" }],
    sources: [{ title: "S" }],
    missingValues: ["-"],
  });
});

test("what was in an older form is said", () => {
  const written = {
    name: "r",
    url: "a.csv",
    profile: "tabular-data-resource",
    dialect: { csv: { delimiter: ";" }, csvddfVersion: 1.2 },
    schema: {
      fields: [{ name: "a" }, { name: "b", type: "date", format: "fmt:%d/%m/%Y" }],
      primaryKey: "a",
      foreignKeys: [{ fields: "a", reference: { resource: "", fields: "b" } }],
    },
  };
  expect(normaliseResource(written).aircan?.changes).toEqual([
    { pointer: "/url", text: "`url` is read as `path`" },
    { pointer: "/profile", text: 'the profile is read as `type: "table"`' },
    { pointer: "/dialect/csv", text: "what stands in `csv` is read as standing in the dialect" },
    {
      pointer: "/dialect/csvddfVersion",
      text: "`csvddfVersion` is left out, as it means nothing in version 2",
    },
    { pointer: "/schema/primaryKey", text: "the key is read as a list" },
    { pointer: "/schema/foreignKeys/0/fields", text: "the key is read as a list" },
    {
      pointer: "/schema/foreignKeys/0/reference/resource",
      text: "an empty name is read as the table itself",
    },
    { pointer: "/schema/fields/0", text: "a field without a type is read as `string`" },
    { pointer: "/schema/fields/1/format", text: "`fmt:%d/%m/%Y` is read as `%d/%m/%Y`" },
  ]);
  expect(normaliseResource({ name: "r", path: "a.csv" }).aircan).toBeUndefined();
});
