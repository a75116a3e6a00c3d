import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../base/catalogue.ts";
import type { Report, ReportError, ReportTask } from "./report.ts";
import { reportError } from "./report-error.ts";
import { reportForms } from "./report-forms.ts";

const cell = (type: ErrorCode, rowNumber: number, details: Partial<ReportError>): ReportError =>
  reportError(type, `"${details.cell}" in the field "${details.fieldName}" is wrong.`, {
    rowNumber,
    line: rowNumber,
    ...details,
  });

function task(errors: readonly ReportError[], counts?: Readonly<Record<string, number>>): ReportTask {
  const found = Map.groupBy(errors, ({ type }) => type);
  const errorCounts = counts ?? Object.fromEntries(Array.from(found, ([type, all]) => [type, all.length]));
  return {
    name: "towns",
    type: "table",
    valid: errors.length === 0,
    place: "data/towns <1>.csv",
    labels: ["id", "town"],
    stats: { errors: errors.length, warnings: 0, seconds: 0.1, bytes: 99, fields: 2, rows: 40, errorCounts },
    warnings: [],
    errors: [...errors],
  };
}

function report(tasks: readonly ReportTask[], errors: readonly ReportError[] = []): Report {
  const valid = errors.length === 0 && tasks.every((each) => each.valid);
  const count = tasks.reduce((sum, { stats }) => sum + stats.errors, errors.length);
  return {
    valid,
    stats: { tasks: tasks.length, errors: count, warnings: 0, seconds: 0.2 },
    warnings: [],
    errors: [...errors],
    tasks: [...tasks],
  };
}

const hostile = '<img src=x onerror="alert(1)">|`@all`\u0000\u202e';
const bad = report([
  task(
    [
      cell("type-error", 2, {
        cells: ["x", "Oslo"],
        cell: "x",
        fieldName: "id",
        fieldNumber: 1,
        byteOffset: 8,
      }),
      cell("type-error", 4, { cells: [hostile, "=1+1"], cell: hostile, fieldName: "id", fieldNumber: 1 }),
      cell("unique-error", 5, { cells: ["3", "=1+1"], cell: "=1+1", fieldName: "town", fieldNumber: 2 }),
    ],
    { "type-error": 12, "unique-error": 1 },
  ),
]);
const good = report([task([])]);

test("as CSV each error is a row, and no cell is a formula", () => {
  expect(
    reportForms.csv
      .write(bad)
      .split("\r\n")
      .slice(0, 2)
      .concat(reportForms.csv.write(bad).split("\r\n").slice(3)),
  ).toEqual([
    "task,place,type,severity,row,line,field,fieldNumber,cell,message,hint",
    'towns,data/towns <1>.csv,type-error,error,2,2,id,1,x,"""x"" in the field ""id"" is wrong.","Correct the cell, or the field\'s type."',
    'towns,data/towns <1>.csv,unique-error,error,5,5,town,2,\'=1+1,"""=1+1"" in the field ""town"" is wrong.",Make the value unique.',
    "",
  ]);
  expect(reportForms.csv.write(good).split("\r\n").length).toBe(2);
});

test.each([
  ["=1+1", "'=1+1"],
  ["-1+cmd", "'-1+cmd"],
  ["-1.5", "-1.5"],
  ["\uff1d1+1", "'\uff1d1+1"],
  ["\n=1", '"\'\n=1"'],
  ["\x1b[2Ja\u202eb", "\ufffd[2Ja\ufffdb"],
])("as CSV the cell %j is no formula, and no terminal obeys it", (text, written) => {
  const error = reportError("type-error", "Wrong.", { rowNumber: 2, line: 2, cell: text, fieldName: "id" });
  expect(reportForms.csv.write(report([task([error])])).split("\r\n")[1]).toBe(
    `towns,data/towns <1>.csv,type-error,error,2,2,id,,${written},Wrong.,"Correct the cell, or the field's type."`,
  );
});

