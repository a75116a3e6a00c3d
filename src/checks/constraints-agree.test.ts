import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Constraints, Field } from "../descriptor/types.ts";
import { candidateTypes, validity } from "../duckdb/cast.ts";
import { castCell, type SqlType } from "../duckdb/cell.ts";
import { rowTests } from "../duckdb/check.ts";
import { testsOf } from "../duckdb/constraint-function.ts";
import { openSession, query, type Session } from "../duckdb/session.ts";
import { allOf, identifier, text } from "../duckdb/sql.ts";
import { at, castTable, csvTable } from "../duckdb/testing.ts";
import { textForm } from "../duckdb/text-form.ts";
import { check } from "../plan/build.ts";
import { decimalOf } from "../reading/constants.ts";
import { constraintTests } from "../reading/constraints.ts";
import { plainDecimal } from "../reading/decimals.ts";
import { valueProblems } from "../reading/schema-problems.ts";
import { cellReader } from "../reading/types/registry.ts";

/**
 * A constraint is told twice: as SQL over values, and as JavaScript over the cells of a row. Here both judge
 * the same cells, whatever SQL type the values lie in. `AIRCAN_CELLS` says how many cells of each field.
 */
const cellsOfField = Number(process.env.AIRCAN_CELLS ?? 3000);
const seed = Number(process.env.AIRCAN_SEED ?? 20261121);

interface Told {
  readonly field: Omit<Field, "name">;
  /** Cells near the constraints' values. */
  readonly cells: readonly string[];
  readonly rules: readonly (Constraints & { readonly categories?: readonly unknown[] })[];
}

const bounds = (...values: readonly (string | number)[]): Constraints[] =>
  values.flatMap((value) => [
    { minimum: value },
    { maximum: value },
    { exclusiveMinimum: value },
    { exclusiveMaximum: value },
  ]);

const lengths: Constraints[] = [{ minLength: 2 }, { maxLength: 2 }, { minLength: 0 }, { maxLength: 0 }];

