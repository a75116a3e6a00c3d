import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDuckDBEngine } from "../duckdb/engine.ts";
import { validateSources } from "./validate-sources.ts";

test("columns that are text for want of something better are named with the cells that keep them from it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "aircan-text-columns-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const rows = [
    ["word", "number", "mixed", "date", "few"],
    ["a", "1", "10", "01/02/2026", "x"],
    ["b", "22", "22", "03/04/2026", "y"],
    ["c", "3", "many", "05/06/2026", "z"],
    ["d", "4", "35", "07/08/2026", "7"],
  ];
  await writeFile(join(folder, "a.csv"), rows.map((row) => `${row.join(",")}\n`).join(""));
  const context = {
    folder,
    trusted: false,
    allowPrivate: true,
    allowLocal: true,
    temporaryFolder: folder,
    signal: new AbortController().signal,
  };
  const { tasks } = await validateSources(["a.csv"], { engine: createDuckDBEngine(), context });
  expect(tasks.map(({ warnings }) => warnings)).toEqual([
    [
      'types: the column "mixed" is taken as text: 75 % of its cells read as integer, but not "many" in row 4; correct such cells, or say with a schema what the column is',
      'types: the column "date" is taken as text: dates, but nothing shows whether the day or the month comes first; say it with a schema',
    ],
  ]);
});
