import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { allSchemaProblems } from "../reading/schema-problems.ts";
import { normaliseResource } from "./normalise.ts";
import { isJsonObject, refuseProblems } from "./problem.ts";
import { parseDescriptor } from "./source-text.ts";
import { packageProblems } from "./validate.ts";
import { dialectProblems } from "./validate-dialect.ts";

type Found = [pointer: string, message: string];

const field = (told: object) => ({ fields: [{ name: "a", type: "string", ...told }] });
const both = {
  fields: [
    { name: "a", type: "integer" },
    { name: "b", type: "string" },
  ],
};

/** Errors, and warnings with a `~` before their message. */
const seen = (problems: ReturnType<typeof packageProblems>): Found[] =>
  problems.map(({ pointer, message, severity, hint }) => [
    pointer,
    `${severity === "warning" ? "~" : ""}${message}${hint ? ` ${hint}` : ""}`,
  ]);

describe("what is right with a schema although the official profiles refuse it", () => {
  test.each<[string, object]>([
    ["a list", field({ type: "list", itemType: "integer", delimiter: ";" })],
    ["fieldsMatch as one word", { ...field({}), fieldsMatch: "subset" }],
    ["fieldsMatch in a list", { ...field({}), fieldsMatch: ["subset"] }],
    ["a field without a type", { fields: [{ name: "a" }] }],
    [
      "keys of version 1",
      { ...both, primaryKey: "a", foreignKeys: [{ fields: "a", reference: { resource: "", fields: "b" } }] },
    ],
    ["a pattern with anchors", field({ constraints: { pattern: "^a.*$" } })],
    ["missing values with labels", { ...field({}), missingValues: ["", { value: "-", label: "none" }] }],
    [
      "categories with labels",
      field({ categories: [{ value: "a", label: "A" }, "b"], categoriesOrdered: true }),
    ],
    ["a format of version 1", field({ type: "date", format: "fmt:%d/%m/%Y" })],
  ])("%s", (_, schema) => {
    expect(seen(allSchemaProblems(schema))).toEqual([]);
  });
});

