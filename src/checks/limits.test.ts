import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import { checklistOf } from "./checklist.ts";
import type { Report } from "./report.ts";
import { type ValidateOptions, validateSources } from "./validate-sources.ts";

const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-limits-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validate(name: string, content: string, options: Partial<ValidateOptions>): Promise<Report> {
  const context = contextIn(folder);
  await writeFile(join(folder, name), content);
  return validateSources([name], { engine, context, ...options });
}

const flat = ({ tasks }: Report) =>
  tasks.flatMap(({ errors }) => errors.map(({ rowNumber, type }) => [rowNumber ?? null, type]));

const rows = [1, 2, 1, 2, 3];
const forms: readonly [file: string, content: string][] = [
  ["rows.csv", `id\n${rows.join("\n")}\n`],
  ["rows.json", JSON.stringify(rows.map((id) => ({ id })))],
  ["rows.ndjson", rows.map((id) => `{"id":${id}}\n`).join("")],
];

test.each(forms)(
  "past the limit of rows nothing is looked at in %s, by keys and checks neither",
  async (name, content) => {
    const fields = [{ name: "id", type: "integer", constraints: { unique: true } }];
    const checklist = checklistOf({ checks: [{ type: "forbidden-value", fieldName: "id", values: [3] }] });
    const options = { schema: { fields }, checklist };
    const part = await validate(name, content, { ...options, limitRows: 3 });
    expect(flat(part)).toEqual([[4, "unique-error"]]);
    expect(part.tasks[0]?.warnings).toEqual(["reached row limit: 3"]);
    expect(flat(await validate(name, content, options))).toEqual([
      [4, "unique-error"],
      [5, "unique-error"],
      [6, "forbidden-value"],
    ]);
  },
);

test.each([
  ["self.csv", "id,boss\n1,3\n2,9\n3,\n"],
  ["self.json", '[{"id":1,"boss":3},{"id":2,"boss":9},{"id":3,"boss":null}]'],
])("a row may refer to one past the limit of rows in %s", async (name, content) => {
  const schema = {
    fields: ["id", "boss"].map((name) => ({ name, type: "integer" })),
    foreignKeys: [{ fields: ["boss"], reference: { resource: "", fields: ["id"] } }],
  };
  expect(flat(await validate(name, content, { schema, limitRows: 2 }))).toEqual([[3, "foreign-key"]]);
});

test.each([
  [2, 2, ["reached error limit: 2"]],
  [3, 3, ["reached error limit: 3"]],
  [4, 3, []],
])("of three errors and a limit of %i %i are listed", async (limitErrors, listed, warnings) => {
  const schema = { fields: [{ name: "id", type: "integer" }] };
  const { tasks } = await validate("bad.csv", "id\nq\n1\nq\nq\n", { schema, limitErrors });
  expect(
    tasks.map(({ errors, stats, warnings }) => [errors.length, stats.rows, stats.errorCounts, warnings]),
  ).toEqual([[listed, 4, { "type-error": 3 }, warnings]]);
});

const blank = "a,b\n1,x\n\n,\n,,\n ,\n2,y\n";

test("rows of empty cells are blank, also if they are too many", async () => {
  const schema = { fields: ["a", "b"].map((name) => ({ name, type: "string" })) };
  expect(flat(await validate("blank.csv", blank, { schema }))).toEqual([
    [3, "blank-row"],
    [4, "blank-row"],
    [5, "blank-row"],
  ]);
});

test("blank rows that are skipped do not count", async () => {
  const schema = { fields: ["a", "b"].map((name) => ({ name, type: "string" })) };
  await writeFile(join(folder, "skipped.csv"), blank);
  const resource = {
    name: "skipped",
    path: "skipped.csv",
    schema,
    dialect: { skipBlankRows: true },
    rows: 3,
  };
  const report = await validate("skipped.resource.json", JSON.stringify(resource), {});
  expect([flat(report), report.tasks[0]?.stats.rows]).toEqual([[], 3]);
});
