import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDuckDBEngine } from "./engine.ts";
import { loadCsv, planOf, temporaryFolder } from "./testing.ts";

const engine = createDuckDBEngine();

test("numbers at the edge of what a double holds keep their digits", async () => {
  const cells =
    "0.5 9007199254740991 9007199254740993 1000000000000000 9999999999999999 0.1234567890123456".split(" ");
  for (const cell of cells) {
    const path = join(temporaryFolder(), "a.csv");
    const relation = loadCsv(`0.5\n${cell}\n`, [{ name: "n", type: "number" }]);
    await engine.run(
      planOf({ data: relation }, async (run) => void (await run.copyToFile(relation, path, "csv"))),
    );
    expect(readFileSync(path, "utf8")).toBe(`n\n0.5\n${cell}\n`);
  }
});