describe("what is wrong with a schema is said once, where it is", () => {
  test.each<[string, object, Found[]]>([
    [
      "an unknown type",
      field({ type: "integr" }),
      [
        [
          "/fields/0/type",
          'The type "integr" of field "a" is not known; known are string, number, integer, boolean, date, time, datetime, year, yearmonth, duration, list, object, array, geopoint, geojson, any. Did you mean "integer"?',
        ],
      ],
    ],
    [
      "a type of another system",
      field({ type: "timestamp" }),
      [["/fields/0/type", expect.stringContaining('Did you mean "datetime"?')]],
    ],
    [
      "a misspelt property",
      field({ tipe: 1 }),
      [["/fields/0/tipe", '~The property "tipe" of field "a" is not known. Did you mean "type"?']],
    ],
    [
      "a constraint beside the constraints",
      field({ required: true }),
      [
        [
          "/fields/0/required",
          '~The property "required" stands in field "a", where it means nothing. Move "required" into the `constraints` of the field.',
        ],
      ],
    ],
    [
      "an option of another type",
      field({ decimalChar: "," }),
      [
        [
          "/fields/0/decimalChar",
          '~The property "decimalChar" of field "a" means nothing for the type string; it is for number.',
        ],
      ],
    ],
    [
      "a pattern for numbers",
      field({ type: "integer", constraints: { pattern: "a" } }),
      [
        [
          "/fields/0/constraints/pattern",
          'The constraint "pattern" of field "a" does not apply to the type integer.',
        ],
      ],
    ],
    [
      "a minimum above the maximum",
      field({ type: "number", constraints: { minimum: 5, maximum: 1 } }),
      [["/fields/0/constraints/minimum", expect.stringContaining("above")]],
    ],
    [
      "dates in the wrong order",
      field({ type: "date", constraints: { minimum: "2021-01-01", maximum: "2020-01-01" } }),
      [["/fields/0/constraints/minimum", expect.stringContaining("above")]],
    ],
    [
      "a pattern that is none",
      field({ constraints: { pattern: "(" } }),
      [["/fields/0/constraints/pattern", expect.any(String)]],
    ],
    [
      "a value of enum that is no category",
      field({ categories: ["a"], constraints: { enum: ["a", "b"] } }),
      [["/fields/0/constraints/enum", 'The value "b" of the "enum" of field "a" is none of its categories.']],
    ],
    [
      "a category of another type",
      field({ type: "integer", categories: ["x"] }),
      [["/fields/0/categories", 'The category "x" of field "a" is not a whole number such as 42.']],
    ],
    [
      "categories twice",
      field({ categories: ["a", "a"] }),
      [["/fields/0/categories", 'The field "a" has the category "a" twice.']],
    ],
    [
      "order without categories",
      field({ categoriesOrdered: true }),
      [["/fields/0/categoriesOrdered", 'The field "a" has no categories to be ordered.']],
    ],
    [
      "one mark for two things",
      field({ type: "number", decimalChar: ",", groupChar: "," }),
      [["/fields/0/groupChar", 'The `groupChar` of field "a" is its decimal mark too.']],
    ],
    ...[
      [{ type: "number", decimalChar: "," }, "10,5", "9,5"],
      [{ type: "integer" }, "10", 9],
      [{ type: "year" }, "2021", "2020"],
      [{ type: "duration" }, "P2M", "P1M"],
      [{ type: "time", format: "%I:%M %p" }, "1:00 PM", "11:00 AM"],
    ].map(([told, minimum, maximum]): [string, object, Found[]] => [
      `bounds of ${JSON.stringify(told)} that are crossed`,
      field({ ...(told as object), constraints: { minimum, maximum } }),
      [["/fields/0/constraints/minimum", expect.stringContaining("is above its")]],
    ]),
    [
      "an unknown field in a unique key and in a foreign key",
      {
        ...both,
        uniqueKeys: [["a", "c"]],
        foreignKeys: [{ fields: ["d"], reference: { fields: ["a"] } }],
      },
      [
        ["/uniqueKeys/0", 'The unique key names "c", but the fields are: a, b.'],
        ["/foreignKeys/0/fields", 'The foreign key names "d", but the fields are: a, b.'],
      ],
    ],
    [
      "several things at once",
      {
        fields: [
          { name: "a", type: "int" },
          { name: "b", type: "date", constraints: { minimum: "soon" } },
        ],
        primaryKey: "c",
      },
      [
        ["/fields/0/type", expect.stringContaining('The type "int"')],
        ["/primaryKey", expect.stringContaining('names "c"')],
        ["/fields/1/constraints/minimum", expect.stringContaining('the value "soon"')],
      ],
    ],
    [
      "a constraint that nobody tests",
      field({ type: "integer", constraints: { minimun: 5 } }),
      [
        [
          "/fields/0/constraints/minimun",
          'The constraint "minimun" of field "a" is not known, so it would not be tested; known are required, unique, minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, pattern, enum, jsonSchema. Did you mean "minimum"?',
        ],
      ],
    ],
    [
      "a bound without a type",
      { fields: [{ name: "a", constraints: { minimum: 5 } }] },
      [
        [
          "/fields/0/constraints/minimum",
          'The constraint "minimum" of field "a" needs a `type`, which says what is less and what is more.',
        ],
      ],
    ],
    [
      "a mark that is part of a number",
      field({ type: "number", decimalChar: "1", groupChar: "-" }),
      [
        ["/fields/0/decimalChar", expect.stringContaining("a digit or a sign")],
        ["/fields/0/groupChar", expect.stringContaining("a digit or a sign")],
      ],
    ],
    [
      "hours from 1 to 12 of which nobody knows the half",
      field({ type: "time", format: "%I:%M" }),
      [["/fields/0/format", expect.stringContaining("uses %I, hours from 1 to 12, without %p")]],
    ],
    [
      "hours from 0 to 23 with halves of the day",
      field({ type: "time", format: "%H:%M %p" }),
      [["/fields/0/format", expect.stringContaining("uses %p without %I")]],
    ],
    [
      "a text that is true and false",
      field({ type: "boolean", trueValues: ["x", "0"] }),
      [["/fields/0/falseValues", 'The text "0" means both true and false in field "a".']],
    ],
    [
      "items of no type",
      field({ type: "list", itemType: "object" }),
      [["/fields/0/itemType", expect.stringContaining("cannot be")]],
    ],
    [
      "a missing value that is a number",
      { ...field({}), missingValues: [-99] },
      [
        [
          "/missingValues/0",
          "A missing value of the schema is neither a text nor an object with a text as `value`: -99.",
        ],
      ],
    ],
    [
      "a JSON Schema that is none",
      field({ type: "object", constraints: { jsonSchema: { type: "x" } } }),
      [["/fields/0/constraints/jsonSchema", expect.stringContaining("cannot be used")]],
    ],
    [
      "two fields of one name",
      { fields: [{ name: "a" }, { name: "a" }] },
      [["/fields/1/name", '~Two fields have the name "a".']],
    ],
    [
      "an unknown primary key",
      { ...both, primaryKey: ["c"] },
      [["/primaryKey", 'The primary key names "c", but the fields are: a, b.']],
    ],
    ["an empty key", { ...both, primaryKey: [] }, [["/primaryKey", "The primary key names no field."]]],
    [
      "a field twice in a key",
      { ...both, uniqueKeys: [["a", "a"]] },
      [["/uniqueKeys/0", 'The unique key names "a" twice.']],
    ],
    [
      "unique keys as names",
      { ...both, uniqueKeys: ["a"] },
      [["/uniqueKeys", 'The property "uniqueKeys" of the schema is not a list of lists of names.']],
    ],
    [
      "a foreign key without a reference",
      { ...both, foreignKeys: [{ fields: ["a"] }] },
      [["/foreignKeys/0", "A foreign key has no `reference` with `fields`."]],
    ],
    [
      "a foreign key of other length",
      { ...both, foreignKeys: [{ fields: ["a"], reference: { resource: "x", fields: ["y", "z"] } }] },
      [["/foreignKeys/0/reference/fields", "A foreign key names 1 fields, but refers to 2."]],
    ],
    [
      "a foreign key into nothing of its own",
      { ...both, foreignKeys: [{ fields: ["a"], reference: { fields: ["c"] } }] },
      [
        [
          "/foreignKeys/0/reference/fields",
          'The reference into the same table names "c", but the fields are: a, b.',
        ],
      ],
    ],
    [
      "the delimiter in the schema",
      { ...both, delimiter: ";" },
      [
        [
          "/delimiter",
          '~The property "delimiter" stands in the schema, where it means nothing. Move "delimiter" into the dialect.',
        ],
      ],
    ],
    ["no fields", {}, [["", "The schema has no list of fields. Give it `fields`."]]],
  ])("%s", (_, schema, expected) => {
    expect(seen(allSchemaProblems(schema))).toEqual(expected);
  });
});