test("as JUnit each kind that is looked for is a test case, and what was found is a failure", () => {
  const text = reportForms.junit.write(bad);
  expect(text.split("\n").slice(0, 10)).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    expect.stringMatching(
      /^<testsuites name="aircan validate" tests="\d+" failures="2" errors="0" time="0.2">$/,
    ),
    expect.stringMatching(/^ {2}<testsuite name="data\/towns &lt;1&gt;.csv" tests="\d+" failures="2" /),
    '    <testcase name="type-error" classname="data/towns &lt;1&gt;.csv">',
    '      <failure type="type-error" message="12 errors: A cell cannot be read as its field\'s type. Correct the cell, or the field\'s type.">line 2: &quot;x&quot; in the field &quot;id&quot; is wrong.',
    "line 4: &quot;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;|`@all`\ufffd\u202e&quot; in the field &quot;id&quot; is wrong.",
    "and 10 more errors</failure>",
    "    </testcase>",
    '    <testcase name="unique-error" classname="data/towns &lt;1&gt;.csv">',
    expect.stringContaining("Make the value unique."),
  ]);
  expect(reportForms.junit.write(good)).toContain(
    '<testcase name="type-error" classname="data/towns &lt;1&gt;.csv"/>',
  );
  expect(reportForms.junit.write(good)).toContain('failures="0"');
  const unread = task([reportError("source-error", "a.csv is empty.")]);
  const cases = reportForms.junit
    .write(report([{ ...unread, stats: { ...unread.stats, fields: 0 } }]))
    .match(/<testcase name="[^"]*"/g);
  expect(cases).toEqual(['<testcase name="source-error"']);
});

test("as SARIF each error has its rule, its place in the repository and a fingerprint that rows may move past", () => {
  const { version, runs } = JSON.parse(reportForms.sarif.write(bad));
  const [{ tool, results }] = runs;
  expect(version).toBe("2.1.0");
  expect(tool.driver.rules.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual([
    ["type-error", "TypeError"],
    ["unique-error", "UniqueError"],
  ]);
  expect(results[0]).toEqual({
    ruleId: "type-error",
    ruleIndex: 0,
    level: "error",
    message: { text: '"x" in the field "id" is wrong.' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "data/towns%20%3C1%3E.csv", uriBaseId: "%SRCROOT%" },
          region: { startLine: 2, byteOffset: 8 },
        },
      },
    ],
    partialFingerprints: { "aircan/v1": expect.stringMatching(/^[0-9a-f]{32}$/) },
    properties: { rowNumber: 2, fieldName: "id", fieldNumber: 1 },
  });
  const moved = bad.tasks.map((each) => ({
    ...each,
    errors: each.errors.map((error) => ({ ...error, rowNumber: 90, line: 90 })),
  }));
  const again = JSON.parse(reportForms.sarif.write({ ...bad, tasks: moved })).runs[0].results;
  expect(again[0].partialFingerprints).toEqual(results[0].partialFingerprints);
});

test.each([
  ["https://example.org/a b.csv", { uri: "https://example.org/a%20b.csv" }],
  ["https://example.org/a%20b.csv?q=ä%", { uri: "https://example.org/a%20b.csv?q=%C3%A4%25" }],
  ["/data/a.csv", { uri: "file:///data/a.csv" }],
  ["./a.csv", { uri: "a.csv", uriBaseId: "%SRCROOT%" }],
  ["-", { uri: "stdin", uriBaseId: "%SRCROOT%" }],
])("as SARIF the place %s is an address", (place, location) => {
  const tasks = bad.tasks.map((each) => ({ ...each, place }));
  const { runs } = JSON.parse(reportForms.sarif.write({ ...bad, tasks }));
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation).toEqual(location);
});

test("as SARIF a message holds no link", () => {
  const error = reportError("type-error", 'The cell "[x](javascript:y) [z]" is wrong.', { rowNumber: 2 });
  const { runs } = JSON.parse(reportForms.sarif.write(report([task([error])])));
  expect(runs[0].results[0].message.text).toBe('The cell "\\[x](javascript:y) [z]" is wrong.');
});

test("as SARIF the place of a package's table is below the package's folder", () => {
  const tasks = bad.tasks.map((each) => ({ ...each, place: "a.csv", folder: "data/towns" }));
  const { runs } = JSON.parse(reportForms.sarif.write({ ...bad, tasks }));
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("data/towns/a.csv");
});

