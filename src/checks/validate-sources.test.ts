import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import { type Checklist, checklistOf } from "./checklist.ts";
import { type Report, reportSchema } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-validate-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
/** Writes a file and gives its name. */
async function file(content: string | Uint8Array, name = `data-${files++}.csv`): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

function validate(sources: string | string[], options: Partial<ValidateOptions> = {}): Promise<Report> {
  return validateSources([sources].flat(), {
    engine,
    context: contextIn(folder, { trusted: false }),
    ...options,
  });
}

/** All errors as `[row, field, type]`. */
const flat = ({ errors, tasks }: Report) =>
  [...errors, ...tasks.flatMap((task) => task.errors)].map(({ rowNumber, fieldNumber, type }) => [
    rowNumber ?? null,
    fieldNumber ?? null,
    type,
  ]);

const ab = {
  fields: [
    { name: "a", type: "integer" },
    { name: "b", type: "string" },
  ],
};
const field = (type: string, more: object = {}) => ({ fields: [{ name: "a", type, ...more }] });
const rule = (type: string, constraints: object) => field(type, { constraints });

type Case = [name: string, csv: string, schema: object | undefined, expected: unknown[][]];

describe("structure", () => {
  test.each<Case>([
    ["a good file", "a,b\n1,x\n2,y\n", undefined, []],
    ["a header alone", "a,b\n", undefined, []],
    ["a header alone, by a schema", "a,b\n", ab, []],
    ["no line end at the end", "a,b\n1,x", undefined, []],
    ["a header with a quote that is never closed", 'a,"b\n1,x\n2,y\n', undefined, [[1, 2, "unclosed-quote"]]],
    ["a header with text after a quote", '"a"x,b\n1,x\n2,y\n', undefined, [[1, 1, "stray-quote"]]],
    ["a header with a NUL byte", "a,b\0\n1,x\n2,y\n", undefined, [[1, 2, "null-byte"]]],
    ["a title with a quote that is never closed", '"Title\n\na,b,c\n1,x,2\n2,y,3\n', undefined, []],
    ["a cell over several lines", 'a,b\n1,"x\ny"\nz,w\n', ab, [[3, 1, "type-error"]]],
    ["a blank line", "a,b\n1,x\n\n2,y\n", undefined, [[3, null, "blank-row"]]],
    ["a row without a value", "a,b\n1,x\n,\n2,y\n", ab, [[3, null, "blank-row"]]],
    [
      "a row that is too long",
      "a,b\n1,x,y,z\n",
      undefined,
      [
        [2, 3, "extra-cell"],
        [2, 4, "extra-cell"],
      ],
    ],
    [
      "a row that is too short",
      "a,b,c\n1\n",
      undefined,
      [
        [2, 2, "missing-cell"],
        [2, 3, "missing-cell"],
      ],
    ],
    ["a quote that is never closed", 'a,b\n1,"x\n2,y\n', ab, [[2, 2, "unclosed-quote"]]],
    ["text after a quote", 'a,b\n1,"x"y\n2,y\n', ab, [[2, 2, "stray-quote"]]],
    ["a quote inside of a cell", 'a,b\n1,5" pipe\n2,y\n', ab, [[2, 2, "stray-quote"]]],
    ["a NUL", "a,b\n1,x\0y\n2,y\n", ab, [[2, 2, "null-byte"]]],
    ["an empty label", "a,\n1,x\n", undefined, [[null, 2, "blank-label"]]],
    ["a label that is there twice", "a,a\n1,x\n", undefined, [[null, 2, "duplicate-label"]]],
  ])("%s", async (_, csv, schema, expected) => {
    expect(flat(await validate(await file(csv), { schema } as Partial<ValidateOptions>))).toEqual(expected);
  });
});