const resource = { name: "a", path: "a.csv" };

describe("what is wrong with a package", () => {
  test.each<[string, object, Found[]]>([
    [
      "nothing",
      { name: "p", created: "2026-01-31T13:45:00Z", licenses: [{ name: "CC0-1.0" }], resources: [resource] },
      [],
    ],
    ["no resources", { name: "p" }, [["/resources", "The package has no list of resources."]]],
    [
      "two resources of one name",
      { resources: [resource, resource] },
      [["/resources/1/name", 'Two resources have the name "a".']],
    ],
    [
      "a misspelt property",
      { resorces: [], resources: [resource] },
      [["/resorces", '~The property "resorces" of the package is not known. Did you mean "resources"?']],
    ],
    [
      "a path beside the resources",
      { path: "a.csv", resources: [resource] },
      [
        [
          "/path",
          '~The property "path" stands in the package, where it means nothing. Move "path" into a resource.',
        ],
      ],
    ],
    [
      "the delimiter beside the dialect",
      { resources: [{ ...resource, delimiter: ";" }] },
      [["/resources/0/delimiter", expect.stringContaining('Move "delimiter" into the dialect.')]],
    ],
    [
      "negative bytes",
      { resources: [{ ...resource, bytes: -1 }] },
      [["/resources/0/bytes", 'The property "bytes" of resource "a" is not a whole number from 0.']],
    ],
    [
      "a hash that is none",
      { resources: [{ ...resource, hash: "xyz" }] },
      [["/resources/0/hash", expect.stringContaining("is not a hash")]],
    ],
    [
      "files and addresses",
      { resources: [{ name: "a", path: ["a.csv", "https://example.org/b.csv"] }] },
      [["/resources/0/path", 'The paths of the resource "a" are neither all addresses nor all files.']],
    ],
    [
      "a path that leads out",
      { resources: [{ name: "a", path: "../a.csv" }] },
      [["/resources/0/path", 'The resource "a" names "../a.csv", which leads out of its folder.']],
    ],
    [
      "a schema that leads out",
      { resources: [{ ...resource, schema: "/etc/passwd" }] },
      [["/resources/0/schema", 'The resource "a" names "/etc/passwd", which is an absolute path.']],
    ],
    [
      "a licence without a name",
      { licenses: [{ title: "free" }], resources: [resource] },
      [["/licenses/0", "A part of the licenses of the package has none of: name, path."]],
    ],
    [
      "a foreign key to no resource",
      {
        resources: [
          {
            ...resource,
            schema: {
              ...both,
              foreignKeys: [{ fields: ["a"], reference: { resource: "towns", fields: ["id"] } }],
            },
          },
        ],
      },
      [
        [
          "/resources/0/schema/foreignKeys/0/reference/resource",
          'A foreign key refers to the resource "towns", but the resources are: a.',
        ],
      ],
    ],
    [
      "a foreign key to no field",
      {
        resources: [
          {
            ...resource,
            schema: {
              ...both,
              foreignKeys: [{ fields: ["a"], reference: { resource: "t", fields: ["id"] } }],
            },
          },
          { name: "t", path: "t.csv", schema: both },
        ],
      },
      [
        [
          "/resources/0/schema/foreignKeys/0/reference/fields",
          'A foreign key refers to the field "id" of "t", whose fields are: a, b.',
        ],
      ],
    ],
  ])("%s", (_, descriptor, expected) => {
    expect(seen(packageProblems(descriptor, false))).toEqual(expected);
  });
});

