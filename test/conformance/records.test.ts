import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { flow, load } from "aircan";
import { describe, expect, test } from "vitest";
import { writeJson } from "../../src/duckdb/json-text.ts";
import { temporaryFolder } from "../library/temporary-folder.ts";

/** The rows of a file as JSON, and its fields as `name type`. */
async function read(
  fileName: string,
  content: string | Uint8Array,
  config: Readonly<Record<string, unknown>> = {},
) {
  const path = join(await temporaryFolder(), fileName);
  await writeFile(path, content);
  const { package: found, rows } = await flow(load(path, config)).results();
  return {
    fields: found.resources[0]?.schema?.fields.map(({ name, type }) => `${name} ${type}`).join(", "),
    rows: writeJson(Object.values(rows)[0]),
  };
}

describe("JSON of any shape", () => {
  const rows = '[{"a":1},{"a":2}]';
  test.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["a list at a path that is told", `{"x":{"y":[9]},"z":{"y":[{"a":1},{"a":2}]}}`, { path: "z.y" }, rows],
    [
      "a path as JSON pointer, with a key that has a point",
      `{"a.b":[{"a":1},{"a":2}]}`,
      { path: "/a.b" },
      rows,
    ],
    ["a list in a list", `[{"page":1},[{"a":1},{"a":2}]]`, { path: "1" }, rows],
    [
      "a list that is found",
      `{"fields":[{"id":"a"},{"id":"b"},{"id":"c"}],"records":[{"a":1},\n{"a":2}]}`,
      {},
      rows,
    ],
    ["objects by key", `{"DE":{"n":1},"NO":{"n":2}}`, {}, '[{"key":"DE","n":1},{"key":"NO","n":2}]'],
    ["lists, the first with the names", '[["a","b"],[1,"x"],[2]]', {}, '[{"a":1,"b":"x"},{"a":2,"b":null}]'],
    ["lists without names", '[[1,"x"]]', { header_rows: "none" }, '[{"field1":1,"field2":"x"}]'],
    ["lone values", "[1,2]", {}, '[{"value":1},{"value":2}]'],
    ["documents one after another", '{"a":1}\n\n{"a":\n2}', {}, rows],
    ["a byte order mark", `\ufeff${rows}`, {}, rows],
    [
      "keys that come later",
      '{"r":[{"a":1},{"b":[1],"c":{"x":null}}]}',
      {},
      '[{"a":1,"b":null,"c":null},{"a":null,"b":[1],"c":{"x":null}}]',
    ],
    [
      "texts with brackets and backslashes",
      '{"r":[{"a":"]}\\\\\\"{"},{"a":"\\\\"}]}',
      {},
      '[{"a":"]}\\\\\\"{"},{"a":"\\\\"}]',
    ],
    ["one object, by its path", '{"meta":{"a":1,"b":null}}', { path: "meta" }, '[{"a":1,"b":null}]'],
  ])("%s", async (_, content, config, expected) => {
    expect((await read("data.json", content, config)).rows).toBe(expected);
  });

  test("names the keys that its dialect tells", async () => {
    const path = join(await temporaryFolder(), "data.json");
    await writeFile(path, '{"r":[{"a":1,"b":2,"c":3}]}');
    const resource = { name: "data", path, dialect: { property: "r", itemKeys: ["c", "a"] } };
    const { rows } = await flow(load(resource)).results();
    expect(rows.data).toEqual([{ c: 3, a: 1 }]);
  });

  test.each<[string, string, RegExp]>([
    [
      "a broken row",
      '{"r":[{"a":1},\n{"a":}]}',
      /data\.json cannot be read as JSON: row 2: .* at line 2, byte 15\./,
    ],
    [
      "a file that is cut off",
      '{"r":[{"a":1},\n{"a":',
      /the file ends in the middle of a value, at line 2, byte 20/,
    ],
    ["a list among objects", '{"r":[{"a":1},[1]]}', /row 2: a list stands where the rows before are objects/],
    ["more cells than names", '[["a"],[1,2]]', /row 2: it has 2 cells where there are 1 names/],
    ["a path to nothing", '{"r":[{"a":1}]}', /has no list or object at "x"/],
    ["no list", '{"a":1,"b":2}', /holds one JSON object, and no list of rows/],
  ])("says what is wrong: %s", async (name, content, message) => {
    const config = name === "a path to nothing" ? { path: "x" } : {};
    await expect(read("data.json", content, config)).rejects.toMatchObject({
      code: "format-error",
      message: expect.stringMatching(message),
    });
  });
});

