import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestFactory, type TestFactory, untilEnded } from "../factory/test-factory.ts";

let under: TestFactory;
let outside: string;
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), "aircan-outside-"));
  await writeFile(join(outside, "cities.csv"), "name,people\nOslo,709000\nBergen,291000\n");
  under = await startTestFactory({
    taskProcess: fileURLToPath(new URL("./task-process.ts", import.meta.url)),
  });
});
afterAll(async () => {
  await under.close();
  await rm(outside, { recursive: true, force: true });
});

async function run(
  dag: string,
  tasks: Record<string, { config: object; after?: string[]; kind?: string }>,
  file?: string,
) {
  const factory = under.factory();
  const entries = Object.entries(tasks).map(([id, task]) => [id, { kind: "flow", ...task }]);
  await factory.putDag({ dag, tasks: Object.fromEntries(entries), ...(file ? { file } : {}) });
  const { run: started } = await factory.startRun({ dag, runId: `run-of-${dag}` });
  await untilEnded(factory, started.id);
  return factory.showRun(started.id);
}

test("a flow in a task writes below the task's address, and the next task reads it there", async () => {
  const steps = [{ load: "cities.csv" }, { filter_rows: "people > 300000" }, { dump_to_path: "out" }];
  const again = [
    { load: "{{ upstream.large }}/out/cities.csv" },
    { dump_to_path: { path: ".", format: "json" } },
  ];
  const done = await run(
    "cities",
    {
      large: { config: { flow: steps } },
      again: { config: { flow: again }, after: ["large"] },
    },
    join(outside, "cities.yaml"),
  );
  expect(done).toMatchObject({ status: "DONE", error: null, summary: "1 row of cities" });
  expect(
    JSON.parse(await readFile(join(under.folder, "storage/cities/run-of-cities/again/cities.json"), "utf8")),
  ).toEqual([{ name: "Oslo", people: 709000 }]);
  expect(
    (await under.factory().listOutputs("run-of-cities")).map(({ address, rows }) => [address, rows]),
  ).toEqual([
    ["cities/run-of-cities/large/out/cities.csv", 1],
    ["cities/run-of-cities/large/out/datapackage.json", null],
    ["cities/run-of-cities/again/cities.json", 1],
    ["cities/run-of-cities/again/datapackage.json", null],
  ]);
});

test.each([
  ["reading a file of the server", [{ load: "/etc/passwd" }], "unsafe-path"],
  ["reading a file by its URL", [{ load: "file:///etc/passwd" }], "unsafe-path"],
  ["reading a file of a descriptor", [{ load: { from: { name: "x", path: "/etc/passwd" } } }], "unsafe-path"],
  ["reading beyond its run", [{ load: "../../../secret.key" }], "unsafe-path"],
  ["writing beyond its own folder", [{ dump_to_path: "../other" }], "unsafe-path"],
  ["an unknown processor", [{ lode: "x" }], "unknown-processor"],
])("a flow from outside is refused %s", async (title, flow, code) => {
  const failed = await run(title.replaceAll(" ", "-"), { only: { config: { flow } } });
  expect(failed).toMatchObject({ status: "FAILED", error: { code } });
});

test.each([
  ["fail", "FAILED", 3],
  ["drop", "DONE", 2],
])("bad cells under %s stand in the report of the task", async (policy, status, rows) => {
  await writeFile(join(outside, "ages.csv"), "name,age\nAnn,41\nBob,old\nCid,7\n");
  const schema = {
    fields: [
      { name: "name", type: "string" },
      { name: "age", type: "integer" },
    ],
  };
  const flow = [{ load: { from: "ages.csv", schema, on_error: policy } }, { dump_to_path: "." }];
  const ended = await run(`ages-${policy}`, { only: { config: { flow } } }, join(outside, "ages.yaml"));
  expect(ended.status).toBe(status);
  const path = join(under.folder, `storage/ages-${policy}/run-of-ages-${policy}/only/report.json`);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    ...{ valid: false, stats: { tasks: 1, errors: 1 } },
    tasks: [{ name: "ages", errors: [{ type: "type-error", rowNumber: 3, fieldName: "age", cell: "old" }] }],
  });
  if (status === "DONE") expect((await under.factory().listTasks(ended.id))[0]?.stats.rows).toBe(rows);
});

test("a DAG file in TypeScript runs its flows and functions", async () => {
  const file = join(outside, "prices.ts");
  await writeFile(
    file,
    `import { flow, dumpToPath, load } from "aircan";
     import { dag, task } from "aircan/factory";
     export default dag("prices", {}, [
       task("make", flow(load("cities.csv"), (row: { people: number }) => { row.people *= 10; }, dumpToPath("."))),
       task("count", async (context) => ({ stats: { upstream: context.upstream.make } }), { after: ["make"] }),
     ]);`,
  );
  const done = await run(
    "prices",
    { make: { kind: "module", config: {} }, count: { kind: "module", config: {}, after: ["make"] } },
    file,
  );
  expect(done).toMatchObject({ status: "DONE", error: null });
  const tasks = await under.factory().listTasks("run-of-prices");
  expect(tasks.map(({ stats }) => stats)).toMatchObject([
    { rows: 2 },
    { upstream: "prices/run-of-prices/make/" },
  ]);
});