test.each<[object, Found[]]>([
  [{ delimiter: ";", csv: { quoteChar: "'" }, excel: { sheet: 2 }, json: { keyed: true } }, []],
  [{ csvddfVersion: 1.2, caseSensitiveHeader: false }, []],
  [
    { csv: { delimitr: ";" } },
    [
      [
        "/csv/delimitr",
        '~The property "delimitr" of "csv" in the dialect is not known. Did you mean "delimiter"?',
      ],
    ],
  ],
  [
    { excel: { sheet: 0 } },
    [["/excel/sheet", 'The property "sheet" of "excel" in the dialect is not a name, or a number from 1.']],
  ],
  [
    { header: false, headerRows: [1] },
    [["/headerRows", "The dialect names rows of the header, but says that there is no header."]],
  ],
  [
    { delimiter: "'", csv: { quoteChar: "'" } },
    [["/quoteChar", "The dialect has the same character as delimiter and as quote."]],
  ],
  [
    { itemType: "thing" },
    [["/itemType", 'The property "itemType" of the dialect is not "array" or "object".']],
  ],
])("the dialect %j", (dialect, expected) => {
  expect(seen(dialectProblems(dialect))).toEqual(expected);
});

test("problems say where they stand in the file", () => {
  const read = parseDescriptor(
    "datapackage.json",
    '{\n  "resources": [\n    {"name": "a", "path": "a.csv", "schema": {"fields": [\n      {"name": "x", "type": "int"}]}}]}',
  );
  if (!("value" in read) || !isJsonObject(read.value)) throw new Error("it is an object");
  const [problem] = packageProblems(read.value, false);
  expect(problem?.place).toEqual({ source: "datapackage.json", line: 4, column: 21 });
  let thrown: unknown;
  try {
    refuseProblems(problem ? [problem] : [], "datapackage.json");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AirCanError);
  expect(String(thrown)).toContain(
    'datapackage.json, line 4, column 21: The type "int" of field "x" is not known',
  );
});

