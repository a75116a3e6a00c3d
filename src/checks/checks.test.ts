import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import { checklistOf, readChecklist } from "./checklist.ts";
import type { CustomCheck } from "./custom-check.ts";
import { type Report, reportSchema } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-checks-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function validate(csv: string, options: Partial<ValidateOptions>): Promise<Report> {
  const name = `data-${files++}.csv`;
  await writeFile(join(folder, name), csv);
  const context = contextIn(folder, { trusted: false });
  const report = await validateSources([name], { engine, context, ...options });
  expect(reportSchema.parse(report)).toEqual(report);
  return report;
}

/** All errors as `[row, field, type]`. */
const flat = ({ tasks }: Report) =>
  tasks.flatMap(({ errors }) =>
    errors.map(({ rowNumber, fieldName, type }) => [rowNumber ?? null, fieldName ?? null, type]),
  );

const checked = (csv: string, check: object, schema?: object) =>
  validate(csv, {
    checklist: checklistOf({ checks: [check] }),
    ...(schema ? { schema: schema as Record<string, unknown> } : {}),
  });

const ab = {
  fields: [
    { name: "a", type: "integer" },
    { name: "b", type: "string" },
  ],
};
const lines = (...cells: unknown[]) => `a,b\n${cells.map((cell) => `${cell}\n`).join("")}`;
const long = (length: number) => "x".repeat(length);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${10 + (i % 3)},x`);

type Case = [name: string, csv: string, check: object, expected: unknown[][]];

describe("checks that are asked for", () => {
  test.each<Case>([
    ["a table has enough rows", lines("1,x"), { type: "table-dimensions", minRows: 1, numFields: 2 }, []],
    [
      "each bound of the dimensions is tested alone",
      lines("1,x"),
      { type: "table-dimensions", minRows: 2, maxFields: 1, numRows: 3 },
      [
        [null, null, "table-dimensions"],
        [null, null, "table-dimensions"],
        [null, null, "table-dimensions"],
      ],
    ],
    [
      "a row that stands there twice",
      lines("1,x", "2,x", "1,x", "1,x"),
      { type: "duplicate-row" },
      [
        [4, null, "duplicate-row"],
        [5, null, "duplicate-row"],
      ],
    ],
    [
      "rows without values are the same, too",
      lines("1,", "1,"),
      { type: "duplicate-row" },
      [[3, null, "duplicate-row"]],
    ],
    [
      "a row that differs in its number only",
      lines("1,x", "2,x"),
      { type: "duplicate-row", ignoreFields: ["a"] },
      [[3, null, "duplicate-row"]],
    ],
    [
      "a number far from the others",
      lines(...numbers(30), "900,x"),
      { type: "deviated-value", fieldName: "a" },
      [[32, "a", "deviated-value"]],
    ],
    ["numbers near each other", lines(...numbers(30)), { type: "deviated-value", fieldName: "a" }, []],
    [
      "a number far from the median",
      lines(...numbers(30), "900,x"),
      { type: "deviated-value", fieldName: "a", average: "median", interval: 2 },
      [[32, "a", "deviated-value"]],
    ],
    [
      "a cell that is much too long",
      lines(...numbers(30), `1,${long(6000)}`),
      { type: "deviated-cell" },
      [[32, "b", "deviated-cell"]],
    ],
    [
      "a cell that is long, but not too long",
      lines(...numbers(30), `1,${long(4000)}`),
      { type: "deviated-cell" },
      [],
    ],
    [
      "what may be cut off",
      lines(`32767,${long(255)}`, `2147483647,${long(254)}`, "32766,x"),
      { type: "truncated-value" },
      [
        [2, "a", "truncated-value"],
        [2, "b", "truncated-value"],
        [3, "a", "truncated-value"],
      ],
    ],
    [
      "a forbidden number, however it is written",
      lines("1,x", "+2,x", "3,x"),
      { type: "forbidden-value", fieldName: "a", values: [2, "3"] },
      [
        [3, "a", "forbidden-value"],
        [4, "a", "forbidden-value"],
      ],
    ],
    [
      "a forbidden text",
      lines("1,x", "2,n/a"),
      { type: "forbidden-value", fieldName: "b", values: ["n/a"] },
      [[3, "b", "forbidden-value"]],
    ],
    [
      "a value that must be there",
      lines("1,x", "2,y"),
      { type: "required-value", fieldName: "b", values: ["y", "z"] },
      [[null, "b", "required-value"]],
    ],
    [
      "numbers that follow one another",
      lines("3,x", "4,x", "5,x"),
      { type: "sequential-value", fieldName: "a" },
      [],
    ],
    [
      "the first number that does not follow",
      lines("3,x", "5,x", "9,x"),
      { type: "sequential-value", fieldName: "a" },
      [[3, "a", "sequential-value"]],
    ],
    ["a character beyond ASCII", lines("1,x", "2,é"), { type: "ascii-value" }, [[3, "b", "ascii-value"]]],
    [
      "a rule between cells",
      lines("1,x", "5,y", ",z"),
      { type: "row-constraint", formula: "a < 5 or b = 'x'" },
      [
        [3, null, "row-constraint"],
        [4, null, "row-constraint"],
      ],
    ],
    [
      "a query that must give no row",
      lines("1,x", "1,y"),
      { type: "sql", query: "SELECT a, count(*) AS n FROM data GROUP BY a HAVING n > 1" },
      [[null, null, "sql"]],
    ],
    ["a query that gives none", lines("1,x"), { type: "sql", query: "SELECT * FROM data WHERE a > 1;" }, []],
    [
      "a check of a field that is not there",
      lines("1,x"),
      { type: "forbidden-value", fieldName: "c", values: ["x"] },
      [[null, null, "check-error"]],
    ],
    [
      "a formula of Frictionless",
      lines("1,x", "2,xy", "3,"),
      {
        type: "row-constraint",
        formula: 'a in [1, 3] and (b is None or "x" in b) and len(b) != 2 or a == None',
      },
      [
        [3, null, "row-constraint"],
        [4, null, "row-constraint"],
      ],
    ],
    [
      "a formula that is a program",
      lines("1,x"),
      { type: "row-constraint", formula: '__import__("os").system("true")' },
      [[null, null, "check-error"]],
    ],
    [
      "a formula that cannot be read",
      lines("1,x"),
      { type: "row-constraint", formula: "a <" },
      [[null, null, "check-error"]],
    ],
    [
      "a query that no table answers",
      lines("1,x"),
      { type: "sql", query: "SELECT * FROM nowhere" },
      [[null, null, "check-error"]],
    ],
    ["no previous run", lines("1,x"), { type: "row-count-change", maxDecrease: 1 }, []],
  ])("%s", async (_, csv, check, expected) => {
    expect(flat(await checked(csv, check, ab))).toEqual(expected);
  });

  test.each<Case>([
    [
      "dates that compare wrongly",
      "a,b\n2020-01-02,2020-01-01\n2020-01-01,2020-01-01\n,2020-01-01\n",
      { type: "field-comparison", fieldName: "a", operator: "<=", otherField: "b" },
      [[2, "a", "field-comparison"]],
    ],
    [
      "data that is too old",
      "a,b\n2020-01-02,2020-01-01\n",
      { type: "freshness", fieldName: "a", maxAge: "7d" },
      [[null, "a", "freshness"]],
    ],
    [
      "data that is new enough",
      "a,b\n2020-01-02,2020-01-01\n",
      { type: "freshness", fieldName: "a", maxAge: "9d" },
      [],
    ],
  ])("%s", async (_, csv, check, expected) => {
    const fields = [
      { name: "a", type: "date" },
      { name: "b", type: "date" },
    ];
    const report = await validate(csv, {
      checklist: checklistOf({ checks: [check] }),
      schema: { fields },
      now: () => Date.parse("2020-01-10T00:00:00Z"),
    });
    expect(flat(report)).toEqual(expected);
  });

  test("a file's age is that of its last change, unless a field says it", async () => {
    const check = { type: "freshness", maxAge: "1h" };
    const later = {
      now: () => Date.now() + 2 * 3_600_000,
      checklist: checklistOf({ checks: [check] }),
      schema: ab,
    };
    expect(flat(await checked(lines("1,x"), check, ab))).toEqual([]);
    expect(flat(await validate(lines("1,x"), later))).toEqual([[null, null, "freshness"]]);
  });

  test.each<[check: Record<string, unknown>, expected: unknown[][]]>([
    [
      { type: "duplicate-row" },
      [
        [6, null],
        [7, null],
      ],
    ],
    [{ type: "sequential-value", fieldName: "a" }, [[4, "a"]]],
    [{ type: "required-value", fieldName: "a", values: [2, 3] }, []],
    [
      { type: "forbidden-value", fieldName: "a", values: [2, 3] },
      [
        [3, "a"],
        [5, "a"],
      ],
    ],
    [
      { type: "row-constraint", formula: "a < 3" },
      [
        [4, null],
        [5, null],
        [7, null],
      ],
    ],
  ])("rows with too many or too few cells, and blank ones, are seen by %j", async (check, expected) => {
    const csv = "a,b\n1,x\n2,y,z\n\n3\n1,x,z\n\n";
    const found = flat(await checked(csv, check, ab)).filter(([, , type]) => type === check.type);
    expect(found.map(([row, field]) => [row, field])).toEqual(expected);
  });

  test("rows keep their numbers beside broken ones", async () => {
    const csv = 'a,b\n1,x\n\n2,n/a,z\nq,n/a\n"4"4,n/a\n';
    expect(
      flat(await checked(csv, { type: "forbidden-value", fieldName: "b", values: ["n/a"] }, ab)),
    ).toEqual([
      [3, null, "blank-row"],
      [4, "", "extra-cell"],
      [4, "b", "forbidden-value"],
      [5, "a", "type-error"],
      [5, "b", "forbidden-value"],
      [6, "a", "stray-quote"],
    ]);
  });

  test("one that cannot be made leaves the others to be made", async () => {
    const checks = [
      { type: "forbidden-value", fieldName: "c", values: ["x"] },
      { type: "ascii-value" },
      { type: "duplicate-row" },
    ];
    const report = await validate(lines("1,é", "1,é"), { checklist: checklistOf({ checks }), schema: ab });
    expect(flat(report)).toEqual([
      [null, null, "check-error"],
      [2, "b", "ascii-value"],
      [3, "b", "ascii-value"],
      [3, null, "duplicate-row"],
    ]);
  });

  test("an error shows its row, with cell and place", async () => {
    const report = await checked(lines("1,x", "2,é"), { type: "ascii-value" }, ab);
    expect(report.tasks[0]?.errors).toEqual([
      {
        type: "ascii-value",
        title: "Ascii Value",
        description: "A cell has characters that are not ASCII.",
        message: 'The field "b" has the character "é", which is not ASCII.',
        tags: ["#table", "#row", "#cell"],
        note: "the cell contains non-ascii characters",
        severity: "error",
        rowNumber: 3,
        line: 3,
        byteOffset: 8,
        cells: ["2", "é"],
        cell: "é",
        fieldName: "b",
        fieldNumber: 2,
      },
    ]);
  });

  test("all are counted where few are listed", async () => {
    const report = await validate(lines("1,é", "x,é", "1,é", "1,é"), {
      checklist: checklistOf({ checks: [{ type: "ascii-value" }, { type: "duplicate-row" }] }),
      schema: ab,
      limitErrors: 3,
    });
    expect(flat(report)).toEqual([
      [2, "b", "ascii-value"],
      [3, "a", "type-error"],
      [3, "b", "ascii-value"],
    ]);
    expect(report.tasks[0]?.stats.errorCounts).toEqual({
      "type-error": 1,
      "ascii-value": 4,
      "duplicate-row": 2,
    });
    expect(report.tasks[0]?.warnings).toEqual(["reached error limit: 3"]);
  });
});

describe("severity", () => {
  test("a check that only warns leaves the file valid", async () => {
    const report = await checked(lines("1,é"), { type: "ascii-value", severity: "warning" }, ab);
    expect(report.valid).toBe(true);
    expect(report.tasks[0]?.warnings).toEqual([
      'ascii-value: row 2: The field "b" has the character "é", which is not ASCII.',
    ]);
    expect(report.tasks[0]?.stats.warningCounts).toEqual({ "ascii-value": 1 });
  });

  test("may be told by type, without asking for a check", async () => {
    const checklist = checklistOf({ severity: { "type-error": "warning", "forbidden-value": "info" } });
    const report = await validate(lines("q,x"), { schema: ab, checklist });
    expect([report.valid, report.tasks[0]?.stats.warningCounts]).toEqual([true, { "type-error": 1 }]);
  });

  test("checks that are always made can only warn, too", async () => {
    const report = await checked("a,b\n1,x\n\n", { type: "blank-row", severity: "info" }, ab);
    expect([report.valid, report.tasks[0]?.warnings]).toEqual([
      true,
      ["blank-row: row 3: The row has no value in any cell."],
    ]);
  });
});

test("warnings take no place from errors", async () => {
  const report = await validate(lines("1,x", "", "", "q,x"), {
    schema: ab,
    checklist: checklistOf({ checks: [{ type: "blank-row", severity: "warning" }] }),
    limitErrors: 1,
  });
  expect(flat(report)).toEqual([[5, "a", "type-error"]]);
});

describe("compared with the run before", () => {
  const change = { checks: [{ type: "row-count-change", maxDecrease: 20, maxIncrease: 100 }] };
  test.each<[string, number, number, unknown[][]]>([
    ["as before", 10, 10, []],
    ["a little fewer", 10, 8, []],
    ["many fewer", 10, 7, [[null, null, "row-count-change"]]],
    ["twice as many", 10, 20, []],
    ["three times as many", 10, 30, [[null, null, "row-count-change"]]],
    ["none before", 0, 5, [[null, null, "row-count-change"]]],
  ])("rows: %s", async (_, before, now, expected) => {
    const csv = (count: number) => lines(...Array.from({ length: count }, (_, i) => `${i},x`));
    const first = await validate(csv(before), { schema: ab });
    const renamed = { ...first, tasks: first.tasks.map((task) => ({ ...task, name: `data-${files}` })) };
    const report = await validate(csv(now), { schema: ab, checklist: checklistOf(change), before: renamed });
    expect(flat(report)).toEqual(expected);
  });

  test.each<[string, string, string, unknown[][]]>([
    ["numbers as before", "a", lines(...numbers(90)), []],
    [
      "numbers in another unit",
      "a",
      lines(...numbers(90).map((line) => `10${line}`)),
      [[null, "a", "distribution-drift"]],
    ],
    ["texts as before", "b", lines(...numbers(60)), []],
    [
      "other texts",
      "b",
      lines(...numbers(90).map((line) => line.replace("x", "y"))),
      [[null, "b", "distribution-drift"]],
    ],
    [
      "no values any more",
      "b",
      lines(...numbers(90).map((line) => line.replace("x", ""))),
      [[null, "b", "distribution-drift"]],
    ],
  ])("values: %s", async (_, fieldName, csv, expected) => {
    const options = {
      schema: ab,
      checklist: checklistOf({ checks: [{ type: "distribution-drift", fieldName }] }),
    };
    const first = await validate(lines(...numbers(90)), options);
    const renamed = { ...first, tasks: first.tasks.map((task) => ({ ...task, name: `data-${files}` })) };
    expect(flat(await validate(csv, { ...options, before: renamed }))).toEqual(expected);
  });
});

describe("a query from outside", () => {
  test("ends when it takes too long", async () => {
    const sql = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b";
    await expect(engine.askAlone({ tables: {}, sql, limit: 1, seconds: 0.2 })).rejects.toMatchObject({
      code: "timeout",
    });
  });

  const file = "SELECT * FROM read_csv('/etc/passwd')";
  test.each([
    ["reads no file", file],
    ["reads no file by its name", "SELECT * FROM '/etc/passwd'"],
    ["writes none", "SELECT 1); COPY data TO '/tmp/aircan-never.csv'; SELECT * FROM (SELECT 1"],
    ["loads nothing", "SELECT 1); INSTALL httpfs; SELECT * FROM (SELECT 1"],
    ["changes no setting", "SELECT 1); SET enable_external_access = true; SELECT * FROM (SELECT 1"],
  ])("%s", async (_, query) => {
    expect(flat(await checked(lines("1,x"), { type: "sql", query }, ab))).toEqual([
      [null, null, "check-error"],
    ]);
  });
});

test.each([
  ["SELECT 1 AS a; DROP TABLE data", "has 2 statements"],
  ["-- nothing", "is empty"],
  ["SELECT * FROM nowhere", "The tables here are: data, "],
  ["SELECT list(range) FROM range(1000000000)", "takes more memory or disk than it may have"],
])("the query %s is refused with the reason", async (query, reason) => {
  const report = await checked(lines("1,x"), { type: "sql", query }, ab);
  const texts = report.tasks.flatMap(({ errors }) => errors.map(({ message, note }) => `${message} ${note}`));
  expect(texts).toEqual([expect.stringContaining(reason)]);
});

test("what a query gives is shown in short", async () => {
  const report = await checked(lines("1,x"), { type: "sql", query: "SELECT repeat('x', 100000) AS x" }, ab);
  expect(report.tasks[0]?.errors[0]?.message.length).toBeLessThan(1000);
});

describe("checks of one's own", () => {
  const even: CustomCheck = {
    name: "even",
    begin: () => {
      let odd = 0;
      return {
        row: ({ values: { a } }) => {
          if (typeof a !== "number" || a % 2 === 0) return undefined;
          odd++;
          return { message: `${a} is odd.`, field: "a" };
        },
        end: () => (odd > 1 ? { message: `${odd} are odd.` } : undefined),
      };
    },
  };

  test("see every row and the end, and report under their own name", async () => {
    const report = await validate(lines("1,x", "2,x", "q,x", "3,x"), { schema: ab, customChecks: [even] });
    expect(flat(report)).toEqual([
      [2, "a", "even"],
      [4, "a", "type-error"],
      [5, "a", "even"],
      [null, null, "even"],
    ]);
  });

  test("may stand in a file of TypeScript, if it is trusted", async () => {
    const path = join(folder, "checks.ts");
    await writeFile(
      path,
      `export const checks = [
        { type: "duplicate-row" },
        { name: "odd", begin: () => ({ row: ({ values }: any) => values.a % 2 ? undefined : { message: "even", field: "a" } }) },
      ];`,
    );
    await expect(readChecklist(path)).rejects.toMatchObject({ code: "forbidden" });
    const checklist = await readChecklist(path, { allowCode: true });
    expect(flat(await validate(lines("1,x", "2,x", "1,x"), { schema: ab, checklist }))).toEqual([
      [3, "a", "odd"],
      [4, null, "duplicate-row"],
    ]);
  });

  test("can only warn", async () => {
    const report = await validate(lines("1,x"), {
      schema: ab,
      customChecks: [{ ...even, severity: "warning" }],
    });
    expect([report.valid, report.tasks[0]?.warnings]).toEqual([true, ["even: row 2: 1 is odd."]]);
  });
});

test.each<[string, object, RegExp]>([
  ["an unknown check", { checks: [{ type: "duplicate-rows" }] }, /duplicate-rows.*not known/],
  ["an unknown parameter", { checks: [{ type: "duplicate-row", field: "a" }] }, /duplicate-row.*field/s],
  ["a parameter that is missing", { checks: [{ type: "forbidden-value", fieldName: "a" }] }, /values/],
])("a checklist with %s is refused", (_, checklist, message) => {
  expect(() => checklistOf(checklist)).toThrow(message);
});