describe("labels and schema", () => {
  const match = (fieldsMatch: string) => ({ ...ab, fieldsMatch });
  test.each<Case>([
    [
      "exact: a field more",
      "a\n1\n",
      ab,
      [
        [null, 2, "missing-label"],
        [2, 2, "missing-cell"],
      ],
    ],
    [
      "exact: a column more",
      "a,b,c\n1,x,y\n",
      ab,
      [
        [null, 3, "extra-label"],
        [2, 3, "extra-cell"],
      ],
    ],
    [
      "exact: another order",
      "b,a\nx,1\n",
      ab,
      [
        [null, 1, "incorrect-label"],
        [null, 2, "incorrect-label"],
        [2, 1, "type-error"],
      ],
    ],
    ["exact: an empty label is only that", ",b\n1,x\n", ab, [[null, 1, "blank-label"]]],
    ["equal: another order", "b,a\nx,1\n", match("equal"), []],
    ["equal: a column more", "a,b,c\n1,x,y\n", match("equal"), [[null, 3, "extra-label"]]],
    ["equal: the types are by name", "b,a\nx,y\n", match("equal"), [[2, 2, "type-error"]]],
    ["subset: a column more", "c,b,a\ny,x,1\n", match("subset"), []],
    ["subset: a field more", "a\n1\n", match("subset"), [[null, 2, "missing-label"]]],
    ["superset: a field more", "a\n1\n", match("superset"), []],
    ["superset: a column more", "a,z\n1,x\n", match("superset"), [[null, 2, "extra-label"]]],
    ["partial: both", "a,z\n1,x\n", match("partial"), []],
  ])("%s", async (_, csv, schema, expected) => {
    expect(flat(await validate(await file(csv), { schema } as Partial<ValidateOptions>))).toEqual(expected);
  });
});

describe("types and constraints", () => {
  const csv = (...cells: string[]) => `a\n${cells.map((cell) => `"${cell}"\n`).join("")}`;
  test.each<Case>([
    [
      "integer",
      csv("1", "-2", "+3", "1.0", "x"),
      field("integer"),
      [
        [5, 1, "type-error"],
        [6, 1, "type-error"],
      ],
    ],
    [
      "date",
      csv("2020-02-29", "2020-02-30", "1/2/2020"),
      field("date"),
      [
        [3, 1, "type-error"],
        [4, 1, "type-error"],
      ],
    ],
    [
      "date by a pattern",
      csv("31/12/2020", "12/31/2020"),
      field("date", { format: "%d/%m/%Y" }),
      [[3, 1, "type-error"]],
    ],
    ["boolean", csv("true", "0", "yes"), field("boolean"), [[4, 1, "type-error"]]],
    ["email", csv("a@b.no", "a.b.no"), field("string", { format: "email" }), [[3, 1, "type-error"]]],
    [
      "missing values of the field",
      "a,b\n1,x\n-,x\nn/a,x\n-,NA\n",
      {
        fields: [
          { name: "a", type: "integer", missingValues: ["-"] },
          { name: "b", type: "string" },
        ],
        missingValues: ["NA"],
      },
      [
        [4, 1, "type-error"],
        [5, null, "blank-row"],
      ],
    ],
    [
      "required",
      "a,b\n,x\n1,y\n",
      {
        fields: [
          { name: "a", type: "integer", constraints: { required: true } },
          { name: "b", type: "string" },
        ],
      },
      [[2, 1, "constraint-error"]],
    ],
    [
      "rows of texts that mean no value",
      "a,b\n1,x\nNA,NA\n",
      { ...ab, missingValues: ["NA"] },
      [[3, null, "blank-row"]],
    ],
    [
      "required, and the cell is not there",
      "b,a\nx\ny,z\n",
      {
        fields: [
          { name: "b", type: "string" },
          { name: "a", type: "string", constraints: { required: true } },
        ],
      },
      [
        [2, 2, "missing-cell"],
        [2, 2, "constraint-error"],
      ],
    ],
    [
      "minimum and maximum",
      csv("1", "5", "9"),
      rule("integer", { minimum: 2, maximum: "8" }),
      [
        [2, 1, "constraint-error"],
        [4, 1, "constraint-error"],
      ],
    ],
    [
      "exclusive bounds",
      csv("2", "8"),
      rule("number", { exclusiveMinimum: 2, exclusiveMaximum: 8 }),
      [
        [2, 1, "constraint-error"],
        [3, 1, "constraint-error"],
      ],
    ],
    [
      "bounds of dates",
      csv("2020-01-01", "2021-01-01"),
      rule("date", { minimum: "2020-06-01" }),
      [[2, 1, "constraint-error"]],
    ],
    [
      "lengths",
      csv("é", "ééé"),
      rule("string", { minLength: 2, maxLength: 2 }),
      [
        [2, 1, "constraint-error"],
        [3, 1, "constraint-error"],
      ],
    ],
    [
      "a pattern is for the whole text",
      csv("ab", "a", "b"),
      rule("string", { pattern: "a|b" }),
      [[2, 1, "constraint-error"]],
    ],
    ["enum", csv("1", "01", "2"), rule("integer", { enum: [1] }), [[4, 1, "constraint-error"]]],
    ["unique", csv("1", "2", "01"), rule("integer", { unique: true }), [[4, 1, "unique-error"]]],
    [
      "each broken rule",
      csv("abc"),
      rule("string", { maxLength: 2, pattern: "[0-9]+" }),
      [
        [2, 1, "constraint-error"],
        [2, 1, "constraint-error"],
      ],
    ],
    [
      "a primary key",
      "a,b\n1,x\n1,y\n,z\n1,x\n",
      { ...ab, primaryKey: ["a", "b"] },
      [
        [4, null, "primary-key"],
        [5, null, "primary-key"],
      ],
    ],
  ])("%s", async (_, text, schema, expected) => {
    expect(flat(await validate(await file(text), { schema } as Partial<ValidateOptions>))).toEqual(expected);
  });

  test("a pattern that goes back for ever does not hang", async () => {
    const report = await validate(await file(csv("a".repeat(60), `${"a".repeat(60)}b`)), {
      schema: rule("string", { pattern: "(a+)+" }),
    });
    expect(flat(report)).toEqual([[3, 1, "constraint-error"]]);
  });
});