describe("what a format tells is kept", () => {
  const digits = "12345678901234567890.1234567890123";
  const big = "9007199254740993";
  test.each<[string, string, string]>([
    [
      "data.json",
      `[{"a":${digits},"b":${big},"c":""},{"a":1,"b":2,"c":null}]`,
      `[{"a":"${digits}","b":${big},"c":""},{"a":1,"b":2,"c":null}]`,
    ],
    [
      "data.ndjson",
      `{"a":${digits},"b":${big},"c":""}\n{"a":1,"b":2,"c":null}`,
      `[{"a":"${digits}","b":${big},"c":""},{"a":1,"b":2,"c":null}]`,
    ],
    [
      "data.geojson",
      `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":${digits},"b":${big},"c":"x"},"geometry":null}]}`,
      `[{"a":"${digits}","b":${big},"c":"x","geometry":null}]`,
    ],
    [
      "data.xml",
      `<r><i><a>${digits}</a><b>${big}</b></i><i><a>1</a></i></r>`,
      `[{"a":"${digits}","b":${big}},{"a":1,"b":null}]`,
    ],
  ])("in %s: digits, and nulls beside empty texts", async (fileName, content, expected) => {
    expect((await read(fileName, content)).rows).toBe(expected);
  });
});

describe("GeoJSON", () => {
  const point = '{"type":"Point","coordinates":[10.5,59.9]}';
  const feature = (id: string, a: string) => `{"type":"Feature",${id}"properties":${a},"geometry":${point}}`;
  test.each<[string, string, string]>([
    [
      "a collection",
      `{"type":"FeatureCollection","features":[${feature('"id":7,', '{"a":1}')},\n${feature("", "null")}]}`,
      `[{"id":7,"a":1,"geometry":${point}},{"id":null,"a":null,"geometry":${point}}]`,
    ],
    [
      "a feature a line",
      `${feature("", '{"a":1}')}\n${feature("", '{"a":2}')}\n`,
      `[{"a":1,"geometry":${point}},{"a":2,"geometry":${point}}]`,
    ],
    [
      "properties of the same names",
      feature('"id":7,', '{"id":1,"geometry":"x"}'),
      `[{"feature_id":7,"id":1,"geometry":"x","feature_geometry":${point}}]`,
    ],
  ])("%s", async (_, content, expected) => {
    expect((await read("map.json", content)).rows).toBe(expected);
  });

  test("without features has a geometry", async () => {
    const empty = await read("map.geojson", '{"type":"FeatureCollection","features":[]}');
    expect(empty).toEqual({ fields: "geometry geojson", rows: "[]" });
  });
});

