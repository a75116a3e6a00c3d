import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checklistOf } from "../../src/checks/checklist.ts";
import type { CustomCheck } from "../../src/checks/custom-check.ts";
import type { Report } from "../../src/checks/report.ts";
import { type ValidateOptions, validateSources } from "../../src/checks/validate-sources.ts";
import { createDuckDBEngine } from "../../src/duckdb/engine.ts";
import { contextIn } from "../../src/reading/test-context.ts";
import { budget, patience } from "./budget.ts";

/**
 * The engine says which rows are bad, and only those are looked at. A check of one's own must see each row, so that
 * with one that finds nothing the same file is tested row by row: both reports must be the same.
 */
const engine = createDuckDBEngine();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-random-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const idle: CustomCheck = { name: "idle", begin: () => ({}) };

async function validate(options: Partial<ValidateOptions>): Promise<Report> {
  const context = contextIn(folder);
  const report = await validateSources(["data.csv"], { engine, context, ...options });
  const tasks = report.tasks.map((task) => ({ ...task, stats: { ...task.stats, seconds: 0 } }));
  return { ...report, tasks, stats: { ...report.stats, seconds: 0 } };
}

const good = ["1", "2", "3", "10", "-5", "a", "bc", "2020-01-01", "2021-12-31", "true", "0.5", "a@b.no", "é"];
const bad = ["", " ", "-", "NA", "x y", '"q"', '"a,b"', '"a\nb"', '""', "1e3", "007", "1.50", "2020-02-30"];
const broken = ['"', 'a"b', '"a"b', "1,2", "\0"];

const field = fc.record({
  type: fc.constantFrom("integer", "number", "string", "date", "boolean", "any", "year", "list"),
  constraints: fc.constantFrom<object>(
    {},
    {},
    { required: true },
    { unique: true },
    { enum: ["1", "2"] },
    { required: true, unique: true },
  ),
  missingValues: fc.constantFrom(undefined, undefined, ["-"], ["NA", ""]),
});

const ofTexts = [{ minLength: 2 }, { maxLength: 3, pattern: "[a-z0-9]+" }, { enum: ["a", "bc"] }];
const ofNumbers = [{ minimum: 2 }, { exclusiveMaximum: 3, minimum: "1" }];

interface Case {
  readonly text: string;
  readonly schema: Record<string, unknown>;
}

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    fields: fc.array(field, { minLength: 2, maxLength: 4 }),
    pool: fc.constantFrom(good, [...good, ...bad], [...good, ...bad, ...broken]),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    key: fc.constantFrom<object>(
      {},
      { primaryKey: ["f0"] },
      { uniqueKeys: [["f0", "f1"]] },
      { primaryKey: ["f0", "f1"] },
    ),
    missing: fc.constantFrom<object>({}, { missingValues: ["", "NA"] }, { missingValues: ["-"] }),
    more: fc.constantFrom({}, ...ofTexts, ...ofNumbers),
    picks: fc.array(fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 25 }),
    ragged: fc.boolean(),
  })
  .map(({ fields, pool, lineEnd, key, missing, more, picks, ragged }) => {
    const names = fields.map((_, i) => `f${i}`);
    const rows = picks.map((pick) => {
      const width = ragged && (pick[5] ?? 0) % 7 === 0 ? (pick[4] ?? 0) % 6 : fields.length;
      return Array.from({ length: width }, (_, i) => pool[(pick[i] ?? 0) % pool.length] ?? "").join(",");
    });
    const isText = (type: string) => type === "string";
    const isNumber = (type: string) => type === "integer" || type === "number";
    const fits = (type: string) => (ofNumbers.includes(more as never) ? isNumber(type) : isText(type));
    const described = fields.map(({ type, constraints, missingValues }, i) => ({
      name: names[i],
      type,
      constraints: {
        ...(type === "list" || type === "date" || type === "year" ? {} : constraints),
        ...(fits(type) ? more : {}),
      },
      ...(missingValues ? { missingValues } : {}),
    }));
    const text = [names.join(","), ...rows].map((line) => line + lineEnd).join("");
    return { text, schema: { fields: described, ...key, ...missing } };
  });

test("files of any kind have the same report, whether the engine says what is bad or each row is looked at", {
  timeout: patience,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ text, schema }) => {
      await writeFile(join(folder, "data.csv"), text);
      const checklist = checklistOf({ checks: [{ type: "duplicate-row" }] });
      const told = { delimiter: ",", quote: '"', headerRows: [1], schema, checklist };
      const fast = await validate(told);
      expect(fast).toEqual(await validate({ ...told, customChecks: [idle] }));
    }),
    budget(40),
  );
});
