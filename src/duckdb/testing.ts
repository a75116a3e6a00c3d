import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Dialect, Field } from "../descriptor/types.ts";
import { cast, scan } from "../plan/build.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PackagePlan } from "../plan/package-plan.ts";
import type { CastRelation, ErrorPolicy, Relation, Row, StepReference } from "../plan/relation.ts";
import type { LocalTable } from "../reading/local-table.ts";

/** For the tests of this folder: a step, files, plans, and rows collected. */
export const at: StepReference = { step: "1", processor: "load" };

const root = mkdtempSync(join(tmpdir(), "aircan-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An empty folder that is gone when the test file has ended. */
export function temporaryFolder(): string {
  return mkdtempSync(join(root, "test-"));
}

/** A CSV file on disk as `describe` would give it. */
export function csvTable(
  content: string | Buffer,
  columns: readonly string[],
  dialect: Partial<Dialect> = {},
): LocalTable {
  const path = join(temporaryFolder(), "data.csv");
  writeFileSync(path, content);
  const resource = { name: "data", path, format: "csv", dialect };
  return {
    path,
    format: "csv",
    resource,
    columns,
    labels: columns,
    compression: null,
    isSpooled: false,
    guessed: [],
    bytes: content.length,
  };
}

export interface LoadOptions {
  readonly onError?: ErrorPolicy;
  readonly guessed?: readonly string[];
  readonly missingValues?: readonly string[];
}

/** Scan and cast of a CSV text whose header has the fields' names. */
export function loadCsv(body: string, fields: readonly Field[], options: LoadOptions = {}): CastRelation {
  const names = fields.map(({ name }) => name);
  return castTable(csvTable(`${names.join(",")}\n${body}`, names), fields, options);
}

export function castTable(
  table: LocalTable,
  fields: readonly Field[],
  options: LoadOptions = {},
): CastRelation {
  const { onError = "fail", guessed = [], missingValues = [""] } = options;
  return cast(scan(table, at), { fields, missingValues, guessed, onError, resource: "data" }, at);
}

/** A plan with resources and, if given, a sink that does what it likes with the run. */
export function planOf(
  resources: Readonly<Record<string, Relation>>,
  use?: (run: EngineRun) => Promise<void>,
): PackagePlan {
  const planned = Object.entries(resources).map(([name, relation]) => ({
    descriptor: { name, schema: relation.schema },
    relation,
  }));
  const stage = async (run: EngineRun) => {
    await use?.(run);
    return { resources: {}, commit: async () => {}, discard: async () => {} };
  };
  const sinks = use ? [{ at: { step: "9", processor: "test" }, input: planned, summary: "test", stage }] : [];
  return { properties: {}, resources: planned, sinks };
}

export async function collect(batches: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}