describe("XML", () => {
  const xml = `<?xml version="1.0" encoding="ISO-8859-1"?>
<c:catalog xmlns:c="urn:x"><meta><title>T</title><title>U</title></meta>
<c:book id="1"><title>\u00c5, "b"</title><price cur="EUR">2.50</price><author>X</author><author>Y</author><at><city>K</city></at></c:book>
<c:book id="2"><title><![CDATA[<b>]]> &amp; c</title><author>Z</author></c:book>
</c:catalog>`;
  test("of the element that repeats, with attributes, elements in elements and lists", async () => {
    expect(await read("books.xml", Buffer.from(xml, "latin1"))).toEqual({
      fields: "id integer, title string, price.cur string, price number, author array, at.city string",
      rows: '[{"id":1,"title":"\u00c5, \\"b\\"","price.cur":"EUR","price":2.5,"author":["X","Y"],"at.city":"K"},{"id":2,"title":"<b> & c","price.cur":null,"price":null,"author":["Z"],"at.city":null}]',
    });
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["a path that is told", xml, { path: "catalog/meta" }, '[{"title":["T","U"]}]'],
    ["a path to an empty list", "<r><n>0</n><list/></r>", { path: "r/list/i" }, "[]"],
    ["attributes only", '<r><i a="1"/><i a="2" b="x"/></r>', {}, '[{"a":1,"b":null},{"a":2,"b":"x"}]'],
    ["texts only", "<r><v>1</v><v>2</v></r>", {}, '[{"v":1},{"v":2}]'],
    [
      "an attribute named as an element",
      '<r><i a="1"><a>x</a></i><i/></r>',
      {},
      '[{"@a":1,"a":"x"},{"@a":null,"a":null}]',
    ],
  ])("%s", async (_, content, config, expected) => {
    expect((await read("data.xml", content, config)).rows).toBe(expected);
  });

  test.each<[string, string, RegExp]>([
    [
      "a tag that is not closed",
      "<r>\n<i><a>1</a></i><i><a>2</i></r>",
      /cannot be read as XML: unexpected close tag, at line 2, column/,
    ],
    ["an end in the middle", "<r><i><a>1</a></i><i><a>2", /unclosed tag: a, at line 1/],
    [
      "an entity of a DTD",
      '<!DOCTYPE r [<!ENTITY l "ha">]><r><i><a>&l;</a></i></r>',
      /undefined entity, at line 1/,
    ],
    ["nothing that repeats", "<r><a>1</a><b>2</b></r>", /has no element that repeats/],
  ])("says what is wrong: %s", async (_, content, message) => {
    const error = expect.stringMatching(message);
    await expect(read("data.xml", content)).rejects.toMatchObject({ code: "format-error", message: error });
  });
});

test("XML says where rows are when none are at the path that is told", async () => {
  await expect(
    read("data.xml", "<r><i><a>1</a></i><i><a>2</a></i></r>", { path: "r/item" }),
  ).rejects.toMatchObject({
    code: "format-error",
    message: expect.stringMatching(/data\.xml has no element "r\/item"\.$/),
    hint: 'Rows seem to stand at "r/i".',
  });
});

describe("SQLite", () => {
  async function database(): Promise<string> {
    const path = join(await temporaryFolder(), "data.db");
    const sqlite = new DatabaseSync(path);
    sqlite.exec(`create table "my table" (id integer primary key, ok boolean, t text, ts timestamp, b blob, mix numeric, none int);
      insert into "my table" values (9007199254740993, 1, '', '2020-01-02 10:00:00', x'00ff', 1, null), (2, 0, null, null, null, 'x', null);
      create table other (a int, d date); create view half as select id / 2 as id, t, t from "my table"`);
    sqlite.close();
    return path;
  }

  async function readTable(config: Readonly<Record<string, unknown>>) {
    const { package: found, rows } = await flow(load(await database(), config)).results();
    const fields = found.resources[0]?.schema?.fields.map(({ name, type }) => `${name} ${type}`).join(", ");
    return { fields, rows: writeJson(Object.values(rows)[0]) };
  }

  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    [
      "the first table unless told",
      {},
      "id integer, ok boolean, t string, ts datetime, b string, mix string, none integer",
      '[{"id":2,"ok":false,"t":null,"ts":null,"b":null,"mix":"x","none":null},{"id":9007199254740993,"ok":true,"t":"","ts":"2020-01-02T10:00:00","b":"AP8=","mix":"1","none":null}]',
    ],
    ["a table without rows", { table: "other" }, "a integer, d date", "[]"],
    [
      "a view, whose names are made unique",
      { table: "half" },
      "id integer, t string, t:1 string",
      '[{"id":1,"t":null,"t:1":null},{"id":4503599627370496,"t":"","t:1":""}]',
    ],
    ["a query", { query: "select count(*) as n from other" }, "n integer", '[{"n":0}]'],
  ])("%s", async (_, config, fields, rows) => {
    expect(await readTable(config)).toEqual({ fields, rows });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["no such table", { table: "nope" }, "format-error"],
    ["a statement that is no query", { query: "drop table other" }, "usage-error"],
    ["a query that cannot be run", { query: "select nope" }, "usage-error"],
    ["a query that writes", { query: "with x as (select 1) insert into other select 1, 2" }, "format-error"],
  ])("refuses %s", async (_, config, code) => {
    await expect(readTable(config)).rejects.toMatchObject({ code });
  });
});
