import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import { checklistOf } from "./checklist.ts";
import type { Report } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-keys-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function validate(source: string, options: Partial<ValidateOptions> = {}): Promise<Report> {
  const context = contextIn(folder);
  return validateSources([source], { engine, context, ...options });
}

async function file(content: string, name: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

/** All errors as `[resource, row, field, type]`. */
const flat = ({ errors, tasks }: Report) => [
  ...errors.map(({ type }) => [null, null, null, type]),
  ...tasks.flatMap(({ name, errors }) =>
    errors.map(({ rowNumber, fieldName, type }) => [name, rowNumber ?? null, fieldName ?? null, type]),
  ),
];

const strings = (...names: string[]) => names.map((name) => ({ name, type: "string" }));

describe("keys", () => {
  const fields = [
    { name: "a", type: "integer" },
    { name: "b", type: "string" },
  ];
  test.each<[name: string, csv: string, schema: object, expected: unknown[][]]>([
    [
      "a unique field compares values, not texts, and the latest row before",
      "a,b\n1,x\n01,x\n+1,x\n,x\n,x\n",
      { fields: [{ name: "a", type: "integer", constraints: { unique: true } }, fields[1]] },
      [
        [3, "a", "unique-error", "note 2"],
        [4, "a", "unique-error", "note 3"],
      ],
    ],
    [
      "a primary key is never empty and never repeated",
      "a,b\n1,x\n1,x\n,x\n",
      { fields, primaryKey: ["a", "b"] },
      [
        [3, null, "primary-key", "note 2"],
        [4, null, "primary-key", ""],
      ],
    ],
    [
      "unique keys may be empty",
      "a,b\n1,x\n1,x\n,x\n,x\n2,x\n",
      { fields, uniqueKeys: [["a", "b"], ["a"]] },
      [
        [3, null, "unique-key", "note 2"],
        [3, null, "unique-key", "note 2"],
      ],
    ],
    [
      "a cell that is not of its type repeats none",
      "a,b\nq,x\nq,y\n1,z\n1,w\n",
      { fields, primaryKey: ["a"] },
      [
        [2, "a", "type-error", ""],
        [3, "a", "type-error", ""],
        [5, null, "primary-key", "note 4"],
      ],
    ],
    [
      "numbers beyond 64 bits keep their digits",
      "a,b\n123456789012345678901,x\n123456789012345678902,x\n123456789012345678901,x\n",
      { fields, primaryKey: ["a"] },
      [[4, null, "primary-key", "note 2"]],
    ],
    [
      "rows with too many or too few cells, and blank ones, have keys too",
      "a,b\n1,x\n2,y,z\n1\n2\n",
      { fields, primaryKey: ["a"] },
      [
        [3, "", "extra-cell", ""],
        [4, "b", "missing-cell", ""],
        [4, null, "primary-key", "note 2"],
        [5, "b", "missing-cell", ""],
        [5, null, "primary-key", "note 3"],
      ],
    ],
    [
      "such rows may refer to others, and be referred to",
      "a,b\n1,\n2,3,z\n3,9,z\n4,2\n",
      { fields, foreignKeys: [{ fields: ["b"], reference: { resource: "", fields: ["a"] } }] },
      [
        [3, "", "extra-cell", ""],
        [4, "", "extra-cell", ""],
        [4, "b", "foreign-key", 'for "b": values "9" not found in the lookup table "" as "a"'],
      ],
    ],
    [
      "rows are found beside broken ones",
      'a,b\n1,x\n\n2,y,z\n3,"q\n',
      { fields, primaryKey: ["a"] },
      [
        [3, null, "blank-row", ""],
        [3, null, "primary-key", 'cells composing the primary keys are all "None"'],
        [4, "", "extra-cell", ""],
        [5, "b", "unclosed-quote", ""],
      ],
    ],
    [
      "a row that refers to another of its table",
      "a,b\n1,\n2,1\n3,9\n",
      { fields, foreignKeys: [{ fields: ["b"], reference: { resource: "", fields: ["a"] } }] },
      [[4, "b", "foreign-key", 'for "b": values "9" not found in the lookup table "" as "a"']],
    ],
  ])("%s", async (_, csv, schema, expected) => {
    const report = await validate(await file(csv, "keys.csv"), { schema: schema as Record<string, unknown> });
    const found = report.tasks.flatMap(({ errors }) =>
      errors.map(({ rowNumber, fieldName, type, note }) => [
        rowNumber ?? null,
        fieldName ?? null,
        type,
        note.replace("the same as in the row at position", "note").replace(/^type.*/, ""),
      ]),
    );
    expect(found).toEqual(expected);
  });

  test("past the limit all are counted", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 1000},x\n`).join("");
    const report = await validate(await file(`a,b\n${rows}`, "many.csv"), {
      schema: { fields, primaryKey: ["a"] },
      limitErrors: 2,
    });
    expect(report.tasks[0]?.stats.errorCounts).toEqual({ "primary-key": 2000 });
    expect(
      report.tasks[0]?.errors.map(({ rowNumber, cells, message }) => [rowNumber, cells, message]),
    ).toEqual([
      [1002, ["0", "x"], '"0" as primary key stands in row 2 already.'],
      [1003, ["1", "x"], '"1" as primary key stands in row 3 already.'],
    ]);
  });

  test("past the limit a watch hears of all", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 1000},x\n`).join("");
    const heard: number[] = [];
    await validate(await file(`a,b\n${rows}`, "heard.csv"), {
      schema: { fields, primaryKey: ["a"] },
      limitErrors: 2,
      watch: () => ({
        onError: ({ rowNumber }) => heard.push(rowNumber ?? 0),
        onTested: async () => {},
      }),
    });
    expect(heard).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1002));
  });

  test("of rows that are not tested are not looked at", async () => {
    const source = await file("a,b\n1,x\n2,x\n1,x\n", "first.csv");
    const report = await validate(source, { schema: { fields, primaryKey: ["a"] }, limitRows: 2 });
    expect(flat(report)).toEqual([]);
  });
});