test.each<[string, object, string | undefined]>([
  ["a misspelt name beside what is missing", { feilds: [] }, 'Did you mean "fields"?'],
  [
    "not a misspelt name elsewhere",
    { missingvalues: [""], fields: [{ name: "a", type: "date", constraints: { minimum: "x" } }] },
    undefined,
  ],
])("a hint tells of %s", (_, schema, hint) => {
  let thrown: unknown;
  try {
    refuseProblems(allSchemaProblems(schema), "schema.json");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ kind: "data" });
  expect((thrown as AirCanError).hint).toEqual(
    hint === undefined ? expect.not.stringContaining("mean") : hint,
  );
});

test("what only people read, and other tables, keep nobody from the data", () => {
  const foreignKeys = [{ fields: ["a"], reference: { resource: "gone", fields: ["x"] } }];
  const descriptor = {
    created: "yesterday",
    licenses: ["CC0"],
    resources: [{ ...resource, schema: { ...both, foreignKeys } }],
  };
  const problems = packageProblems(descriptor, false);
  expect(seen(problems).map(([pointer]) => pointer)).toEqual([
    "/created",
    "/licenses/0",
    "/resources/0/schema/foreignKeys/0/reference/resource",
  ]);
  expect(() => refuseProblems(problems, "datapackage.json")).not.toThrow();
});

describe("whatever stands in a descriptor", () => {
  const words = [
    "name",
    "path",
    "resources",
    "schema",
    "fields",
    "type",
    "format",
    "constraints",
    "enum",
    "pattern",
    "missingValues",
    "primaryKey",
    "foreignKeys",
    "reference",
    "resource",
    "dialect",
    "csv",
    "categories",
    "jsonSchema",
    "itemType",
    "value",
    "__proto__",
    "constructor",
  ];
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthSize: "medium" },
      fc.constantFrom<unknown>(
        null,
        true,
        -1,
        1.5,
        "",
        "a",
        "string",
        "integer",
        "date",
        "%d",
        "(",
        "../x",
        "b",
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie("value"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const likely = fc.record({
    name: value,
    resources: fc.array(
      fc.record(
        {
          name: value,
          path: value,
          dialect: value,
          missingValues: value,
          schema: fc.record(
            {
              fields: fc.array(
                fc.record(
                  { name: value, type: value, format: value, constraints: value, categories: value },
                  { requiredKeys: [] },
                ),
                { maxLength: 2 },
              ),
              primaryKey: value,
              foreignKeys: value,
              uniqueKeys: value,
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    ),
  });

  test("its problems are found, and it is read, without a failure of our own", () => {
    const runs = Number(process.env.AIRCAN_CELLS ?? 3000);
    fc.assert(
      fc.property(fc.oneof(likely, value), (descriptor) => {
        const problems = packageProblems(descriptor, false);
        for (const { pointer, message } of problems) expect([pointer, message]).not.toContain(undefined);
        if (!isJsonObject(descriptor) || !Array.isArray(descriptor.resources)) return;
        for (const each of descriptor.resources.filter(isJsonObject)) {
          normaliseResource(each);
          allSchemaProblems(each.schema);
        }
      }),
      { seed: Number(process.env.AIRCAN_SEED ?? 20261121), numRuns: Math.min(runs, 200_000) },
    );
  });
});
