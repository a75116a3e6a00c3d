import { fullDialect } from "../descriptor/dialect.ts";
import type { Field, Schema } from "../descriptor/types.ts";
import { cast, check, filter, limit, scan } from "../plan/build.ts";
import type { Engine } from "../plan/engine.ts";
import { call, field } from "../plan/expression.ts";
import type { CastRelation, Relation, StepReference } from "../plan/relation.ts";
import { type ClassCounts, classify } from "../reading/infer.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { readSource } from "../reading/open-source.ts";
import { readRecords } from "../reading/records.ts";
import { checkRecords } from "../reading/tokenizer.ts";
import type { FindingList } from "./finding-list.ts";
import { isDoubted, prevailingField } from "./infer-schema.ts";
import { type FieldsMatch, labelErrors, schemaLabelErrors } from "./labels.ts";
import { createRowChecker, type RowRules, type TestedRow } from "./row-checker.ts";

/** What testing one table needs. */
export interface TableTest {
  readonly engine: Engine;
  readonly table: LocalTable;
  /** What the rows must be; undefined: found out from the file. */
  readonly schema: Schema | undefined;
  readonly findings: FindingList;
  readonly limitRows: number | undefined;
  readonly signal: AbortSignal;
}

export interface TestedTable {
  readonly rows: number;
  readonly fields: number;
  readonly labels: readonly string[];
  readonly warnings: readonly string[];
}

const at: StepReference = { step: "1", processor: "validate" };

/**
 * Tests one table. The engine looks whether all is well, which is fast; only what is not is read again row
 * by row, so that each error is known with its place.
 *
 * @throws AirCanError what reading the source throws.
 */
export async function validateTable(told: TableTest): Promise<TestedTable> {
  const { findings } = told;
  const table = await told.engine.describe(told.table);
  const test = { ...told, table };
  const { labels } = table;
  const dialect = fullDialect(table.resource.dialect);
  const header = { labels, rowNumbers: dialect.headerRows, headerCase: dialect.headerCase !== false };
  for (const error of labelErrors(header)) findings.add(error.type as "blank-label", () => error); // a code by its making
  const isText = table.format === "csv";
  const structure = isText && test.limitRows === undefined ? await structureOf(test) : undefined;
  const { schema, isSure } = await schemaFor(test, structure?.isSound ?? false);
  const match = matchOf(schema);
  const wrong = test.schema ? schemaLabelErrors(header, { ...match, fields: schema.fields }) : [];
  for (const error of wrong) findings.add(error.type as "extra-label", () => error); // a code by its making
  const notes = table.resource.aircan?.notes?.filter(({ about }) => about !== "label") ?? [];
  const warnings = [...(structure?.warnings ?? []), ...notes.map(({ about, text }) => `${about}: ${text}`)];
  const facts = { fields: table.columns.length, labels, warnings };
  const rules = rulesOf(table, schema, match.fieldsMatch);
  if (structure?.isSound && wrong.length === 0 && (isSure || (await isClean(test, rules, schema))))
    return { ...facts, rows: structure.rows };
  const run = createRowChecker(rules, findings);
  return { ...facts, ...(await (isText ? testRecords(test, run) : testRows(test, run))) };
}

interface Structure {
  /** True if every record is a row of as many cells as there are columns. */
  readonly isSound: boolean;
  readonly rows: number;
  readonly warnings: readonly string[];
}

async function structureOf({ table, signal }: TableTest): Promise<Structure> {
  const checked = await checkRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    width: table.columns.length,
    signal,
    onFinding: () => {},
  });
  const ends = Object.entries(checked.lineEnds).filter(([, count]) => count > 0);
  return {
    isSound: checked.reported === 0 && checked.blank === 0,
    rows: checked.records,
    warnings:
      ends.length > 1
        ? [`mixed-line-ends: ${ends.map(([name, count]) => `${count} ${name.toUpperCase()}`).join(", ")}`]
        : [],
  };
}

function openText(table: LocalTable) {
  return readSource({ ...table, source: String(table.resource.path ?? table.path) });
}

/** The schema to test by. `isSure`: the whole file was looked at, and no cell speaks against it. */
async function schemaFor(test: TableTest, isSound: boolean): Promise<{ schema: Schema; isSure: boolean }> {
  const { engine, table, signal } = test;
  const guessed = table.resource.schema ?? { fields: [] };
  if (test.schema) return { schema: test.schema, isSure: false };
  if (table.format !== "csv" || table.guessed.length === 0)
    return { schema: guessed, isSure: table.format === "csv" };
  const missingValues = guessed.missingValues ?? [""];
  const counts = isWide(table)
    ? await countClasses(test, missingValues)
    : await engine.classes(scan(table, at), missingValues, { signal });
  const fields = table.columns.map((name, i) => prevailingField(name, counts[i] ?? {}));
  return {
    schema: { ...guessed, fields },
    isSure: isSound && !fields.some((field, i) => isDoubted(field, counts[i] ?? {})),
  };
}

