import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import type { ValidateOptions } from "./commands/validate.ts";
import { planValidation } from "./validation-plan.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-plan-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ ".git/HEAD": "", ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const table = "id,n\n1,2\n";

/** The plan of a call in a folder, its own paths shortened to `~`. */
async function planOf(files: Readonly<Record<string, string>>, inside = ".", options: ValidateOptions = {}) {
  const folder = await folderWith(files);
  const plan = await planValidation({ options, folder: join(folder, inside) }, []);
  return JSON.parse(JSON.stringify(plan).replaceAll(folder, "~"));
}

test("aircan.yaml names what is tested, and each entry has its own options before those for all", async () => {
  const plan = await planOf(
    {
      "aircan.yaml": `
port: 9000
validate:
  sources:
    - data/*.csv
    - path: [prices.txt, https://example.org/x.csv]
      schema: prices.schema.json
      delimiter: ";"
      header_rows: 2
      limit_errors: 5
  exclude: [data/old*]
  missing_values: ["", NA]
  limit_errors: 50
  trusted: true
  reports: {html: out/report.html, junit: "-"}
`,
      "data/a.csv": table,
      "data/b.csv": table,
      "data/old.csv": table,
      "prices.txt": table,
      "deep/er/x": "",
    },
    "deep/er",
  );
  const all = { missingValues: ["", "NA"], limitErrors: 50 };
  const prices = {
    missingValues: ["", "NA"],
    delimiter: ";",
    headerRows: [2],
    schema: "prices.schema.json",
    limitErrors: 5,
  };
  expect(plan).toEqual({
    folder: "~",
    trusted: true,
    entries: [
      { source: "data/a.csv", options: all },
      { source: "data/b.csv", options: all },
      { source: "prices.txt", options: prices },
      { source: "https://example.org/x.csv", options: prices },
    ],
    reports: { html: "~/out/report.html", junit: "-" },
    about: "testing 4 sources, as ~/aircan.yaml says",
  });
});

test.each([
  ["a source", "validate: a.csv"],
  ["a list", "validate: [a.csv]"],
  ["a source below its key", "validate: {sources: a.csv, exclude: b.csv}"],
  ["a mapping below its key", "validate: {sources: {path: a.csv, exclude: b.csv}}"],
])("where nothing else is to be said %s is enough", async (_, yaml) => {
  const plan = await planOf({ "aircan.yaml": yaml, "a.csv": table, "b.csv": table });
  expect(plan.entries).toEqual([{ source: "a.csv", options: {} }]);
});

test("options of the call win over those of aircan.yaml", async () => {
  const plan = await planOf(
    {
      "aircan.yaml": "validate: {sources: [a.csv], delimiter: ';', schema: s.json, limit_errors: 5}\n",
      "in/a.csv": table,
    },
    "in",
    { delimiter: "|", schema: "t.json", limitErrors: 7 },
  );
  expect(plan.entries).toEqual([
    { source: "a.csv", options: { delimiter: "|", schema: "~/in/t.json", limitErrors: 7 } },
  ]);
});

test("severities and checks of an entry are its checklist", async () => {
  const plan = await planOf({
    "aircan.yaml":
      "validate: {sources: [a.csv], severity: {blank-row: warning}, checks: [{type: duplicate-row}]}\n",
    "a.csv": table,
  });
  expect(plan.entries[0].options.checklist).toMatchObject({
    checks: [{ definition: { name: "duplicate-row" } }],
    severities: { "blank-row": "warning" },
  });
});

test.each<[string, string, string[]]>([
  ["a pattern is the files that fit it", "d/*.csv", ["d/a.csv", "d/b.csv"]],
  ["a folder is the tables below it", "d", ["d/a.csv", "d/b.csv", "d/e/f.ndjson"]],
  ["a data package is one source", "p", ["p/datapackage.json"]],
  ["an address is left as it is", "https://example.org/*.csv", ["https://example.org/*.csv"]],
  ["a name with a bracket that is there is no pattern", "[1].csv", ["[1].csv"]],
  ["what is not there is left for the report", "x*.csv", ["x*.csv"]],
])("%s", async (_, source, sources) => {
  const folder = await folderWith({
    ...{ "d/a.csv": table, "d/b.csv": table, "d/c.txt": "", "d/e/f.ndjson": "{}\n" },
    ...{ "p/datapackage.json": "{}", "p/a.csv": table, "[1].csv": table },
  });
  const { entries } = await planValidation({ options: {}, folder }, [source]);
  expect(entries.map((entry) => entry.source)).toEqual(sources);
});

describe("without an aircan.yaml that names sources", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["the folder's data package", { "datapackage.json": "{}", "a.csv": table }, ["datapackage.json"]],
    [
      "packages and tables below it",
      {
        "aircan.yaml": "port: 9000\n",
        "a.csv": table,
        "b/c.tsv.gz": table,
        "p/datapackage.json": "{}",
        "p/q.csv": table,
        "b.json": "{}",
        ".hidden/d.csv": table,
        "node_modules/e.csv": table,
      },
      ["a.csv", "b/c.tsv.gz", "p/datapackage.json"],
    ],
  ])("%s", async (_, files, sources) => {
    const plan = await planOf(files);
    expect(plan.entries.map(({ source }: { source: string }) => source)).toEqual(sources);
    expect(plan.about).toMatch(/^testing \d sources? below this folder, as no aircan.yaml names any: /);
  });
});

test("a folder without a table is a wrong call", async () => {
  const error = await planOf({ "notes.md": "# Notes" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "usage-error",
    message: expect.stringMatching(/^There is no table and no data package below /),
  });
});

describe("what cannot stand in aircan.yaml is named with its line", () => {
  test.each<[string, string, string, string]>([
    [
      "an unknown key",
      "validate:\n  sources: [a.csv]\n  limit_erors: 3\n",
      'line 3: `validate` has the unknown key "limit_erors"; known are sources, exclude,',
      'Did you mean "limit_errors"?',
    ],
    [
      "an unknown key of an entry",
      "validate:\n  sources:\n    - a.csv\n    - path: a.csv\n      delimeter: ','\n",
      'line 5: `validate.sources.1` has the unknown key "delimeter"; known are path,',
      'Did you mean "delimiter"?',
    ],
    [
      "a value of another kind",
      "validate:\n  sources:\n    - path: a.csv\n      header_rows: zero\n",
      "line 4: `validate.sources.0.header_rows`: it must be row numbers such as 1 or [1, 2], or none.",
      "See docs/validating.md for what can stand there.",
    ],
    [
      "a severity that there is not",
      "validate:\n  severity:\n    blank-row: hint\n",
      "line 3: `validate.severity.blank-row`: it must be error, warning or info.",
      "See docs/validating.md for what can stand there.",
    ],
    [
      "a pattern that fits nothing",
      "validate:\n  - a.csv\n  - '*.xlsx'\n",
      'line 3: "*.xlsx" fits no file.',
      "Correct the pattern; it is relative to the folder of the file.",
    ],
    [
      "broken YAML",
      "validate:\n  sources: [a.csv\n",
      "line 3: ",
      "See docs/validating.md for what can stand there.",
    ],
  ])("%s", async (_, yaml, message, hint) => {
    const error = await planOf({ "aircan.yaml": yaml, "a.csv": table }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AirCanError);
    const { code, message: said, hint: told } = error as AirCanError; // tested just now
    expect([code, told]).toEqual(["config-error", hint]);
    expect(said.slice(said.indexOf("line"))).toContain(message);
  });
});