describe("types that are found out", () => {
  const rows = (cells: string[]) => `a,b\n${cells.map((cell, i) => `${cell},t${i}\n`).join("")}`;
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
  test.each<[string, string[], unknown[][]]>([
    ["nine in ten decide", [...numbers(9), "x"], [[11, 1, "type-error"]]],
    ["eight in nine do not", [...numbers(8), "x"], []],
    ["empty cells do not count", [...numbers(9), "x", "", ""], [[11, 1, "type-error"]]],
    ["digits with leading zeros are text", [...numbers(99), "007"], []],
    ["whole and decimal numbers are numbers", [...numbers(9), "0.5"], []],
    ["dates", [...numbers(9).map((n) => `2020-01-0${n}`), "2020-02-30"], [[11, 1, "type-error"]]],
  ])("%s", async (_, cells, expected) => {
    expect(flat(await validate(await file(rows(cells))))).toEqual(expected);
  });
});

describe("a checklist", () => {
  const csv = "a,b\n1\n\nx,y\n";
  test.each<[string, Partial<Checklist>, string[]]>([
    ["picks by type", { pickErrors: ["type-error"] }, ["type-error"]],
    ["picks by tag", { pickErrors: ["#cell"] }, ["missing-cell", "type-error"]],
    ["skips by type", { skipErrors: ["blank-row"] }, ["missing-cell", "type-error"]],
    ["skips by tag", { skipErrors: ["#row"] }, []],
  ])("%s", async (_, checklist, expected) => {
    const report = await validate(await file(csv), { schema: ab, checklist: checklistOf(checklist) });
    expect(flat(report).map(([, , type]) => type)).toEqual(expected);
    expect(report.valid).toBe(expected.length === 0);
  });

  test("that names an unknown error is refused with the nearest one", () => {
    expect(() => checklistOf({ skipErrors: ["typ-error"] })).toThrow(
      expect.objectContaining({ code: "config-error", hint: 'Did you mean "type-error"?' }),
    );
  });
});

