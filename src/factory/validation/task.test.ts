import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { reportSchema } from "../../checks/report.ts";
import { createDuckDBEngine } from "../../duckdb/engine.ts";
import { openLocalStorage } from "../../storage/local.ts";
import type { TaskContext, TaskResult } from "../task.ts";
import { profileSchema } from "./shapes.ts";
import { createValidationTaskKinds } from "./task.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-validation-"));
  await mkdir(join(folder, "dags"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const engine = createDuckDBEngine();

interface Task {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly conf?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  /** Runs over the same data, newest first. */
  readonly earlier?: readonly string[];
  /** False: the DAG was sent by the API. */
  readonly ofOperator?: boolean;
}

/** Runs a validation as the factory does, in this process; a DAG file of the operator lies in `dags`. */
async function validate({ config = {}, conf = {}, run = "r1", earlier = [], ofOperator = true }: Task) {
  const before = earlier.map((id) => `checks/${id}/check/`);
  const storage = openLocalStorage(join(folder, "storage"));
  const address = `checks/${run}/check/`;
  const logs: string[] = [];
  const context: TaskContext = {
    ...{
      dag: "checks",
      run,
      task: "check",
      mapIndex: null,
      try: 1,
      conf,
      config,
      address,
      upstream: {},
      before,
      storage,
    },
    file: ofOperator ? join(folder, "dags", "checks.yaml") : null,
    databaseUrl: "",
    signal: new AbortController().signal,
    log: (level, message) => void logs.push(`${level}: ${message}`),
    progress: () => {},
    secret: async (name) => `value of ${name}`,
  };
  const body = createValidationTaskKinds({ engine, allowPrivate: false, allowLocal: [] }).validate;
  const result: TaskResult = (await body?.(context)) ?? {};
  const read = async (name: string) => text(await storage.read(`${address}${name}`));
  return {
    result,
    logs,
    read,
    report: async () => reportSchema.parse(JSON.parse(await read("report.json"))),
  };
}

const write = (name: string, content: string) => writeFile(join(folder, "dags", name), content);

test("a file beside the DAG is tested, and all rows are split, past the errors that are listed", async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? `${i},"x, ""y"""` : `${i},${i}`));
  await write("many.csv", `id,n\n${rows.join("\n")}\n`);
  const schema = {
    fields: [
      { name: "id", type: "integer" },
      { name: "n", type: "integer" },
    ],
  };
  const { result, report, read } = await validate({
    config: { source: "many.csv", schema, limit_errors: 5 },
  });
  expect(result.failure).toMatchObject({
    code: "data-error",
    where: { row: 2, field: "n", value: 'x, "y"' },
  });
  expect(result.stats).toEqual({ rows: 3000, tables: 1, errors: 5, errorCounts: { "type-error": 1000 } });
  expect((await report()).tasks[0]?.errors.length).toBe(5);
  expect(result.outputs?.map(({ name, rows }) => [name, rows])).toEqual([
    ["report.json", undefined],
    ["profile.json", undefined],
    ["many.good.csv", 2000],
    ["many.bad.csv", 1000],
  ]);
  expect((await read("many.bad.csv")).split("\n").slice(0, 3)).toEqual([
    "id,n",
    '0,"x, ""y"""',
    '3,"x, ""y"""',
  ]);
  const profile = profileSchema.parse(JSON.parse(await read("profile.json")));
  expect(profile.tables[0]?.fields.map(({ name, count, nulls }) => [name, count, nulls])).toEqual([
    ["id", 3000, 0],
    ["n", 2000, 1000],
  ]);
});

test("rows are not split, and fields not looked at, when one says so", async () => {
  await write("plain.csv", "n\n1\n2\n3\n4\n5\n6\n7\n8\n9\nx\n");
  const { result } = await validate({ config: { source: "plain.csv", rows: "never", profile: false } });
  expect(result.outputs?.map(({ name }) => name)).toEqual(["report.json"]);
});