describe("foreign keys", () => {
  const key = (reference: object) => ({ fields: ["country"], reference });
  const towns = (foreignKey: object) => ({
    name: "towns",
    path: "towns.csv",
    schema: { fields: strings("town", "country"), foreignKeys: [foreignKey] },
  });
  const countries = { name: "countries", path: "countries.csv", schema: { fields: strings("code", "name") } };
  const write = async (name: string, resources: object[]) => {
    await file("town,country\nOslo,no\nParis,fr\nAtlantis,xx\nNowhere,\n", "towns.csv");
    await file("code,name\nno,Norway\nfr,France\n", "countries.csv");
    return file(JSON.stringify({ name: "p", resources }), name);
  };

  test.each<[name: string, resources: object[], expected: unknown[][]]>([
    [
      "to another resource, which may come later",
      [towns(key({ resource: "countries", fields: ["code"] })), countries],
      [["towns", 4, "country", "foreign-key"]],
    ],
    [
      "written as in version 1",
      [countries, towns({ fields: "country", reference: { resource: "countries", fields: "code" } })],
      [["towns", 4, "country", "foreign-key"]],
    ],
    [
      "to a file that is not there",
      [towns(key({ resource: "countries", fields: ["code"] })), { ...countries, path: "gone.csv" }],
      [
        ["towns", null, null, "check-error"],
        ["countries", null, null, "scheme-error"],
      ],
    ],
  ])("%s", async (_, resources, expected) => {
    const source = await write("datapackage.json", resources);
    expect(flat(await validate(source))).toEqual(expected);
  });

  test("to another package", async () => {
    await write("others.json", [countries]);
    const source = await write("datapackage.json", [
      towns(key({ package: "others.json", resource: "countries", fields: ["code"] })),
    ]);
    const report = await validate(source);
    expect(flat(report)).toEqual([["towns", 4, "country", "foreign-key"]]);
    const [error] = report.tasks[0]?.errors ?? [];
    expect(error).toMatchObject({
      message: '"xx" in country refers to a row of "countries" that is not there.',
      tags: ["#table", "#row"],
      fieldNames: ["country"],
      fieldNumbers: [2],
      fieldCells: ["xx"],
      referenceName: "countries",
      referenceFieldNames: ["code"],
      cells: ["Atlantis", "xx"],
      line: 4,
    });
  });

  test.each([
    ["integer", "1\n25\n", "number", "1\n1.0\n2.50\n1e0\n", [4]],
    ["number", "1.0\n2.5\n", "integer", "1\n2\n", [3]],
    ["integer", "1\n", "string", "1\n01\n", [3]],
  ])("values are compared: %s %j there, %s %j here", async (there, known, here, cells, missing) => {
    await file(`id\n${known}`, "there.csv");
    await file(`ref\n${cells}`, "here.csv");
    const foreignKeys = [{ fields: ["ref"], reference: { resource: "there", fields: ["id"] } }];
    const resources = [
      { name: "there", path: "there.csv", schema: { fields: [{ name: "id", type: there }] } },
      { name: "here", path: "here.csv", schema: { fields: [{ name: "ref", type: here }], foreignKeys } },
    ];
    const source = await file(JSON.stringify({ name: "p", resources }), "datapackage.json");
    expect(flat(await validate(source))).toEqual(missing.map((row) => ["here", row, "ref", "foreign-key"]));
  });

  test("two tables may refer to each other", async () => {
    await file("id,other\n1,2\n", "a.csv");
    await file("id,other\n2,1\n3,9\n", "b.csv");
    const table = (name: string, resource: string) => ({
      name,
      path: `${name}.csv`,
      schema: {
        fields: strings("id", "other"),
        foreignKeys: [{ fields: ["other"], reference: { resource, fields: ["id"] } }],
      },
    });
    const source = await file(
      JSON.stringify({ name: "p", resources: [table("a", "b"), table("b", "a")] }),
      "datapackage.json",
    );
    expect(flat(await validate(source))).toEqual([["b", 3, "other", "foreign-key"]]);
  });

  test("a query sees the other tables of its package", async () => {
    const source = await write("datapackage.json", [
      towns(key({ resource: "countries", fields: ["code"] })),
      countries,
    ]);
    const query =
      "SELECT code FROM countries WHERE code NOT IN (SELECT country FROM data WHERE country IS NOT NULL)";
    await file("code,name\nno,Norway\nfr,France\nse,Sweden\n", "countries.csv");
    const report = await validate(source, {
      checklist: checklistOf({
        checks: [{ type: "sql", resource: "towns", query }],
        skipErrors: ["foreign-key"],
      }),
    });
    expect(report.tasks.flatMap(({ errors }) => errors.map(({ note }) => note))).toEqual(['{"code":"se"}']);
  });
});

