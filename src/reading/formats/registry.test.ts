import { describe, expect, test } from "vitest";
import { formatOf } from "./registry.ts";

const format = (name: string, start: string) => formatOf(name, Buffer.from(start, "latin1")).name;

describe("a text is read as what it is, whatever kind of workbook its name tells", () => {
  test.each([
    ["id,name\n1,Oslo\n", "csv"],
    ['[{"id":1}]', "json"],
    ["<towns><town><id>1</id></town></towns>", "xml"],
    ['<?xml version="1.0"?><towns/>', "xml"],
    ["<!doctype html><html><body>Log in</body></html>", "csv"], // which refuses it, with what to do
    ['{"error":"no such file"}', "csv"],
  ])("%s", (start, expected) => {
    const names = ["a.xlsx", "a.xlsb", "a.ods", "a.parquet", "a.sqlite", "a.arrow"];
    expect(names.map((name) => format(name, start))).toEqual(names.map(() => expected));
  });
});

describe("what is no text, and of no known kind, is what its name tells", () => {
  test.each(["xlsx", "ods", "parquet", "sqlite", "arrow", "xls"])("%s", (name) => {
    expect(format(`a.${name}`, "\u0000\u0001\u0002\u0003".repeat(50))).toBe(name);
  });
});

describe("without an extension the first characters tell", () => {
  test.each([
    ["id;name\n1;Oslo\n", "csv"],
    ['\u00ef\u00bb\u00bf  [{"id":1}]', "json"],
    ['{"id":1}\n{"id":2}\n', "ndjson"],
    ["<towns>\n  <town><id>1</id></town></towns>", "xml"],
    ['<w:towns xmlns:w="urn:x">\n<w:town/></w:towns>', "xml"],
    ["<html><body><table>", "csv"],
    ["<table><tr><td>", "csv"],
    ["<5,name\n<9,Oslo\n", "csv"],
    ["<none>,<b>,c\n1,2,3\n", "csv"],
  ])("%s", (start, expected) => {
    expect(format("export", start)).toBe(expected);
  });
});
