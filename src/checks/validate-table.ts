import { firstDataRow, fullDialect } from "../descriptor/dialect.ts";
import type { Schema } from "../descriptor/types.ts";
import { cast, check, filter, limit, scan } from "../plan/build.ts";
import { call, field } from "../plan/expression.ts";
import type { CastRelation } from "../plan/relation.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { findKeyErrors, hasKeys } from "./key-errors.ts";
import { type FieldsMatch, labelErrors, schemaLabelErrors } from "./labels.ts";
import { readRows } from "./read-rows.ts";
import type { Distribution } from "./report.ts";
import { createRowChecker, type RowRules } from "./row-checker.ts";
import { runChecks } from "./run-checks.ts";
import { isWide, schemaFor } from "./schema-for.ts";
import { type Structure, structureOf } from "./structure.ts";
import { at, namedFields, type TableTest, type TypedTable } from "./table-test.ts";

export interface TestedTable {
  readonly rows: number;
  readonly fields: number;
  readonly labels: readonly string[];
  readonly warnings: readonly string[];
  readonly distributions: Readonly<Record<string, Distribution>>;
}

/**
 * Tests one table, as the engine has described it. The engine looks whether all is well, which is fast; only
 * what is not is read again row by row, so that each error is known with its place. Keys and the checks of a
 * checklist are asked of the engine.
 *
 * @throws AirCanError what reading the source throws.
 */
export async function validateTable(test: TableTest): Promise<TestedTable> {
  const { findings, table } = test;
  const { labels } = table;
  const dialect = fullDialect(table.resource.dialect);
  const header = { labels, rowNumbers: dialect.headerRows, headerCase: dialect.headerCase !== false };
  for (const error of labelErrors(header)) findings.add(error.type, () => error);
  const isText = table.format === "csv";
  const [structure, found] = await Promise.all([isText ? structureOf(test) : undefined, schemaFor(test)]);
  const { schema } = found;
  const match = matchOf(schema);
  const wrong = test.schema ? schemaLabelErrors(header, { ...match, fields: schema.fields }) : [];
  for (const error of wrong) findings.add(error.type, () => error);
  const rules = rulesOf(table, schema, match.fieldsMatch);
  const setting = { test, schema, rules, structure, isSure: found.isSure, hasWrongLabels: wrong.length > 0 };
  const tested = await testAll(setting);
  const notes = table.resource.aircan?.notes?.filter(({ about }) => about !== "label") ?? [];
  const said = notes.map(({ about, text }) => `${about}: ${text}`);
  const warnings = [...(structure?.warnings ?? []), ...said, ...found.notes];
  return { ...tested, fields: table.columns.length, labels, warnings };
}

interface Setting {
  readonly test: TableTest;
  readonly schema: Schema;
  readonly rules: RowRules;
  readonly structure: Structure | undefined;
  readonly isSure: boolean;
  readonly hasWrongLabels: boolean;
}

type Tested = Pick<TestedTable, "rows" | "distributions">;

/** The rows one by one and the keys beside each other; then, when the number of rows is known, the checks asked for. */
async function testAll(setting: Setting): Promise<Tested> {
  const { test, schema, rules, structure } = setting;
  const typed = {
    table: test.table,
    fields: namedFields(columnsOf(setting)),
    missingValues: rules.missingValues,
  };
  const isAsked = hasKeys(schema) || (test.checks ?? []).length > 0;
  if (!isAsked) return { rows: await testRows(setting, typed), distributions: {} };
  const { signal, temporaryFolder } = test;
  return test.engine.inquire(
    async (inquiry) => {
      const firstRow = structure?.isSound && structure.isUniform ? firstRowOf(test.table) : undefined;
      const key = { test, typed, schema, firstRow, inquiry };
      const [rows] = await Promise.all([testRows(setting, typed), findKeyErrors(key)]);
      const distributions: Record<string, Distribution> = {};
      await runChecks({ ...key, rows, distributions });
      return { rows, distributions };
    },
    { signal, temporaryFolder },
  );
}

function firstRowOf({ resource }: LocalTable): number {
  return firstDataRow(fullDialect(resource.dialect));
}

/** A field for each column of the file, those beyond the schema too. */
function columnsOf({ test: { table }, rules }: Setting) {
  return table.columns.map((_, i) => rules.columns[i] ?? null);
}

/** Tests each cell; gives the number of rows. */
async function testRows(setting: Setting, typed: TypedTable): Promise<number> {
  const { test, rules, structure, isSure, hasWrongLabels, schema } = setting;
  const isPlain = structure?.isSound === true && !hasWrongLabels && (test.customChecks ?? []).length === 0;
  if (isPlain && (isSure || (await isClean(test, typed, schema)))) return structure.rows;
  const checker = createRowChecker(rules, test.findings, test.customChecks);
  const rows = await readRows(test, checker.row);
  checker.end();
  return rows;
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
    table: table.resource.name,
    columns: isByPlace ? schema.fields : table.columns.map((name) => byName.get(name) ?? null),
    missingValues: schema.missingValues ?? [""],
    primaryKey: schema.primaryKey ?? [],
    skipsBlankRows: table.resource.dialect?.skipBlankRows === true,
  };
}

/** True if the engine finds nothing wrong with any cell. What it cannot be asked counts as doubtful. */
async function isClean(test: TableTest, typed: TypedTable, schema: Schema): Promise<boolean> {
  const { table, engine, signal } = test;
  const { fields, missingValues } = typed;
  if (isWide(table) || fields.some(({ constraints }) => constraints?.jsonSchema !== undefined)) return false;
  const named = {
    ...table,
    columns: fields.map(({ name }) => name),
    guessed: [],
    resource: { ...table.resource, schema: { ...schema, fields } },
  };
  const policy = { onError: "fail", resource: table.resource.name } as const;
  const values = cast(scan(named, at), { ...policy, fields, missingValues }, at);
  if (!(await engine.isClean(check(values, policy, at), { signal }))) return false;
  return !(await hasBlankRows(test, values));
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
