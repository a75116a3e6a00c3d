import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkDag } from "../factory/dag.ts";
import { checkTask } from "./check-task.ts";
import { loadDagFile } from "./dag-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-dag-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, text: string) {
  await writeFile(join(folder, name), text);
  const definitions = await loadDagFile(join(folder, name));
  return definitions.map((definition) => checkDag(definition, checkTask));
}

const yaml = `dag: prices
title: Prices of the day
params: { day: { type: string } }
schedule: { cron: "0 6 * * *" }
tasks:
  clean: { flow: [ { load: prices.csv }, { filter_rows: "price > {{ params.least }}" } ], retries: 3, timeout: 20m }
  publish: { after: clean, flow: [ { load: "{{ upstream.clean }}/prices.csv" }, { dump_to_path: out } ] }
`;

test("a YAML file gives its DAG, and the file it came from", async () => {
  expect(await read("prices.yaml", yaml)).toMatchObject([
    {
      ...{ dag: "prices", title: "Prices of the day", params: { day: { type: "string" } } },
      file: join(folder, "prices.yaml"),
      tasks: {
        clean: { kind: "flow", retries: 3, timeout: "20m" },
        publish: { kind: "flow", after: ["clean"], config: { flow: [{}, { dump_to_path: "out" }] } },
      },
    },
  ]);
});

test("a TypeScript file gives its DAG without its code, which runs in a process of its own", async () => {
  const text = `import { flow, load } from "aircan";
    import { dag, task } from "aircan/factory";
    console.log("said while it is read");
    (globalThis as Record<string, unknown>).seen = true;
    export default dag("typed", { jobType: "BUILD" }, [
      task("one", flow(load("a.csv")), { retries: 1 }), task("two", async () => ({}), { after: ["one"] }),
    ]);`;
  expect(await read("typed.ts", text)).toEqual([
    {
      ...{ dag: "typed", jobType: "BUILD", file: join(folder, "typed.ts") },
      tasks: { one: { kind: "module", retries: 1 }, two: { kind: "module", after: ["one"] } },
    },
  ]);
  expect("seen" in globalThis).toBe(false);
});

test.each([
  ["a YAML error", "bad.yaml", "dag: x\ntasks: {a: [}", "config-error", "line 2"],
  ["a TypeScript error", "bad.ts", "export default dag(", "config-error", "bad.ts"],
  ["a module that exports no DAG", "none.ts", "export const x = 1;", "dag-error", "exports no DAG"],
  ["a module that throws", "throws.ts", 'throw new Error("not today");', "config-error", "not today"],
  ["a module that exits", "exits.ts", "process.exit(3);", "dag-error", "cannot be read"],
  ["an unknown key", "key.json", '{"dag": "x", "task": {}}', "dag-error", "task"],
  [
    "a cycle",
    "cycle.yaml",
    "dag: x\ntasks: {a: {after: b, flow: [{load: a.csv}]}, b: {after: a, flow: [{load: a.csv}]}}",
    ...["dag-error", "a → b → a"],
  ],
  [
    "an unknown processor",
    "step.yaml",
    "dag: x\ntasks: {a: {flow: [{lode: a.csv}]}}",
    "unknown-processor",
    "lode",
  ],
  ["an unknown kind", "kind.yaml", "dag: x\ntasks: {a: {kind: lode}}", "dag-error", "lode"],
  [
    "an upstream that is not there",
    "up.yaml",
    "dag: x\ntasks: {a: {after: z, flow: [{load: a.csv}]}}",
    "dag-error",
    '"z"',
  ],
])("a file with %s is refused with its reason", async (_, name, text, code, said) => {
  const error = await read(name, text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(said) });
});
