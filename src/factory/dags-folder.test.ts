import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AirCanError } from "../base/errors.ts";
import { dagOfSpec } from "./dag-spec.ts";
import { startTestFactory, type TestFactory, untilEnded } from "./test-factory.ts";

let folder: string;
let under: TestFactory;
const factory = () => under.factory();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-dags-"));
  await mkdir(join(folder, "data"));
  await write("first.json", { dag: "first", tasks: { a: { kind: "note" } } });
  await write("_notes.json", "no DAG at all");
  under = await startTestFactory({ dagsFolder: folder, loadDagFile: readJsonDag, checkTask });
});
afterAll(async () => {
  await under.close();
  await rm(folder, { recursive: true, force: true });
});

function checkTask({ kind }: { kind: string }): void {
  if (kind === "nonsense") throw new AirCanError("dag-error", 'There is no kind of task "nonsense".');
}

async function readJsonDag(path: string) {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path, "utf8");
  try {
    return [{ ...dagOfSpec(JSON.parse(text)), file: path }];
  } catch (error) {
    throw error instanceof AirCanError ? error : new AirCanError("config-error", `line 1: ${error}`);
  }
}

async function write(name: string, content: unknown): Promise<void> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await writeFile(join(folder, `${name}.tmp`), text);
  await rename(join(folder, `${name}.tmp`), join(folder, name));
}

/** `id: title, or the code of its import error`. */
async function dags(): Promise<string[]> {
  return (await factory().listDags()).map(({ id, tasks, import_error }) => {
    const error = import_error ? ` (${import_error.code}: ${import_error.message})` : "";
    return `${id}: ${tasks.map((task) => task.id).join(",")}${error}`;
  });
}

const soon = { timeout: 8_000, interval: 50 };

test("DAG files are there from the start, and their runs go", async () => {
  expect(await dags()).toEqual(["first: a"]);
  expect((await factory().showDag("first")).source).toBe(join(folder, "first.json"));
  const { run } = await factory().startRun({ dag: "first" });
  await untilEnded(factory(), run.id);
  expect((await factory().showDag("first")).last_run).toMatchObject({ id: run.id, status: "DONE" });
});

test("a file that changes is read again, and a new one is found", async () => {
  await write("first.json", { dag: "first", tasks: { a: { kind: "note" }, b: { kind: "note" } } });
  await write("second.json", { dag: "second", tasks: { x: { kind: "note" } } });
  await vi.waitFor(async () => expect(await dags()).toEqual(["first: a,b", "second: x"]), soon);
});

test.each([
  ["a syntax error", "{ dag: ", "config-error: line 1"],
  [
    "a cycle",
    { dag: "first", tasks: { a: { kind: "note", after: ["b"] }, b: { kind: "note", after: "a" } } },
    "a → b → a",
  ],
  ["an unknown kind of task", { dag: "first", tasks: { a: { kind: "nonsense" } } }, "nonsense"],
  ["a key that nobody knows", { dag: "first", taks: {} }, "dag-error"],
])("a file with %s shows its error, and the last good version stands", async (_, content, text) => {
  await write("first.json", content);
  await vi.waitFor(async () => expect((await dags())[0]).toContain(text), soon);
  expect((await dags())[0]).toMatch(/^first: a,b \(/);
  const { run } = await factory().startRun({ dag: "first" });
  await untilEnded(factory(), run.id);
  expect((await factory().showRun(run.id)).status).toBe("DONE");
});

test("a mended file is taken again, and a file that is gone takes its DAG along", async () => {
  await write("first.json", { dag: "renamed", tasks: { c: { kind: "note" } } });
  await rm(join(folder, "second.json"));
  await vi.waitFor(async () => expect(await dags()).toEqual(["renamed: c"]), soon);
});

test("a DAG of a file is not overwritten through the API, nor by another file", async () => {
  const other = { dag: "renamed", tasks: { z: { kind: "note" } } };
  await expect(factory().putDag(other)).rejects.toMatchObject({ code: "conflict" });
  await write("thief.json", other);
  await vi.waitFor(async () => expect((await dags())[1]).toContain("conflict"), soon);
  expect((await dags())[0]).toBe("renamed: c");
});