const told: readonly Told[] = [
  {
    field: { type: "string" },
    cells: ["a", "ab", "abc", "é", "日本", "👩‍🚀", "e\u0301", "a\nb", " a", "A", "1", "true"],
    rules: [
      ...lengths,
      { pattern: "a.*" },
      { pattern: "^a.*$" },
      { pattern: "a|b" },
      { pattern: "\\d+" },
      { pattern: "[^a]" },
      { pattern: "\\p{L}+" },
      { pattern: "(?i)AB?" },
      { enum: ["a", "b c", "", "日本"] },
      { enum: [1, true] },
      { categories: ["a", { value: "1", label: "one" }] },
    ],
  },
  { field: { type: "any" }, cells: ["1", "a", "[1]", "true"], rules: [{ enum: ["a", 1, [1], true] }] },
  {
    field: { type: "integer" },
    cells: [
      ..."0|-0|1|5|05|+5|6|10|9007199254740991|9007199254740992|9007199254740993|9223372036854775807".split(
        "|",
      ),
      ..."9223372036854775808|-9223372036854775808|-9223372036854775809|170141183460469231731687303715884105728".split(
        "|",
      ),
      ..."123456789012345678901234567890|123456789012345678901234567891".split("|"),
      "12345678901234567890123456789012345678901234567890",
    ],
    rules: [
      ...bounds(5, "5", "9007199254740993", "9223372036854775807", "123456789012345678901234567890", -0),
      { enum: [0, "5", 6, "123456789012345678901234567890", "9007199254740993"] },
      { categories: [0, 5, { value: 10, label: "ten" }] },
    ],
  },
  {
    field: { type: "integer", groupChar: ",", bareNumber: false },
    cells: ["1,000", "1000", "€ 1,000", "5%", "999"],
    rules: [...bounds(1000, "1,000", "€ 1,000"), { enum: ["1,000", 5, "999 kr"] }],
  },
  {
    field: { type: "number" },
    cells: [
      ..."0|-0|0.0|1.5|1.50|.5|5.|1e3|1E-3|1000|NaN|INF|-INF|0.1|0.1000|0.30000000000000004|0.3".split("|"),
      ..."1.23456789012345678901234567890|123456789012345678901234567890.5|1e400|-1e400|1e-400".split("|"),
      ..."9007199254740993|9007199254740993.0|0.12345678901234567|0.123456789012345678".split("|"),
    ],
    rules: [
      ...bounds(1.5, "1.5", 1000, "1e3", "0.3", 0, -0, "9007199254740993", "INF", "0.12345678901234567"),
      { enum: [1.5, "0.5", 1000, "INF", "0.123456789012345678"] },
      { enum: ["NaN"] },
    ],
  },
  {
    field: { type: "number", decimalChar: ",", groupChar: "." },
    cells: ["1.234,5", "1234,5", "0,5", "1234", "1.234"],
    rules: [...bounds("1.234,5", 1234.5, "0,5", "1234.5"), { enum: ["1.234,5", 0.5, 1234] }],
  },
  {
    field: { type: "boolean" },
    cells: ["true", "0", "FALSE", "1"],
    rules: [{ enum: [true] }, { enum: ["false"] }, { enum: ["1"] }],
  },
  {
    field: { type: "boolean", trueValues: ["ja"], falseValues: ["nei"] },
    cells: ["ja", "nei"],
    rules: [{ enum: [true] }, { enum: ["nei"] }, { enum: ["true"] }],
  },
  {
    field: { type: "date" },
    cells: "2020-01-31|2020-02-01|2019-12-31|0001-01-01|0000-01-01|0000-02-29|9999-12-31|2020-02-30".split(
      "|",
    ),
    rules: [
      ...bounds("2020-01-31", "0000-01-01", "0000-02-29", "9999-12-31"),
      { enum: ["2020-01-31", "0000-01-01"] },
    ],
  },
  {
    field: { type: "date", format: "%d/%m/%Y" },
    cells: ["31/01/2020", "1/2/2020", "01/02/2020", "31/12/2019"],
    rules: [...bounds("31/01/2020", "2020-01-31"), { enum: ["01/02/2020", "2019-12-31"] }],
  },
  {
    field: { type: "date", format: "any" },
    cells: ["31/01/2020", "2020-01-31", "Jan 31, 2020", "1 February 2020"],
    rules: [...bounds("2020-01-31", "Jan 31, 2020"), { enum: ["31.01.2020"] }],
  },
  {
    field: { type: "time" },
    cells: "12:00:00|12:00:00.000|12:00:00.5|12:00:00.1234567|11:59:59.999999999|23:59:59|00:00:00".split(
      "|",
    ),
    rules: [
      ...bounds("12:00:00", "12:00:00.5", "12:00:00.1234567", "12:00:00.123456789"),
      { enum: ["12:00:00", "12:00:00.1234567"] },
    ],
  },
  {
    field: { type: "time", format: "%I:%M %p" },
    cells: ["1:45 PM", "12:00 AM", "01:45 pm"],
    rules: [...bounds("1:45 PM", "13:45:00"), { enum: ["13:45:00", "12:00 AM"] }],
  },
  ...[undefined, true, false].map((zoned) => ({
    field: { type: "datetime" as const, ...(zoned === undefined ? {} : { zoned }) },
    cells: [
      ..."2020-01-31T12:00:00|2020-01-31T12:00:00Z|2020-01-31T13:00:00+01:00|2020-01-31T12:00:00.5Z".split(
        "|",
      ),
      ..."2020-01-31T12:00:00.1234567|0000-01-01T00:00:00|0000-01-01T00:00:00Z|2020-01-31T12:00:00.000".split(
        "|",
      ),
    ],
    rules:
      zoned === true
        ? [...bounds("2020-01-31T12:00:00Z", "2020-01-31T13:00:00+01:00"), { enum: ["2020-01-31T12:00:00Z"] }]
        : zoned === false
          ? [...bounds("2020-01-31T12:00:00"), { enum: ["2020-01-31T12:00:00"] }]
          : [
              ...bounds("2020-01-31T12:00:00", "2020-01-31T12:00:00Z"),
              { enum: ["2020-01-31T12:00:00", "2020-01-31T12:00:00Z"] },
            ],
  })),
  {
    field: { type: "datetime", format: "%d.%m.%Y %H:%M" },
    cells: ["31.01.2020 12:00", "1.2.2020 0:00"],
    rules: [
      ...bounds("31.01.2020 12:00", "2020-01-31T12:00:00"),
      { enum: ["31.01.2020 12:00", "2020-02-01T00:00:00"] },
    ],
  },
  {
    field: { type: "year" },
    cells: ["2020", "-0044", "12026", "2020Z", "0000", "-0000", "2020+14:00", "2021"],
    rules: [...bounds(2020, "2020", "-0044", "2020Z", -44), { enum: [2020, "-0044", "12026"] }],
  },
  {
    field: { type: "yearmonth" },
    cells: ["2020-01", "2020-02", "2019-12", "0000-01"],
    rules: [...bounds("2020-01"), { enum: ["2020-01", "2019-12"] }],
  },
  {
    field: { type: "duration" },
    cells: "P1M|P30D|P31D|P1Y|P12M|P360D|P365D|PT24H|P1D|PT1.5S|-P1D|P1W|P7D|PT0S|P0D|PT36H|P1DT12H".split(
      "|",
    ),
    rules: [...bounds("P30D", "P1Y", "PT24H", "-P1D", "PT0S"), { enum: ["P1D", "P1Y", "PT1.5S"] }],
  },
  {
    field: { type: "list" },
    cells: ["a", "a,b", "a,b,c", ","],
    rules: [...lengths, { enum: ["a,b", ["a"]] }],
  },
  {
    field: { type: "list", itemType: "integer", delimiter: ";" },
    cells: ["1", "1;2", "01;2", "1;2;3", "1;9223372036854775808"],
    rules: [...lengths, { enum: ["1;2", [1]] }],
  },
  ...["number", "boolean", "date", "time", "datetime"].map((itemType) => ({
    field: { type: "list" as const, itemType },
    cells: "1.5|1.50,2|true|true,1|2020-01-31|12:00:00|2020-01-31T12:00:00".split("|"),
    rules: [...lengths, { enum: ["1.5", "true,true", "2020-01-31", "12:00:00", "2020-01-31T12:00:00"] }],
  })),
  {
    field: { type: "object" },
    cells: [
      '{"a":1}',
      '{"a": 1}',
      '{"a":1.0}',
      '{"b":2,"a":1}',
      '{"a":1,"b":2}',
      "{}",
      '{"a":1,"a":2}',
      '{"a":"\\u00e9"}',
      '{"a":"é"}',
    ],
    rules: [
      ...lengths,
      { minLength: 1 },
      { enum: [{ a: 1 }, '{"a": 1, "b": 2}', { a: "é" }] },
      { jsonSchema: { required: ["a"], properties: { a: { type: "integer", minimum: 1 } } } },
    ],
  },
  {
    field: { type: "array" },
    cells: ["[]", "[1]", "[1, 2]", "[1,2,3]", '["a"]', "[1e0]"],
    rules: [
      ...lengths,
      { enum: [[1], "[1, 2]"] },
      { jsonSchema: { items: { type: "integer" }, maxItems: 2 } },
    ],
  },
  {
    field: { type: "geopoint" },
    cells: ["10.5,59.9", "10.50, 59.9", "0,0"],
    rules: [{ enum: ["10.5,59.9"] }],
  },
  {
    field: { type: "geopoint", format: "array" },
    cells: ["[10.5, 59.9]"],
    rules: [{ enum: [[10.5, 59.9], "[0,0]"] }],
  },
  {
    field: { type: "geopoint", format: "object" },
    cells: ['{"lon": 10.5, "lat": 59.9}', '{"lat": 59.9, "lon": 10.5}'],
    rules: [{ enum: [{ lon: 10.5, lat: 59.9 }] }, { enum: ['{"lat": 59.9, "lon": 10.5}'] }],
  },
  {
    field: { type: "geojson" },
    cells: [
      '{"type":"Point","coordinates":[1,2]}',
      '{"type": "Point", "coordinates": [1, 2]}',
      '{"type":"Feature","geometry":null,"properties":{}}',
    ],
    rules: [...lengths, { enum: [{ type: "Point", coordinates: [1, 2] }] }],
  },
];

