import { mkdir } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { zipOf } from "../../src/reading/formats/grid-testing.ts";
import { serve } from "../../src/storage/test-http.ts";
import { aircan, folderWith } from "./aircan.ts";

const months = {
  "1.csv": "id,day\n1,2026-01-31\n",
  "2.csv": "id,day\n2,2026-02-28\nx,2026-02-30\n",
  "flow.yaml": 'flow:\n  - load: "*.csv"\n  - set_type: { name: id, type: integer }\n',
};

test("a pattern is shown as one table, and a finding names the file and its row", async () => {
  const folder = await folderWith(months);
  const shown = await aircan(["show", "*.csv", "--json"], { folder });
  expect(JSON.parse(shown.stdout).rows.map(({ id }: { id: string }) => id)).toEqual(["1", "2", "x"]);
  const { code, stderr } = await aircan(["run", "flow.yaml"], { folder });
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(
      'row 4: "x" in the field "id" is not a whole number such as 42. (Row 3 of 2.csv.)',
    ),
  ]);
});

test("each file of a pattern is validated on its own", async () => {
  const folder = await folderWith({
    ...months,
    "s.json": '{"fields": [{"name": "id", "type": "integer"}, {"name": "day", "type": "date"}]}',
  });
  const { code, stdout } = await aircan(["validate", "*.csv", "--schema", "s.json", "--json"], { folder });
  const { tasks } = JSON.parse(stdout);
  const seen = tasks.map(({ place, errors }: { place: string; errors: { rowNumber: number }[] }) => [
    place,
    errors.map(({ rowNumber }) => rowNumber),
  ]);
  expect([code, seen]).toEqual([
    1,
    [
      ["1.csv", []],
      ["2.csv", [3, 3]],
    ],
  ]);
});

const portal: RequestListener = ({ headers }, response) => {
  if (headers.authorization !== "Bearer t0ps3cret") response.writeHead(401).end();
  else response.end("id,name\n1,Oslo\n");
};

test("a secret opens a source, and is printed nowhere", async () => {
  const url = `${await serve(portal)}/a.csv`;
  const args = ["describe", url, "--secret", "portal", "--json"];
  const right = await aircan(args, { env: { AIRCAN_SECRET_PORTAL: "t0ps3cret" } });
  const wrong = await aircan(args, { env: { AIRCAN_SECRET_PORTAL: "wr0ng" } });
  const none = await aircan(args);
  expect([right.code, wrong.code, none.code]).toEqual([0, 1, 2]);
  expect(JSON.parse(wrong.stdout).error.message).toBe(`${url} answers 401 Unauthorized.`);
  expect(JSON.parse(none.stdout).error.hint).toBe("Set the environment variable AIRCAN_SECRET_PORTAL.");
  expect(JSON.stringify([right, wrong])).not.toMatch(/t0ps3cret|wr0ng/);
});

test("a password in an address is printed nowhere", async () => {
  const url = (await serve(portal)).replace("//", "//ada:t0ps3cret@");
  for (const command of ["show", "describe", "validate"]) {
    const ended = await aircan([command, `${url}/a.csv`, "--json"]);
    expect(ended.code).toBe(1);
    expect(JSON.stringify(ended)).not.toContain("t0ps3cret");
  }
});

test("a second run asks only whether the file changed, once there is a data folder", async () => {
  const folder = await folderWith({});
  await mkdir(join(folder, ".aircan"));
  const url = await serve(({ headers }, response) => {
    const isKnown = headers["if-none-match"] === '"v1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"v1"' }).end(isKnown ? undefined : "id\n1\n");
  });
  const statuses: unknown[] = [];
  for (let run = 0; run < 2; run++) {
    const { stdout } = await aircan(["describe", `${url}/a.csv`, "--json"], { folder });
    statuses.push(JSON.parse(stdout).aircan.source);
  }
  expect(statuses).toEqual([
    { etag: '"v1"', status: 200 },
    { etag: '"v1"', status: 304 },
  ]);
});

test.each([
  ["--max-download", "1B", "too-large"],
  ["--fetch-timeout", "soon", "config-error"],
])("%s %s is heeded", async (flag, value, code) => {
  const url = await serve((_, response) => response.end("id\n1\n"));
  const { stdout } = await aircan(["show", `${url}/a.csv`, flag, value, "--json"]);
  expect(JSON.parse(stdout).error.code).toBe(code);
});

test("a package in an archive at an address is read as such, and fetched once", async () => {
  const asked: (string | undefined)[] = [];
  const archive = zipOf({
    "repo/datapackage.json":
      '{"name":"p","resources":[{"name":"a","path":"a.csv"},{"name":"b","path":"b.csv"}]}',
    "repo/a.csv": "id\n1\n",
    "repo/b.csv": "id\n2\n",
  });
  const url = await serve((request, response) => {
    asked.push(request.url);
    response.end(archive);
  });
  const { stdout } = await aircan(["show", `${url}/main.zip?raw=1`, "--json"]);
  const shown = JSON.parse(stdout);
  expect([shown.rows, shown.others[0].name, shown.others[0].rows]).toEqual([[{ id: 1 }], "b", [{ id: 2 }]]);
  expect(asked).toEqual(["/main.zip?raw=1"]);
});

test("a package at an address is read with its files beside it", async () => {
  const descriptor = { name: "p", resources: [{ name: "a", path: "in/a.csv" }] };
  const url = await serve(({ url }, response) =>
    url === "/p/in/a.csv" ? response.end("id\n1\n") : response.end(JSON.stringify(descriptor)),
  );
  const { stdout } = await aircan(["show", `${url}/p/datapackage.json`, "--json"]);
  expect(JSON.parse(stdout).rows).toEqual([{ id: 1 }]);
});

test("standard input whose types are found out late is read once", async () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => `${i},${i === 80_000 ? "oops" : i}`);
  const input = `id,value\n${rows.join("\n")}\n`;
  const folder = await folderWith({});
  const { code, stderr } = await aircan(["convert", "-", "out.parquet"], { folder, input });
  expect([code, stderr]).toEqual([0, ""]);
});