describe("what a schema says of cells", () => {
  const one = (field: object) => ({ fields: [{ name: "a", ...field }] });
  const nested = {
    type: "object",
    constraints: { jsonSchema: { required: ["x"], properties: { x: { type: "number" } } } },
  };
  test.each<[name: string, cells: string[], schema: object, expected: unknown[][]]>([
    [
      "categories",
      ["red", "green", "blue"],
      one({ type: "string", categories: ["red", { value: "green", label: "Green" }] }),
      [[4, "a", "category-error"]],
    ],
    [
      "categories of numbers",
      ["1", "01", "2"],
      one({ type: "integer", categories: [1] }),
      [[4, "a", "category-error"]],
    ],
    [
      "a JSON Schema",
      ['{""x"":1}', '{""x"":""1""}', "{}"],
      one(nested),
      [
        [3, "a", "constraint-error"],
        [4, "a", "constraint-error"],
      ],
    ],
    [
      "a pattern with letters of any alphabet",
      ["Ålesund", "東京", "a1"],
      one({ type: "string", constraints: { pattern: "\\p{L}+" } }),
      [[4, "a", "constraint-error"]],
    ],
    [
      "a pattern with anchors",
      ["ab", "b"],
      one({ type: "string", constraints: { pattern: "^a.*$" } }),
      [[3, "a", "constraint-error"]],
    ],
  ])("%s", async (_, cells, schema, expected) => {
    const csv = `a\n${cells.map((cell) => `"${cell}"\n`).join("")}`;
    const report = await validate(await file(csv, "cells.csv"), {
      schema: schema as Record<string, unknown>,
    });
    expect(flat(report).map(([, ...rest]) => rest)).toEqual(expected);
  });

  test.each([
    ["(?=a)b", "looks around"],
    ["(a)\\1", "refers back"],
    ["(a", "missing closing )"],
    ["[a-z-[aeiou]]", "takes one class of characters from another"],
  ])("the pattern %s is refused with the reason", async (pattern, reason) => {
    const schema = one({ type: "string", constraints: { pattern } });
    const report = await validate(await file("a\nx\n", "cells.csv"), { schema });
    expect(report.errors.map(({ type, pointer }) => [type, pointer])).toEqual([
      ["field-error", "/fields/0/constraints/pattern"],
    ]);
    expect(report.errors[0]?.message).toContain(reason);
  });
});

test("bad values below the header are no part of it, as the schema names the columns", async () => {
  const schema = { fields: [{ name: "a", type: "integer" }, ...strings("b")] };
  const csv = "a,b\nbad,x\nworse,y\n1,z\n2,z\n3,z\n";
  const expected = [
    ["header", 2, "a", "type-error"],
    ["header", 3, "a", "type-error"],
  ];
  expect(flat(await validate(await file(csv, "header.csv"), { schema }))).toEqual(expected);
  const resource = JSON.stringify({ name: "header", path: "header.csv", schema });
  expect(flat(await validate(await file(resource, "header.resource.json")))).toEqual(expected);
});

test("a header of which the schema knows nothing is foreign to it", async () => {
  const schema = { fields: strings("a", "b"), fieldsMatch: "partial" };
  const report = await validate(await file("x,y\n1,2\n", "foreign.csv"), { schema });
  expect(flat(report)).toEqual([["foreign", null, null, "unmatched-header"]]);
});