describe("the report", () => {
  test("says all of an error", async () => {
    const report = await validate(await file("a,b\n1,x\n\n2,y,z\nq,w\n", "one.csv"), { schema: ab });
    expect(reportSchema.parse(report)).toEqual(report);
    const [task] = report.tasks;
    expect(task?.errors.at(-1)).toEqual({
      type: "type-error",
      title: "Type Error",
      description: "A cell cannot be read as its field's type.",
      message: '"q" in the field "a" is not a whole number such as 42.',
      tags: ["#table", "#row", "#cell"],
      note: 'type is "integer/default"',
      severity: "error",
      rowNumber: 5,
      line: 5,
      byteOffset: 15,
      cells: ["q", "w"],
      cell: "q",
      fieldName: "a",
      fieldNumber: 1,
      expected: "a whole number such as 42",
    });
    expect({ ...task, errors: [], stats: { ...task?.stats, seconds: 0 } }).toEqual({
      name: "one",
      type: "table",
      valid: false,
      place: "one.csv",
      labels: ["a", "b"],
      stats: {
        errors: 3,
        warnings: 0,
        seconds: 0,
        bytes: 19,
        fields: 2,
        rows: 4,
        errorCounts: { "blank-row": 1, "extra-cell": 1, "type-error": 1 },
      },
      warnings: [],
      errors: [],
    });
  });

  test("lists the limit and counts the rest", async () => {
    const csv = `a\n${"x\n".repeat(50)}1\n`;
    const report = await validate(await file(csv), { schema: field("integer"), limitErrors: 3 });
    const [task] = report.tasks;
    expect(task?.errors.map(({ rowNumber }) => rowNumber)).toEqual([2, 3, 4]);
    expect(task?.stats).toMatchObject({ rows: 51, errors: 3, errorCounts: { "type-error": 50 } });
    expect(task?.warnings).toEqual(["reached error limit: 3"]);
  });

  test("stops after the limit of rows and says so", async () => {
    const report = await validate(await file("a\n1\nx\ny\n"), { schema: field("integer"), limitRows: 2 });
    expect(flat(report)).toEqual([[3, 1, "type-error"]]);
    expect(report.tasks[0]?.stats.rows).toBe(2);
    expect(report.tasks[0]?.warnings).toEqual(["reached row limit: 2"]);
  });

  test("has a task for each source, in their order", async () => {
    const [good, bad] = [await file("a\n1\n"), await file("a,b\n1\n")];
    const report = await validate([bad, "missing.csv", good]);
    expect(report.tasks.map(({ place, valid }) => [place, valid])).toEqual([
      [bad, false],
      ["missing.csv", false],
      [good, true],
    ]);
    expect(flat(report)).toEqual([
      [2, 2, "missing-cell"],
      [null, null, "scheme-error"],
    ]);
    expect(report.valid).toBe(false);
  });

  test("is of the JSON, NDJSON and Parquet files too", async () => {
    const source = await file('[{"a": 1, "b": "x"}, {"a": "y", "b": null}]', "two.json");
    expect(flat(await validate(source, { schema: ab }))).toEqual([[3, 1, "type-error"]]);
    expect(flat(await validate(source))).toEqual([]);
  });
});

