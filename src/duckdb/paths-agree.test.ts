import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { castColumns, cellRefused, validity } from "./cast.ts";
import { createDuckDBEngine } from "./engine.ts";
import { openSession, query, type Session } from "./session.ts";
import { identifier, text } from "./sql.ts";
import { castTable, csvTable, loadCsv, planOf, temporaryFolder } from "./testing.ts";
import { textForm } from "./text-form.ts";

/**
 * The fast path (test and cast in hope), the exact path (what is known of each cell) and the text that is
 * passed on to a CSV file are three SQL expressions over one cell. Here they meet the same cells.
 */
const fields: readonly Field[] = [
  { name: "c", type: "integer" },
  { name: "c", type: "integer", groupChar: ",", bareNumber: false },
  { name: "c", type: "number" },
  { name: "c", type: "number", decimalChar: ",", groupChar: "." },
  { name: "c", type: "boolean" },
  { name: "c", type: "boolean", trueValues: ["ja"], falseValues: ["nei"] },
  { name: "c", type: "date" },
  { name: "c", type: "date", format: "%d.%m.%Y" },
  { name: "c", type: "time" },
  { name: "c", type: "datetime", zoned: false },
  { name: "c", type: "datetime", zoned: true },
  { name: "c", type: "year" },
  { name: "c", type: "yearmonth" },
  { name: "c", type: "duration" },
  { name: "c", type: "list" },
  { name: "c", type: "object" },
  { name: "c", type: "geopoint" },
  { name: "c", type: "string", format: "email" },
];

const known = [
  ..."0|-0|+0|007|-7|1e3|1E-5|1_000| 5|5 |.5|5.|-.5|1,5|1.5|1.50|0.0001|0.00001|-0.00012|NaN|INF|-INF|inf|nan".split(
    "|",
  ),
  ..."123456789012345|1234567890123456|999999999999999.9|0.1234567890123456789|9223372036854775807".split(
    "|",
  ),
  ..."9223372036854775808|-9223372036854775808|123456789012345678|1.234.567,5|kr 1,234|12%|1e400|1e-400".split(
    "|",
  ),
  ..."true|True|TRUE|1|false|False|yes|ja|nei".split("|"),
  ..."2026-02-28|2026-02-29|2024-02-29|2026-02-30|2026-13-01|0000-01-01|0001-01-01|9999-12-31|10000-01-01".split(
    "|",
  ),
  ..."31.01.2026|1.1.2026|30.02.2026|2026-1-5|2026-01|2026-13|2026|0026|-2026".split("|"),
  ..."00:00:00|23:59:59|24:00:00|12:00|12:00:00.5|12:00:00.123456789|12:00:60".split("|"),
  ..."2026-01-31T12:00:00|2026-01-31T12:00:00Z|2026-01-31T12:00:00+01:00|2026-01-31 12:00:00".split("|"),
  ..."2026-02-29T12:00:00|2026-01-31T12:00:00.123456|2026-01-31T12:00:00.1234567|0000-01-01T00:00:00".split(
    "|",
  ),
  ...'P1D|PT1.5S|P|-P1Y2M|P1W|a,b|{}|[1]|{"a":1}|{"a":|10.5,59.9|200,95|a@b.org|a@b'.split("|"),
];

const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 20 });
const shaped = fc.string({ unit: fc.constantFrom(..."0123456789+-.,:TZeE /_PYMD"), maxLength: 24 });
const numbers = fc
  .tuple(fc.constantFrom("", "-", "+"), digits, fc.constantFrom("", "."), digits)
  .map((parts) => parts.join(""));
const moments = fc
  .date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .chain((date) => fc.constantFrom(19, 20, 23, 24, 10).map((length) => date.toISOString().slice(0, length)));
const cells = fc.array(fc.oneof(shaped, numbers, moments, fc.double().map(String), fc.bigInt().map(String)), {
  minLength: 300,
  maxLength: 300,
});

let session: Session;
beforeAll(async () => {
  session = await openSession();
  return () => session.close();
});

test.each(fields)("the paths agree about every cell of %j", async (field) => {
  const samples = fc.sample(cells, { seed: 20261121, numRuns: 4 }).flat();
  const all = [...new Set([...known, ...samples])].filter((cell) => cell !== "");
  const table = csvTable("", ["c"]);
  const relation = castTable(table, [field]);
  const input = [{ field: { name: "c", type: "string" }, type: "VARCHAR" }] as const;
  const usual = { decision: undefined, texts: new Set<string>() };
  const hopeful = castColumns(relation, input, usual)[0];
  const late = castColumns(relation, input, { ...usual, texts: new Set(["c"]) })[0];
  const decided = castColumns(relation, input, {
    ...usual,
    decision: { types: new Map(), bad: new Set(["c"]), treatment: "clear", droppedRows: null },
  })[0];
  if (!hopeful || !late || !decided) throw new Error("a cast has its column");
  const form = (sql: string) => textForm(sql, field, hopeful.column.type);
  const refused = (sql: string) => `TRY(${sql.replaceAll(`error('${cellRefused}')`, "NULL")})`; // error() cannot be tried
  const rows = await query(
    session,
    `SELECT c, ${[form(hopeful.sql), late.sql, form(decided.sql), `coalesce(${validity('"c"', field)}, false)`].map(refused).join(", ")}
     FROM (SELECT unnest([${all.map(text).join(", ")}]) AS ${identifier("c")})`,
  );
  const disagreeing = rows.filter(([, fast, passed, exact, valid]) => {
    const accepted = fast !== null;
    return (
      fast !== passed ||
      (accepted && (fast !== exact || valid !== true)) ||
      (valid === false && exact !== null)
    );
  });
  expect(disagreeing).toEqual([]);
  expect(rows.some(([, fast]) => fast !== null)).toBe(true);
});

const engine = createDuckDBEngine();

/** The CSV file that a flow over a file writes. */
async function written(body: string, schema: readonly Field[]): Promise<string> {
  const path = join(temporaryFolder(), "out.csv");
  const relation = loadCsv(body, schema, { onError: "drop" });
  await engine.run(
    planOf({ data: relation }, async (run) => void (await run.copyToFile(relation, path, "csv"))),
  );
  return readFileSync(path, "utf8");
}

test("a file is written the same whether a bad row made the run exact or not", async () => {
  const schema = [
    { name: "i", type: "integer" },
    { name: "n", type: "number" },
    { name: "d", type: "date" },
    { name: "t", type: "datetime", zoned: false },
    { name: "b", type: "boolean" },
    { name: "s", type: "string" },
  ] as const;
  const row = fc.tuple(
    fc.option(fc.integer(), { nil: "" }),
    fc.option(
      fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
      { nil: "" },
    ),
    fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.option(fc.boolean(), { nil: "" }),
    fc.string({ unit: "grapheme", maxLength: 20 }).filter((cell) => !/[\r\n\0]/.test(cell)),
  );
  const line = row.map(([i, n, date, b, s]) => {
    const iso = date.toISOString();
    return `${i},${n},${iso.slice(0, 10)},${iso.slice(0, 19)},${b},"${s.replaceAll('"', '""')}"\n`;
  });
  const good = fc.array(line, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(good, async (lines) => {
      const body = lines.join("");
      expect(await written(`${body}x,1,,,,bad\n`, schema)).toBe(await written(body, schema));
    }),
    { seed: 20261121, numRuns: 12 },
  );
});
