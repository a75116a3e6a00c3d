import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describedIn } from "./described-in.ts";

const folder = mkdtempSync(join(tmpdir(), "aircan-described-in-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fields = [{ name: "id", type: "integer" }];

test.each<[string, string, unknown]>([
  ["package", "a package", { resources: [{ name: "a", path: "a.csv" }] }],
  ["package", "a package with its rows", { resources: [{ name: "a", data: [[1]], schema: { fields } }] }],
  ["resource", "a resource", { name: "a", path: ["a.csv", "b.csv"] }],
  ["resource", "a resource with its rows", { name: "a", data: [{ id: 1 }], schema: { fields } }],
  ["schema", "a schema", { fields, primaryKey: ["id"] }],
])("%s: %s", (kind, _, value) => {
  writeFileSync(join(folder, "any.json"), JSON.stringify(value));
  expect(describedIn(join(folder, "any.json"))).toBe(kind);
});

test.each<[string, string]>([
  ["rows", '[{"name": "a", "path": "a.csv"}]'],
  ["an answer with rows", '{"fields": [{"name": "id"}], "records": [{"id": 1}]}'],
  ["a dataset of a portal", '{"name": "d", "resources": [{"url": "https://example.org/a.csv"}]}'],
  ["rows below a path", '{"data": {"rows": [{"a": 1}]}}'],
  ["broken JSON", '{"resources": ['],
])("nothing: %s", (_, text) => {
  writeFileSync(join(folder, "any.json"), text);
  expect(describedIn(join(folder, "any.json"))).toBeUndefined();
});