const edit = fc.record({
  place: fc.nat(1000),
  character: fc.constantFrom(...'0123456789+-.,:;TZPYMDHS {}[]"ab'),
  kind: fc.constantFrom("insert", "replace", "delete"),
});

function changed(
  cell: string,
  { place, character, kind }: { place: number; character: string; kind: string },
): string {
  const at = cell.length === 0 ? 0 : place % cell.length;
  if (kind === "insert") return cell.slice(0, at) + character + cell.slice(at);
  return kind === "delete"
    ? cell.slice(0, at) + cell.slice(at + 1)
    : cell.slice(0, at) + character + cell.slice(at + 1);
}

let session: Session;
beforeAll(async () => {
  session = await openSession();
  return () => session.close();
});

const cases = told.flatMap(({ field, cells, rules }) =>
  rules.map(({ categories, ...constraints }): [Field, readonly string[]] => [
    { name: "c", ...field, constraints, ...(categories ? { categories } : {}) } as Field, // a field with its name
    cells,
  ]),
);

test.each(cases)("rows and engine judge every cell of %j alike", async (field, near) => {
  expect(valueProblems({ fields: [field] })).toEqual([]);
  const cell = fc
    .tuple(fc.constantFrom(...near), fc.array(edit, { maxLength: 2 }))
    .map(([start, edits]) => edits.reduce(changed, start))
    .filter((each) => each !== "" && each.isWellFormed());
  const numRuns = Math.ceil(cellsOfField / 10);
  const cells = [...new Set([...near, ...fc.sample(cell, { numRuns, seed })])];
  for (const type of candidateTypes(field))
    expect(await disagreements(field, type === "DECIMAL" ? "DECIMAL(38,12)" : type, cells)).toEqual([]);
});