/** The engine takes long to plan a query of thousands of columns; such files have few rows. */
const isWide = ({ columns }: LocalTable) => columns.length > 500;

/** How many cells of each class the columns have, counted row by row. */
async function countClasses(
  { table, signal }: TableTest,
  missingValues: readonly string[],
): Promise<readonly ClassCounts[]> {
  const counts = table.columns.map((): ClassCounts => ({}));
  const missing = new Set(["", ...missingValues]);
  await readRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    signal,
    onRecord: ({ cells, problem }) => {
      if (problem !== null || cells.length !== counts.length) return true;
      for (const [i, cell] of cells.entries()) {
        const count = counts[i];
        if (count === undefined || missing.has(cell)) continue;
        const name = classify(cell);
        count[name] = (count[name] ?? 0) + 1;
      }
      return true;
    },
  });
  return counts;
}

function matchOf({ fieldsMatch, fields, primaryKey = [] }: Schema): {
  fieldsMatch: FieldsMatch;
  needed: ReadonlySet<string>;
} {
  const mode = Array.isArray(fieldsMatch) ? fieldsMatch[0] : fieldsMatch;
  const required = fields.filter(({ constraints }) => constraints?.required).map(({ name }) => name);
  return {
    fieldsMatch: (mode ?? "exact") as FieldsMatch, // the schema was validated
    needed: new Set([...primaryKey, ...required]),
  };
}

/** Which field tests which column of the file. */
function rulesOf(table: LocalTable, schema: Schema, fieldsMatch: FieldsMatch): RowRules {
  const byName = new Map(schema.fields.map((field) => [field.name, field]));
  const isByPlace = fieldsMatch === "exact" || table.labels.length === 0;
  return {
    columns: isByPlace ? schema.fields : table.columns.map((name) => byName.get(name) ?? null),
    missingValues: schema.missingValues ?? [""],
    primaryKey: schema.primaryKey ?? [],
    skipsBlankRows: table.resource.dialect?.skipBlankRows === true,
  };
}

/** True if the engine finds nothing wrong. What it cannot be asked counts as doubtful. */
async function isClean(test: TableTest, { columns }: RowRules, schema: Schema): Promise<boolean> {
  const { table, engine, signal } = test;
  const fields = columns.map((field, i): Field => field ?? { name: `aircan:column ${i + 1}`, type: "any" });
  const names = fields.map(({ name }) => name);
  if (isWide(table) || new Set(names).size < names.length) return false;
  const named = {
    ...table,
    columns: names,
    guessed: [],
    resource: { ...table.resource, schema: { ...schema, fields } },
  };
  const policy = { onError: "fail", resource: table.resource.name } as const;
  const typed = cast(scan(named, at), { ...policy, fields, missingValues: schema.missingValues ?? [""] }, at);
  const relation: Relation = check(typed, policy, at);
  return (await engine.isClean(relation, { signal })) && !(await hasBlankRows(test, typed));
}

/** True if some row has only texts that mean no value. Rows of nothing at all the tokenizer has seen. */
async function hasBlankRows({ engine, signal }: TableTest, typed: CastRelation): Promise<boolean> {
  const named = [typed.missingValues, ...typed.fields.map(({ missingValues = [] }) => missingValues)].flat();
  if (named.every((text) => text === "")) return false;
  const tests = typed.fields.map(({ name }) => call("is_null", field(name)));
  const where = tests.reduce((a, b) => call("and", a, b));
  for await (const rows of engine.stream(limit(filter(typed, where, at), 1, at), { signal }))
    if (rows.length > 0) return true;
  return false;
}

type Counted = Pick<TestedTable, "rows">;

async function testRecords(test: TableTest, run: (row: TestedRow) => void): Promise<Counted> {
  const { limitRows = Number.POSITIVE_INFINITY, table, signal } = test;
  let rows = 0;
  await readRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    signal,
    onRecord: (record) => {
      if (rows >= limitRows) return false;
      rows++;
      run(table.isSpooled ? { ...record, line: null, byteOffset: null } : record);
      return true;
    },
  });
  return { rows };
}

/** Rows of a format that has types of its own. They count from 2, as if their names were a first row. */
async function testRows(test: TableTest, run: (row: TestedRow) => void): Promise<Counted> {
  const { engine, table, limitRows = Number.POSITIVE_INFINITY, signal } = test;
  const names = table.columns;
  let rows = 0;
  for await (const batch of engine.stream(scan(table, at), { signal })) {
    for (const row of batch) {
      if (rows >= limitRows) return { rows };
      rows++;
      const cells = names.map((name) => textOf(row[name]));
      run({ row: rows + 1, line: null, byteOffset: null, cells, problem: null });
    }
  }
  return { rows };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value).replace(/^"(.*)"$/s, "$1") : String(value);
}
