import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { map, rows, sort } from "../plan/build.ts";
import { field } from "../plan/expression.ts";
import type { Row } from "../plan/relation.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, loadCsv, planOf, temporaryFolder } from "./testing.ts";

const engine = createDuckDBEngine();
const fields = [
  { name: "text", type: "string" },
  { name: "n", type: "integer" },
] as const;

test("a run whose source never ends is cancelled", async () => {
  const cancelling = new AbortController();
  async function* endless(): AsyncGenerator<Row> {
    for (let n = 0; ; n++) {
      if (n === 50_000) cancelling.abort();
      yield { text: "x", n };
    }
  }
  const source = rows(endless, { fields }, at);
  const temporary = temporaryFolder();
  const run = engine.run(planOf({ data: source }), { signal: cancelling.signal, temporaryFolder: temporary });
  await expect(run).rejects.toMatchObject({ code: "interrupted" });
  expect(readdirSync(temporary)).toEqual([]);
});

test("a run that is cancelled while DuckDB works stops between two chunks", async () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `${"t".repeat(i % 50)},${i}\n`).join("");
  const cancelling = new AbortController();
  let calls = 0;
  const counted = map(
    loadCsv(lines, fields),
    {
      apply: () => {
        if (++calls === 1) cancelling.abort();
        return calls;
      },
      target: { name: "m", type: "integer" },
      pure: false,
    },
    at,
  );
  const temporary = temporaryFolder();
  const run = engine.run(planOf({ data: counted }), {
    signal: cancelling.signal,
    temporaryFolder: temporary,
  });
  await expect(run).rejects.toMatchObject({ code: "interrupted" });
  expect(calls).toBeLessThan(100_000);
  expect(readdirSync(temporary)).toEqual([]);
});

test("a run that was cancelled before it began does nothing", async () => {
  const relation = loadCsv("a,1\n", fields);
  const run = engine.run(planOf({ data: relation }), { signal: AbortSignal.abort() });
  await expect(run).rejects.toMatchObject({ code: "interrupted" });
});

const wide = Array.from(
  { length: 60_000 },
  (_, i) => `${String((i * 7919) % 60_000).padStart(8, "0")}${"x".repeat(2000)},${i}\n`,
).join("");

test("what does not fit the memory limit is sorted on disk, and the disk is given back", async () => {
  const temporary = temporaryFolder();
  const out = join(temporaryFolder(), "sorted.csv");
  const sorted = sort(loadCsv(wide, fields), [{ value: field("text"), descending: false }], at);
  const plan = planOf({ data: sorted }, async (run) => void (await run.copyToFile(sorted, out, "csv")));
  await engine.run(plan, { memoryLimit: "160MB", threads: 1, temporaryFolder: temporary });
  const texts = readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => Number(line.slice(0, 8)));
  expect(texts).toEqual(Array.from({ length: 60_000 }, (_, i) => i));
  expect(readdirSync(temporary)).toEqual([]);
});

test("a memory limit that is too small is said, with what to do", async () => {
  const sorted = sort(loadCsv(wide, fields), [{ value: field("text"), descending: false }], at);
  await expect(engine.run(planOf({ data: sorted }), { memoryLimit: "4MB" })).rejects.toMatchObject({
    code: "storage-error",
    hint: "Raise `memoryLimit`, or use fewer threads.",
  });
});
