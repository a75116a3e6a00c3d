import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { untilEnded } from "../factory/test-factory.ts";
import { validateDag } from "./one-shot-dags.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    taskProcess: fileURLToPath(new URL("../cli/task-process.ts", import.meta.url)),
    builtIn: [validateDag],
  });
});
afterAll(() => server.close());

const cities = "id,name,since\n1,Oslo,1048-01-01\n2,Bergen,1070-13-01\n3\n4,Trondheim,0997-01-01\n";
const schema = {
  fields: [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
    { name: "since", type: "date" },
  ],
};

/** Sends a file to be validated, and waits for the end of its run. */
async function validated(csv: string, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ name: "cities", ...fields })) form.set(name, value);
  form.set("file", new File([csv], "cities.csv"));
  const { json } = await server.call("POST", "/api/validate", form);
  await untilEnded(server.factory, json.run_id);
  return server.factory.showRun(json.run_id);
}

test("bad data ends the run with its first error, and its report, profile, good and bad rows stay", async () => {
  const run = await validated(cities, { schema: JSON.stringify(schema) });
  expect([run.status, run.error?.code, run.error?.where.row]).toEqual(["FAILED", "data-error", 3]);
  const { json: report } = await server.call("GET", `/api/runs/${run.id}/report`);
  expect([report.valid, report.tasks[0].name, report.tasks[0].place]).toEqual([
    false,
    "cities",
    "cities.csv",
  ]);
  const { items } = (await server.call("GET", `/api/runs/${run.id}/outputs`)).json;
  const written = items.filter(({ task }: { task: string }) => task === "check");
  expect(written.map(({ name, rows }: { name: string; rows: number }) => [name, rows])).toEqual([
    ["report.json", null],
    ["profile.json", null],
    ["cities.good.csv", 2],
    ["cities.bad.csv", 2],
  ]);
  const file = async (name: string) =>
    (await server.call("GET", `/api/runs/${run.id}/outputs/check/${name}`)).json;
  expect(await file("cities.good.csv")).toBe("id,name,since\n1,Oslo,1048-01-01\n4,Trondheim,0997-01-01\n");
  expect(await file("cities.bad.csv")).toBe("id,name,since\n2,Bergen,1070-13-01\n3\n");
});