describe("as Markdown", () => {
  test.each([
    ["backticks that do not pair", "` <b>x</b> ``", "` <b>x</b> `\\`"],
    ["a backtick that looks escaped", "\\` <b>x</b> `", "\\\\` <b>x</b> `"],
    ["an entity", "&lt;b&gt;", "\\&lt;b\\&gt;"],
    ["a link", "[x](javascript:y)", "\\[x\\](javascript:y)"],
    ["a mention", "@all #1", "@\u200ball #\u200b1"],
    ["an escaped bar", "a\\|b", "a\\\\\\|b"],
  ])("%s in a message means nothing", (_, cellText, written) => {
    const error = reportError("type-error", cellText, { rowNumber: 2, cell: "", fieldName: "id" });
    const lines = reportForms.markdown.write(report([task([error])])).split("\n");
    expect(lines.find((line) => line.startsWith("| 2 "))).toBe(`| 2 |  | ${written} |`);
  });

  test("kinds are tables, and no cell breaks out of its code", () => {
    const text = reportForms.markdown.write(bad);
    expect(text.split("\n").slice(0, 14)).toEqual([
      "## ❌ The data is not valid",
      "",
      "13 errors in 1 of 1 table, 40 rows, 0.2 s.",
      "",
      "### `data/towns <1>.csv`",
      "",
      "**type-error** in `id`: about 12 errors, 2 of them listed. A cell cannot be read as its field's type. Correct the cell, or the field's type.",
      "",
      "| row | cell | what is wrong |",
      "| ---: | --- | --- |",
      '| 2 | `x` | "x" in the field "id" is wrong. |',
      '| 4 | `` <img src=x onerror="alert(1)">\\|`@all` \ufffd `` | "\\<img src=x onerror="alert(1)"\\>\\|`@all` \ufffd" in the field "id" is wrong. |',
      "| … | | *and 10 more* |",
      "",
    ]);
  });

  test("it fits a comment of GitHub, however much is wrong", () => {
    const many = Array.from({ length: 900 }, (_, i) => ({
      ...bad.tasks[0],
      place: `${"long/".repeat(40)}${i}.csv`,
    }));
    const text = reportForms.markdown.write(report(many as ReportTask[]));
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/\*\d+ parts more had no room here\.\*/);
  });

  test("a valid report says so", () => {
    expect(reportForms.markdown.write(good)).toBe("## ✅ The data is valid\n\n1 table, 40 rows, 0.2 s.\n");
  });
});

describe("as a page", () => {
  const page = reportForms.html.write(bad);

  test("everything from the file is text", () => {
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;|`@all`\ufffd\ufffd");
    expect(page).not.toMatch(/<script|<link|<[^>]*\ssrc=|https?:/);
  });

  test("the bad cell is marked in its row, under the header", () => {
    expect(page).toContain('<th class="num">row</th><th>id</th><th>town</th>');
    expect(page).toContain('<td class="num">2</td><td class="bad">x</td><td>Oslo</td>');
    expect(page).toContain("and 10 more errors of this kind");
  });

  test("of a wide table paper and small screens have the first column and those beside the bad cell", () => {
    const labels = Array.from({ length: 12 }, (_, i) => `c${i}`);
    const error = cell("type-error", 2, { cells: labels, cell: "c6", fieldName: "c6", fieldNumber: 7 });
    const wide = reportForms.html.write(report([{ ...task([error]), labels }]));
    const shown = (look: string) =>
      Array.from(wide.matchAll(new RegExp(`<th${look}>(c\\d+)`, "g")), ([, label]) => label);
    expect(shown("")).toEqual(["c0", "c5", "c6", "c7"]);
    expect(shown(' class="near"')).toEqual(["c4", "c8"]);
    expect(wide).toContain(
      '<td class="far">c3</td><td class="near">c4</td><td>c5</td><td class="bad">c6</td>',
    );
  });

  test("a valid report says so", () => {
    expect(reportForms.html.write(good)).toContain('<p class="verdict valid">Valid</p>');
  });

  test("errors of the source as a whole are on it", () => {
    const error = reportError("schema-error", "The schema has no fields.", {
      place: "s.json",
      pointer: "/fields",
      note: "Add them.",
    });
    const text = reportForms.html.write(report([], [error]));
    expect(text).toContain(
      '<h2>s.json <code class="soft">/fields</code></h2><p>The schema has no fields.</p><p class="soft">Add them.</p>',
    );
  });
});
