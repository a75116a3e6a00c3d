import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { Temporal } from "../base/temporal.ts";
import type { Field } from "../descriptor/types.ts";
import { cellClass } from "../reading/infer-classes.ts";
import { cellReader, cellTest } from "../reading/types/registry.ts";
import { validity } from "./cast.ts";
import { castCell, usualType } from "./cell.ts";
import { inferFields } from "./infer.ts";
import { openSession, query, type Session } from "./session.ts";
import { allOf, text } from "./sql.ts";
import { textForm } from "./text-form.ts";

/**
 * A type is told twice: as SQL and as JavaScript. Here both read the same cells, made from good ones by
 * changing characters, and must accept the same ones and read the same values.
 * `AIRCAN_CELLS` says how many cells of each field: 3000 unless told, millions for a long run.
 */
const cellsOfField = Number(process.env.AIRCAN_CELLS ?? 3000);
const cellsAtOnce = 20_000;
const cellsOfClasses = 2000;
const seed = Number(process.env.AIRCAN_SEED ?? 20261121);

const json = [
  '{"a": 1}',
  '{"a":[1,2.5e3,null,true,false,"x"]}',
  "[]",
  "[1, 2]",
  '{"a":"NaN, ]"}',
  '{"a":"\\u00e9\\\\\\""}',
  "[NaN]",
  "[1,]",
  '{"type":"Point","coordinates":[1,2]}',
  '{"type":"Feature","geometry":null,"properties":{}}',
  '{"type":"FeatureCollection","features":[]}',
  '{"type":"Topology","objects":{},"arcs":[]}',
  '{"type":"GeometryCollection","geometries":[]}',
  "[-Infinity]",
  "[inf]",
  '[{"i":"I"}]',
];
const numbers = [
  "0",
  "-1",
  "+12",
  "007",
  "1,234",
  "1,23,456",
  "1.5",
  "-0.25",
  ".5",
  "5.",
  "1e5",
  "2E-3",
  "NaN",
  "nan",
  "inf",
  "-Inf",
  "INF",
  "-INF",
  "€ 1,234.50",
  "-€5",
  "€-5",
  "5 €",
  "kr. 1\u00a0234,5",
  "5%",
  "-5 %",
  "12%",
  "-$5.00",
  "kr. 5",
  "kr.5",
  "(5)",
  "5-",
  "5.-",
  "1.234,5",
  "12 345",
  "123456789012345678901234567890",
];
const days = [
  "2026-01-31",
  "2024-02-29",
  "2023-02-29",
  "0001-01-01",
  "0000-01-01",
  "9999-12-31",
  "31.01.2026",
  "1.2.2026",
  "01/02/2026",
  "13/02/2026",
  "2026/01/31",
  "20260131",
  "31 January 2026",
  "3 Mar 26",
  "Feb 3, 2026",
  "31-Jan-2026",
  "2026-366",
  "2026-060",
  "31-01-26",
  "01-02-70",
];
const clocks = [
  "13:45:00",
  "00:00:00.5",
  "23:59:59.123456789",
  "13:45",
  "1:45 PM",
  "12:00:00 AM",
  "24:00:00",
  "23:59:60",
  "9.30",
];
const moments = [
  "2026-01-31T13:45:00",
  "2026-01-31T13:45:00Z",
  "2026-01-31T13:45:00.25+01:00",
  "2026-01-31 13:45:00",
  "2026-01-31 13:45",
  "31.01.2026 13:45",
  "01/31/2026 1:45 PM",
  "2026-01-31T13:45",
  "2026-01-31T13:45:00-0530",
  "2026-01-31 13:45:00.5",
];
const others = [
  "2026",
  "-0044",
  "12026",
  "2026Z",
  "2026+14:00",
  "2026-01",
  "2026-01Z",
  "2026-01+01:00",
  "P1Y2M3W4DT5H6M7.5S",
  "PT1.5H",
  "-P1D",
  "P",
  "PT",
  "P99999999999Y",
  "10.5,59.9",
  ".5,-5.",
  "1.05e1, 59",
  "[1.05e1, -5E-1]",
  "200, 10",
  "[10.5, 59.9]",
  '{"lon": 10.5, "lat": 59.9}',
  '{"lat":1,"lon":2}',
  '{"lon":1,"lon":2}',
  "a,b,c",
  "1;2;3",
  "1|x",
  "true,false",
  "true",
  "FALSE",
  "yes",
  "ja",
  "a@b.org",
  "urn:a:b",
  "http://a b",
  "QUJD",
  "!!!",
  "123e4567-e89b-12d3-a456-426614174000",
  "é\u00a0x",
  "\u2003",
  "日本",
];
/** What cells look like whose types are found out. */
const looks = [
  ..."n/a|N/A|NULL|none|-|--|..|?|#N/A|NaN|+47 912 34 567|974 760 673|1 234|1 234,5|1'234.50|1.234.567|1,234,567|12,34".split(
    "|",
  ),
  ..."12 %|12%|€5|5 €|-€5|kr 5|kr. 5,50|7 kr|NOK 1 000|1 000 NOK|USD 5.00|$1,234.50|zł 5|5 zł|5 Kč|‰|5‰|kroner|EURO".split(
    "|",
  ),
  ..."13/02/2020|02/13/2020|02/03/2020|31-12-2020|12-31-2020|2020/1/2|31/12/20|1/31/2020 1:05 PM|31.12.2020 10:00:00".split(
    "|",
  ),
  ..."2020-01-31 10:00|2020-01-31T10:00|2020-01-31 10:00:00+0100|9:30|25:00|1-Feb-2020|1 February 2020|20200131|0|1|1999".split(
    "|",
  ),
];
const seeds = [...json, ...numbers, ...days, ...clocks, ...moments, ...others];
const alphabet = [..."0123456789+-.,:;/ TZeEPYMDHSWAp%€$()[]{}\"'\\ntrufalsi|@\u00a0\t"];

