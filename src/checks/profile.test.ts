import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { contextIn } from "../reading/test-context.ts";
import { validateSources } from "./validate-sources.ts";

const profile = {
  $schema: "http://json-schema.org/draft-07/schema#",
  allOf: [
    { $ref: "https://specs.frictionlessdata.io/schemas/data-package.json" },
    {
      required: ["title", "project"],
      properties: { project: { required: ["id"], properties: { id: { pattern: "^[a-z]+$" } } } },
    },
  ],
};
const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-profile-test-"));
  await writeFile(join(folder, "towns.csv"), "id,name\n1,Oslo\n");
  await writeFile(join(folder, "camera.json"), JSON.stringify(profile));
  await writeFile(join(folder, "elsewhere.json"), JSON.stringify({ $ref: "https://example.org/other.json" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validated(properties: Readonly<Record<string, unknown>>, trusted = false) {
  const context = contextIn(folder, { trusted });
  const resources = [{ name: "towns", path: "towns.csv" }];
  const written = JSON.stringify({ name: "x", resources, ...properties }, null, 1);
  await writeFile(join(folder, "datapackage.json"), written);
  const { errors, warnings } = await validateSources(["datapackage.json"], { engine, context });
  return { errors: errors.map(({ pointer, message }) => [pointer, message]), warnings };
}

const unfit = 'The package does not fit its profile "camera.json"';

test.each([
  ["a package that fits", { $schema: "camera.json", title: "T", project: { id: "a" } }, []],
  ["the profile of version 1", { profile: "tabular-data-package" }, []],
  ["the profile of version 2", { $schema: "https://datapackage.org/profiles/2.0/datapackage.json" }, []],
  [
    "all that is missing, each at its place",
    { $schema: "camera.json", project: { id: "A" } },
    [
      ["", `datapackage.json, line 1, column 1: ${unfit}: must have required property 'title'.`],
      ["/project/id", `datapackage.json, line 11, column 3: ${unfit}: must match pattern "^[a-z]+$".`],
    ],
  ],
])("%s", async (_, properties, errors) => {
  expect(await validated(properties)).toEqual({ errors, warnings: [] });
});

test.each([
  ["that is not there", "none.json", /is not tested by its profile "none.json": .*no such file/],
  ["outside of the folder", "../camera.json", /"\.\.\/camera.json", which leads out of its folder/],
  ["that rests on others", "elsewhere.json", /cannot be used: can't resolve reference/],
])("a profile %s is a warning", async (_, $schema, warning) => {
  const { errors, warnings } = await validated({ $schema });
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [expect.stringMatching(warning)] });
});