describe("descriptors", () => {
  const pack = (resources: unknown[], more: object = {}) => JSON.stringify({ name: "p", resources, ...more });

  test("after so many tables no more are tested, which is said", async () => {
    const names = [await file("a\n1\n"), await file("a\n2\n"), await file("a\n3\n")];
    const resources = names.map((path, i) => ({ name: `t${i}`, path }));
    const several = await file(JSON.stringify({ resources }), "several.package.json");
    const look = async (limitTables: number) => {
      const { tasks, warnings, stats } = await validate(several, { limitTables });
      return [tasks.map(({ name }) => name), warnings, stats.warnings];
    };
    expect(await look(2)).toEqual([["t0", "t1"], ["reached table limit: 2"], 1]);
    expect(await look(3)).toEqual([["t0", "t1", "t2"], [], 0]);
  });

  test("a package gives a task for each resource", async () => {
    await file("a,b\n1,x\nz,x\n", "part.csv");
    const source = await file(
      pack([
        { name: "one", path: "part.csv", schema: ab },
        { name: "two", path: "part.csv" },
      ]),
      "datapackage.json",
    );
    const report = await validate(source);
    expect(report.tasks.map(({ name, place, valid }) => [name, place, valid])).toEqual([
      ["one", "part.csv", false],
      ["two", "part.csv", true],
    ]);
    expect(flat(report)).toEqual([[3, 1, "type-error"]]);
  });

  test("schema and dialect may be files", async () => {
    await file("a;b\n1;x\nz;x\n", "semicolon.csv");
    await file(JSON.stringify(ab), "ab.schema.json");
    await file('{"csv": {"delimiter": ";"}}', "semicolon.dialect.json");
    const resource = {
      name: "r",
      path: "semicolon.csv",
      schema: "ab.schema.json",
      dialect: "semicolon.dialect.json",
    };
    expect(flat(await validate(await file(JSON.stringify(resource), "r.resource.json")))).toEqual([
      [3, 1, "type-error"],
    ]);
  });

  test("a file that is not the one of its descriptor is found out", async () => {
    await file("a,b\n1,x\n", "part-of-three.csv");
    const facts = { bytes: 8, hash: "md5:5c9ae0d49c35ee9a1e17a4a2b3e3a1a6", rows: 2 };
    const resource = { name: "r", path: "part-of-three.csv", schema: ab };
    const wrong = await file(JSON.stringify({ ...resource, ...facts, bytes: 9 }), "wrong.resource.json");
    expect(flat(await validate(wrong)).map(([, , type]) => type)).toEqual([
      "byte-count",
      "hash-count",
      "row-count",
    ]);
    const { createHash } = await import("node:crypto");
    const hash = `sha256:${createHash("sha256").update("a,b\n1,x\n").digest("hex")}`;
    const right = await file(JSON.stringify({ ...resource, bytes: 8, hash, rows: 1 }), "right.resource.json");
    expect(flat(await validate(right))).toEqual([]);
  });

  test("a dialect may pass over blank rows and the case of labels", async () => {
    await file("A,B\n1,x\n\n,\nz,x\n", "loose.csv");
    const resource = { name: "r", path: "loose.csv", schema: ab };
    const strict = await file(JSON.stringify(resource), "strict.resource.json");
    expect(flat(await validate(strict)).map(([, , type]) => type)).toEqual([
      "incorrect-label",
      "incorrect-label",
      "blank-row",
      "blank-row",
      "type-error",
    ]);
    const dialect = { skipBlankRows: true, headerCase: false };
    const loose = await file(JSON.stringify({ ...resource, dialect }), "loose.resource.json");
    expect(flat(await validate(loose))).toEqual([[5, 1, "type-error"]]);
  });

  test("rows may stand in the descriptor, and a path may be a list", async () => {
    await file("a,b\n1,x\n", "first.csv");
    await file("2,y\nz,x\n", "second.csv");
    const source = await file(
      pack([
        {
          name: "inline",
          data: [
            ["a", "b"],
            [1, "x"],
            ["y", "x"],
          ],
          schema: ab,
        },
        { name: "parts", path: ["first.csv", "second.csv"], schema: ab },
      ]),
      "parts.package.json",
    );
    const report = await validate(source);
    expect(report.tasks.map(({ name, place, stats }) => [name, place, stats.rows])).toEqual([
      ["inline", "memory", 2],
      ["parts", "first.csv, second.csv", 3],
    ]);
    expect(flat(report)).toEqual([
      [3, 1, "type-error"],
      [4, 1, "type-error"],
    ]);
  });

  const resource = (more: object) => JSON.stringify({ name: "r", path: "part.csv", ...more });
  test.each<[string, string, string, string]>([
    ["no name", JSON.stringify({ path: "part.csv" }), "resource-error", ""],
    ["neither path nor data", JSON.stringify({ name: "r" }), "resource-error", ""],
    ["a path out of the folder", resource({ path: "../part.csv" }), "resource-error", "/path"],
    ["an absolute path", resource({ path: "/etc/passwd" }), "resource-error", "/path"],
    ["a file address", resource({ path: "file:part.csv" }), "resource-error", "/path"],
    ["a schema out of the folder", resource({ schema: "../s.json" }), "resource-error", "/schema"],
    ["a schema that is no object", resource({ schema: 1 }), "resource-error", "/schema"],
    ["a schema without fields", resource({ schema: {} }), "schema-error", "/schema"],
    ["a schema that is not there", resource({ schema: "gone.json" }), "schema-error", ""],
    [
      "a key of no field",
      resource({ schema: { ...ab, primaryKey: "z" } }),
      "schema-error",
      "/schema/primaryKey",
    ],
    ["an unknown type", resource({ schema: field("text") }), "field-error", "/schema/fields/0/type"],
    [
      "an unknown format",
      resource({ schema: field("date", { format: "%Q" }) }),
      "field-error",
      "/schema/fields/0/format",
    ],
    [
      "a constraint of another type",
      resource({ schema: rule("boolean", { minimum: 1 }) }),
      "field-error",
      "/schema/fields/0/constraints/minimum",
    ],
    [
      "a pattern that is none",
      resource({ schema: rule("string", { pattern: "(" }) }),
      "field-error",
      "/schema/fields/0/constraints/pattern",
    ],
    [
      "a pattern that looks around",
      resource({ schema: rule("string", { pattern: "(?=a)a" }) }),
      "field-error",
      "/schema/fields/0/constraints/pattern",
    ],
    [
      "a bound that is no value of its field",
      resource({ schema: rule("date", { minimum: "yesterday" }) }),
      "field-error",
      "/schema/fields/0/constraints/minimum",
    ],
    [
      "an enumeration of something else",
      resource({ schema: rule("integer", { enum: [1, "x"] }) }),
      "field-error",
      "/schema/fields/0/constraints/enum",
    ],
    [
      "a delimiter of two characters",
      resource({ dialect: { delimiter: ";;" } }),
      "dialect-error",
      "/dialect/delimiter",
    ],
    [
      "a nested delimiter of two characters",
      resource({ dialect: { csv: { delimiter: ";;" } } }),
      "dialect-error",
      "/dialect/csv/delimiter",
    ],
  ])("%s is reported with its place", async (_, text, type, pointer) => {
    const report = await validate(await file(text, "bad.resource.json"));
    const errors = [...report.errors, ...report.tasks.flatMap((task) => task.errors)];
    expect(errors.map((error) => [error.type, error.pointer ?? ""])).toEqual([[type, pointer]]);
    expect(report.valid).toBe(false);
  });

  test.each<[string, string, unknown[][]]>([
    ["no JSON", "{", [[null, null, "package-error"]]],
    ["neither resources nor a path", '{"name": "p"}', [[null, null, "package-error"]]],
    ["resources that are no list", '{"resources": {}}', [[null, null, "package-error"]]],
    ["no resources", '{"name": "p", "resources": []}', [[null, null, "package-error"]]],
  ])("a package with %s is reported", async (_, text, expected) => {
    expect(flat(await validate(await file(text, "broken.package.json")))).toEqual(expected);
  });

  test.each<[string, string | object, string]>([
    ["that is not there", "gone.schema.json", "schema-error"],
    ["with an unknown type", field("text"), "field-error"],
    ["that is a list", [], "schema-error"],
  ])("a told schema %s is an error of the report", async (_, schema, type) => {
    const report = await validate(await file("a\n1\n"), { schema } as Partial<ValidateOptions>);
    expect(flat(report)).toEqual([[null, null, type]]);
    expect([report.valid, report.tasks]).toEqual([false, []]);
  });
});