const fields: readonly Omit<Field, "name">[] = [
  { type: "string" },
  { type: "string", format: "email" },
  { type: "string", format: "uri" },
  { type: "string", format: "binary" },
  { type: "string", format: "uuid" },
  { type: "integer" },
  { type: "integer", groupChar: "," },
  { type: "integer", bareNumber: false },
  { type: "integer", groupChar: " ", bareNumber: false },
  { type: "number" },
  { type: "number", decimalChar: "," },
  { type: "number", decimalChar: ",", groupChar: "." },
  { type: "number", groupChar: ",", bareNumber: false },
  { type: "number", decimalChar: ",", bareNumber: false },
  { type: "number", groupChar: ",", bareNumber: false, unit: "€" },
  { type: "number", decimalChar: ",", groupChar: "\u00a0", bareNumber: false, unit: "kr." },
  { type: "integer", bareNumber: false, unit: "%" },
  { type: "boolean" },
  { type: "boolean", trueValues: ["ja", "1"], falseValues: ["nei", "0"] },
  { type: "date" },
  { type: "date", format: "any" },
  ...[
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%Y%m%d",
    "%d %B %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%Y-%j",
    "%d.%m.%y",
  ].map((format) => ({ type: "date" as const, format })),
  { type: "time" },
  { type: "time", format: "any" },
  { type: "time", format: "%H:%M" },
  { type: "time", format: "%I:%M %p" },
  { type: "time", format: "%H.%M" },
  { type: "datetime" },
  { type: "datetime", zoned: true },
  { type: "datetime", zoned: false },
  { type: "datetime", format: "any" },
  ...[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S.%f",
  ].map((format) => ({ type: "datetime" as const, format })),
  { type: "year" },
  { type: "yearmonth" },
  { type: "duration" },
  { type: "list" },
  { type: "list", delimiter: ";" },
  ...["integer", "number", "boolean", "date", "time", "datetime"].map((itemType) => ({
    type: "list" as const,
    itemType,
  })),
  { type: "list", itemType: "integer", delimiter: "|" },
  { type: "object" },
  { type: "array" },
  { type: "geojson" },
  { type: "geojson", format: "topojson" },
  { type: "geopoint" },
  { type: "geopoint", format: "array" },
  { type: "geopoint", format: "object" },
  { type: "any" },
];