/** Cells that lie in an SQL type as they are, of which rows and engine say different things. */
async function disagreements(field: Field, type: SqlType, cells: readonly string[]): Promise<unknown[]> {
  const { fits, attempt } = castCell("raw", field, type);
  const held = allOf([validity("raw", field), fits ?? "true", `${attempt} IS NOT NULL`]);
  const relation = check(castTable(csvTable("", ["c"]), [field]), { onError: "fail", resource: "data" }, at);
  const tests = rowTests({ ...relation, schema: { fields: [field] } }, [{ field, type }], testsOf(session));
  const ok = allOf(tests.map((each) => `coalesce(${each.ok}, true)`));
  const rows = await query(
    session,
    `SELECT raw, ${ok}, ${textForm(identifier("c"), field, type)} FROM (SELECT raw, ${attempt} AS ${identifier("c")} FROM (SELECT unnest([${cells.map(text).join(", ")}]) AS raw) WHERE coalesce(${held}, false))`,
  );
  const [read, own] = [cellReader(field), constraintTests(field)];
  return rows.flatMap(([raw, passed, printed]) => {
    const isWhole =
      !type.startsWith("DECIMAL") || decimalOf(String(raw), field) === plainDecimal(String(printed));
    if (!isWhole) return [];
    const value = read(String(raw));
    const isGood = own.every((each) => each.passes(value, String(raw)));
    return isGood === passed ? [] : [{ type, raw, rows: isGood, engine: passed }];
  });
}
