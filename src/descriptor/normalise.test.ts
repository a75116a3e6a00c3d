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
    expect(normaliseResource(written)).toEqual(expected);
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
      "missing values lose their labels",
      {
        fields: [{ name: "a", type: "string", missingValues: [{ value: "-", label: "none" }] }],
        missingValues: ["", { value: "NA" }],
      },
      { fields: [{ name: "a", type: "string", missingValues: ["-"] }], missingValues: ["", "NA"] },
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