/** Options that are rare, and characters that mean something in patterns. */
const rare: readonly Omit<Field, "name">[] = [
  ...["*", "^", "]", "\\", "|", "..", "\u202f"].flatMap((mark) => [
    { type: "number" as const, decimalChar: mark, groupChar: ".".repeat(mark === ".." ? 3 : 1) },
    { type: "integer" as const, groupChar: mark, bareNumber: false },
    { type: "list" as const, delimiter: mark, itemType: "number" },
    { type: "boolean" as const, trueValues: [mark, "true"], falseValues: ["a.b", "0|1"] },
    { type: "date" as const, format: `%d${mark}%m${mark}%Y` },
    { type: "number" as const, unit: mark, bareNumber: false },
  ]),
  { type: "boolean", trueValues: [], falseValues: [] },
  ...[
    ..."%a %d %b %Y|%A, %d. %B %Y|%d%m%y|%Y|%y|%m/%Y|%j %Y|%y%j|%d/%m|%%%Y-%m-%d%%|Week (%d) %m+%Y?|%b %Y|%Y0%m0%d1".split(
      "|",
    ),
  ].map((format) => ({ type: "date" as const, format })),
  ...["%H%M%S", "%I%p", "%p %I:%M", "%S", "%H:%M:%S.%f", "%H:%M:%S%z", "%H h %M", "%f"].map((format) => ({
    type: "time" as const,
    format,
  })),
  ...[
    ..."%Y-%m-%dT%H:%M:%SZ|%Y-%m-%d %H:%M:%S %z|%Y-%m-%d|%H:%M|%Y%m%d%H%M%S|%a %b %d %H:%M:%S %Y|%d %b %Y %I:%M%p|%j %H".split(
      "|",
    ),
  ].map((format) => ({ type: "datetime" as const, format })),
];

const place = fc.nat(1_000_000);
const character = fc.constantFrom(...alphabet);
const edit = fc.record({ place, character, kind: fc.constantFrom("insert", "replace", "delete", "cut") });
const cell = fc
  .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 3 }))
  .map(([start, edits]) => edits.reduce(changed, start))
  .filter((each) => each !== "" && each.isWellFormed());

function changed(
  cell: string,
  { place, character, kind }: { place: number; character: string; kind: string },
): string {
  const at = cell.length === 0 ? 0 : place % cell.length;
  if (kind === "insert") return cell.slice(0, at) + character + cell.slice(at);
  if (kind === "delete") return cell.slice(0, at) + cell.slice(at + 1);
  return kind === "cut" ? cell.slice(0, at) : cell.slice(0, at) + character + cell.slice(at + 1);
}

let session: Session;
beforeAll(async () => {
  session = await openSession();
  return () => session.close();
});

test.each([...fields, ...rare])("SQL and JavaScript read every cell of %j alike", async (told) => {
  const field: Field = { name: "c", ...told } as Field; // a field with its name
  for (let done = 0, round = 0; done < cellsOfField; round++) {
    const numRuns = Math.min(cellsAtOnce, cellsOfField - done);
    const cells = [...new Set([...seeds, ...fc.sample(cell, { numRuns, seed: seed + round })])];
    done += numRuns;
    expect(await disagreements(field, cells)).toEqual([]);
  }
});

const guesses: readonly Omit<Field, "name">[] = [
  { type: "string" },
  { type: "integer" },
  { type: "number" },
  { type: "boolean" },
  { type: "date" },
  { type: "date", format: "%d.%m.%Y" },
  { type: "date", format: "%d/%m/%Y" },
  { type: "datetime", zoned: false },
  { type: "datetime", format: "%Y-%m-%d %H:%M" },
  { type: "time" },
  { type: "object" },
];

