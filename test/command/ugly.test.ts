import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { aircan } from "./aircan.ts";

/** Files as people have them, and beside them in `expected` the report that each gets. */
const folder = fileURLToPath(new URL("ugly/raw", import.meta.url));

const files = readdirSync(folder).filter((name) => /\.(csv|tsv|txt|json)$/.test(name));

test.each(files)("the report on %s says what to do", async (name) => {
  const { stdout, stderr, code } = await aircan(["validate", name], { folder });
  const report = `${stdout.replace(/, [0-9.]+ s\)/g, ")")}exit code ${code}\n`;
  await expect(report).toMatchFileSnapshot(`ugly/expected/${name}.report.txt`);
  expect(stderr).toBe("");
});