test("what is misspelt or misplaced in a descriptor is said with what to do", async () => {
  const path = await file("a\n1\n");
  const fields = [{ name: "a", type: "integer", required: true, descripton: "x" }];
  const { valid, warnings } = await validate(path, { schema: { fields } });
  expect({ valid, warnings }).toEqual({
    valid: true,
    warnings: [
      'The property "descripton" of field "a" is not known. Did you mean "description"?',
      'The property "required" stands in field "a", where it means nothing. Move "required" into the `constraints` of the field.',
    ],
  });
});

test("rows of texts that mean no value are blank without a schema, too", async () => {
  const path = await file("a,b\n1,x\n-,NA\n2,y\n");
  const descriptor = { missingValues: ["", "-", "NA"], resources: [{ name: "a", path }] };
  const report = await validate(await file(JSON.stringify(descriptor), "blank.datapackage.json"));
  expect(flat(report)).toEqual([[3, null, "blank-row"]]);
});

test("all that is wrong with the fields of a package is said at once", async () => {
  const fields = [
    { name: "a", type: "int" },
    { name: "b", type: "date", constraints: { minimum: "soon" } },
  ];
  const descriptor = { resources: [{ name: "a", path: await file("a,b\n"), schema: { fields } }] };
  const { tasks } = await validate(await file(JSON.stringify(descriptor), "wrong.datapackage.json"));
  expect(tasks.flatMap(({ errors }) => errors.map(({ type, pointer }) => [type, pointer]))).toEqual([
    ["field-error", "/resources/0/schema/fields/0/type"],
    ["field-error", "/resources/0/schema/fields/1/constraints/minimum"],
  ]);
});