test.each(guesses)(
  "SQL and JavaScript put every cell in one class, whatever is looked for first: %j",
  async (told) => {
    for (let done = 0, round = 0; done < cellsOfField; round++, done += cellsOfClasses) {
      const sample = fc.sample(cell, { numRuns: Math.min(cellsOfClasses, cellsOfField), seed: seed + round });
      const cells = [...new Set([...looks, ...seeds, ...sample])];
      const found = await classDisagreements({ name: "c", ...told } as Field, cells); // a field with its name
      expect(found).toEqual([]);
    }
  },
);

/** Cells whose class differs, found by halving the cells whose counts differ. */
async function classDisagreements(guess: Field, cells: readonly string[]): Promise<readonly string[]> {
  const expected: Record<string, number> = {};
  for (const each of cells) expected[cellClass(each)] = (expected[cellClass(each)] ?? 0) + 1;
  const source = `SELECT unnest([${cells.map(text).join(", ")}]) AS c`;
  const [found] = await inferFields(session, source, { names: ["c"], missingValues: [""], guesses: [guess] });
  const agrees = Object.entries({ ...expected, ...found?.counts }).every(
    ([name]) => expected[name] === found?.counts[name],
  );
  if (agrees) return [];
  if (cells.length === 1)
    return [`${cells[0]}: ${JSON.stringify(expected)} ${JSON.stringify(found?.counts)}`];
  const half = Math.ceil(cells.length / 2);
  return [
    ...(await classDisagreements(guess, cells.slice(0, half))),
    ...(await classDisagreements(guess, cells.slice(half))),
  ];
}

async function disagreements(field: Field, cells: readonly string[]): Promise<unknown[]> {
  const type = usualType(field);
  const { fits, attempt } = castCell("c", field, type);
  const valid = validity("c", field);
  const held = allOf([valid, fits ?? "true", `${attempt} IS NOT NULL`]);
  const rows = await query(
    session,
    `SELECT c, coalesce(${valid}, false), coalesce(${held}, false), CASE WHEN coalesce(${held}, false) THEN ${textForm(attempt, field, type)} END
     FROM (SELECT unnest([${cells.map(text).join(", ")}]) AS c)`,
  );
  const [read, isGood] = [cellReader(field), cellTest(field)];
  return rows.flatMap(([cell, valid, held, printed]) => {
    const value = read(String(cell));
    const isRead = value !== undefined;
    const same = !held || plain(value, field) === plain(readPrinted(String(printed), field), field);
    return isRead === valid && isGood(String(cell)) === isRead && same
      ? []
      : [{ cell, valid, isRead, printed, value: String(value) }];
  });
}

/** What the engine prints is in the default form of the type. */
function readPrinted(printed: string, { name, type, format, itemType, delimiter, zoned }: Field): unknown {
  const kept = { itemType, delimiter, zoned, format: type === "geojson" ? format : undefined };
  const told = Object.entries(kept).filter(([, value]) => value !== undefined);
  const field = { name, type, ...Object.fromEntries(told) } as Field; // the same without the format of its text
  if (type === "boolean") return printed === "true";
  return cellReader(field)(printed);
}

/** A value as something that can be compared. */
function plain(value: unknown, field: Field): unknown {
  if (value instanceof Temporal.Duration) {
    const { years, months, weeks, days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } =
      value;
    const clock =
      ((hours * 60 + minutes) * 60 + seconds) * 1e6 + milliseconds * 1000 + microseconds + nanoseconds / 1000;
    return [years * 12 + months, weeks * 7 + days, Math.round(clock)].join(" ");
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, field)).join("\n");
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return JSON.stringify(value);
  return Object.is(value, -0) ? "0" : String(value);
}
