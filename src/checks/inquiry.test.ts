import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { type Inquiry, inquiryOf } from "./inquiry.ts";
import { validateEntries } from "./validate-entries.ts";

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-inquiry-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

const contextOf = (folder: string, trusted = false) => ({
  folder,
  trusted,
  allowPrivate: true,
  allowLocal: true,
  temporaryFolder: folder,
  signal: new AbortController().signal,
});

const inquiryIn = async (
  files: Readonly<Record<string, unknown>>,
  source: string,
): Promise<Inquiry | undefined> => inquiryOf(source, contextOf(await folderWith(files)));

test("an inquiry adds its tasks, whose paths are relative to its folder, between other sources", async () => {
  const folder = await folderWith({
    "before.csv": "id\n1\n",
    "in/a.csv": "id;n\n1;x\n2;3\n",
    "in/b.csv": "id,n\n1,2\n1\n",
    "in/schema.json": {
      fields: [
        { name: "id", type: "integer" },
        { name: "n", type: "integer" },
      ],
    },
    "in/datapackage.json": { name: "p", resources: [{ name: "c", path: "b.csv" }] },
    "in/tests.yaml": [
      "tasks:",
      "  - {path: a.csv, schema: schema.json, dialect: {delimiter: ';'}}",
      "  - {path: b.csv, name: second, checklist: {skipErrors: [missing-cell]}}",
      "  - {package: datapackage.json}",
    ].join("\n"),
  });
  const options = { engine: createDuckDBEngine(), context: contextOf(folder) };
  const seen: [string, number, number][] = [];
  const report = await validateEntries(
    ["before.csv", "in/tests.yaml"].map((source) => ({ source, options })),
    (...source) => seen.push(source),
  );
  expect(
    report.tasks.map(({ name, place, folder, errors }) => [
      name,
      folder === undefined ? place : `${folder}: ${place}`,
      errors.map(({ type, rowNumber }) => `${type} ${rowNumber}`),
    ]),
  ).toEqual([
    ["before", "before.csv", []],
    ["a", "in: a.csv", ["type-error 2"]],
    ["second", "in: b.csv", []],
    ["c", "in: b.csv", ["missing-cell 3"]],
  ]);
  expect(report.stats).toMatchObject({ tasks: 4, errors: 2 });
  expect(seen).toEqual([
    ["before.csv", 0, 4],
    ["a.csv", 1, 4],
    ["b.csv", 2, 4],
    ["datapackage.json", 3, 4],
  ]);
});

test.each<[string, unknown]>([
  ["rows under the name of tasks", { tasks: [{ id: 1, done: true }] }],
  ["a list", [{ tasks: [] }]],
  ["no tasks", { resources: [] }],
  ["broken JSON", "{tasks"],
])("JSON with %s is no inquiry", async (_, content) => {
  expect(await inquiryIn({ "some.json": content }, "some.json")).toBe(undefined);
});

test.each<[string, unknown, [string, string | undefined, string][]]>([
  [
    "broken JSON",
    "{tasks",
    [["inquiry-error", undefined, expect.stringMatching(/^The inquiry cannot be read: .*JSON/)]],
  ],
  ["no tasks", {}, [["inquiry-error", "/tasks", "The inquiry has no list of tasks."]]],
  [
    "a task without a source",
    { tasks: [{ path: "a.csv" }, { name: "b" }] },
    [["inquiry-task-error", "/tasks/1", "The task names neither a path, nor a resource, nor a package."]],
  ],
  [
    "a path out of its folder",
    { tasks: [{ path: "../a.csv" }] },
    [["inquiry-task-error", "/tasks/0/path", 'The task names "../a.csv", which leads out of its folder.']],
  ],
])("an inquiry with %s is reported with its pointer", async (_, content, problems) => {
  const found = await inquiryIn({ "inquiry.json": content }, "inquiry.json");
  expect(found?.errors.map(({ type, pointer, message }) => [type, pointer, message])).toEqual(problems);
  expect(found?.errors.map(({ place }) => place)).toEqual(problems.map(() => "inquiry.json"));
});