test("a source that did not change is not tested again, until it or the settings do", async () => {
  await write("same.csv", "n\n1\n");
  const config = { source: "same.csv", skip_unchanged: true };
  await validate({ config, run: "a" });
  const again = await validate({ config, run: "b", earlier: ["a"] });
  expect(again.result.summary).toBe("Unchanged since run a: Checked 1 row: all good");
  expect((await again.report()).valid).toBe(true);
  const other = await validate({
    config: { ...config, checks: { checks: [{ type: "table-dimensions", minRows: 2 }] } },
    run: "c",
    earlier: ["b", "a"],
  });
  expect(other.result.failure?.code).toBe("data-error");
  await write("same.csv", "n\n1\n2\n");
  expect((await validate({ config, run: "d", earlier: ["c", "b", "a"] })).result.summary).toBe(
    "Checked 2 rows: all good",
  );
});

test.each([
  ["bytes", { limit_bytes: 10 }, "too-large"],
  ["seconds", { limit_seconds: 0.001 }, "timeout"],
])("a limit of %s stands in the report, with what to do", async (_, limit, code) => {
  await write("large.csv", `n\n${"1\n".repeat(200_000)}`);
  const { result, report } = await validate({ config: { source: "large.csv", ...limit } });
  expect(result.failure?.code).toBe(code);
  expect((await report()).tasks[0]?.errors).toMatchObject([
    { type: code, place: "large.csv", note: expect.stringMatching(/limit_/) },
  ]);
});

test("several sources and a package are one report", async () => {
  await write("a.csv", "n\n1\n");
  const fields = [{ name: "n", type: "date" }];
  const resources = [
    { name: "one", path: "a.csv", schema: { fields } },
    { name: "two", path: "missing.csv" },
  ];
  await write("datapackage.json", JSON.stringify({ name: "p", resources }));
  const { result, report } = await validate({ config: { source: ["datapackage.json", "a.csv"] } });
  expect((await report()).tasks.map(({ name, valid }) => [name, valid])).toEqual([
    ["one", false],
    ["two", false],
    ["a", true],
  ]);
  expect(result.failure?.message).toContain("2 of 3 tables are not valid: 1 type-error, 1 scheme-error.");
});

test("what came by the API reads no file of the server", async () => {
  await write("a.csv", "n\n1\n");
  const config = { source: join(folder, "dags", "a.csv") };
  await expect(validate({ config, ofOperator: false })).rejects.toMatchObject({ code: "unsafe-path" });
});

/** The address of a server that answers so. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

test.each([
  ["only asked for again", {}, ["- 200", "- 304"]],
  [
    "sent the secret, and nothing of it is kept",
    { secret: "secret://portal" },
    ["value of secret://portal 200", "value of secret://portal 200"],
  ],
])("a web server is %s, and what did not change is not tested", async (_, more, expected) => {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    const known = request.headers["if-none-match"] === '"v1"';
    seen.push(`${request.headers.authorization ?? "-"} ${known ? 304 : 200}`);
    response.writeHead(known ? 304 : 200, { etag: '"v1"', "content-type": "text/csv" });
    response.end(known ? undefined : "n\n1\n");
  });
  const config = { source: `${url}/x.csv?key=1`, skip_unchanged: true, ...more };
  const first = await validate({ config, run: "h1" });
  expect((await first.report()).tasks[0]).toMatchObject({ name: "x", place: `${url}/x.csv?…`, valid: true });
  expect((await validate({ config, run: "h2", earlier: ["h1"] })).result.summary).toContain(
    "Unchanged since run h1",
  );
  expect(seen).toEqual(expected);
});

test("what changed since the run before can be checked, whatever the table is called", async () => {
  const conf = { name: "prices", resource: { path: "up/2026 prices.csv" } };
  const checks = { checks: [{ type: "row-count-change", maxDecrease: 10 }] };
  const storage = openLocalStorage(join(folder, "storage"));
  await storage.write("up/2026 prices.csv", "n\n1\n2\n3\n");
  await validate({ conf: { ...conf, checks }, run: "p1", ofOperator: false });
  await storage.write("up/2026 prices.csv", "n\n1\n");
  const second = await validate({ conf: { ...conf, checks }, run: "p2", earlier: ["p1"], ofOperator: false });
  expect(second.result.stats?.errorCounts).toEqual({ "row-count-change": 1 });
});

test("a page at an address of the web is told by that address", async () => {
  const url = await serve((_, response) => response.end("<!doctype html><html><body>gone</body></html>"));
  const { report } = await validate({ config: { source: `${url}/data/x.csv` } });
  const [task] = (await report()).tasks;
  expect(task?.errors[0]?.message).toContain(`${url}/data/x.csv`);
  expect(task?.errors[0]?.message).not.toMatch(/\d-x\.csv/);
});
