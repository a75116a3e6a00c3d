import { firstDataRow, fullDialect } from "../descriptor/dialect.ts";
import type { Schema } from "../descriptor/types.ts";
import { scan } from "../plan/build.ts";
import type { CellQuestion, Cleanness } from "../plan/engine.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { foreignKeysOf } from "./foreign-keys.ts";
import { findKeyErrors, keysOf } from "./key-errors.ts";
import { type FieldsMatch, type Header, labelErrors, schemaLabelErrors } from "./labels.ts";
import { readRows } from "./read-rows.ts";
import type { Distribution, ReportError } from "./report.ts";
import { createRowChecker, type RowRules } from "./row-checker.ts";
import { runChecks } from "./run-checks.ts";
import { isWide, schemaFor } from "./schema-for.ts";
import { type Structure, structureOf } from "./structure.ts";
import { at, namedFields, type TableTest } from "./table-test.ts";

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
  const [structure, settled] = await Promise.all([
    isText ? structureOf(test) : undefined,
    settle(test, header),
  ]);
  for (const error of structure?.headerErrors ?? []) findings.add(error.type, () => error);
  for (const error of settled.wrongLabels) findings.add(error.type, () => error);
  const cleanness = structure?.isSound ? settled.cleanness : "doubtful";
  const tested = await testAll({ test, ...settled, structure, cleanness });
  const notes = table.resource.aircan?.notes?.filter(({ about }) => about !== "label") ?? [];
  const said = notes.map(({ about, text }) => `${warningTypes[about] ?? about}: ${text}`);
  const warnings = [...(structure?.warnings ?? []), ...said, ...settled.notes];
  return { ...tested, fields: table.columns.length, labels, warnings };
}

/** The types of warnings that notes about a source are, where they are called otherwise. */
const warningTypes: Readonly<Record<string, string>> = { encoding: "encoding-guess" };

interface Settled {
  readonly schema: Schema;
  readonly rules: RowRules;
  readonly wrongLabels: readonly ReportError[];
  readonly notes: readonly string[];
  /** What the engine can be asked about the rows; undefined: nothing. */
  readonly question: CellQuestion | undefined;
  /** What the engine says of the cells, if every record is a row. */
  readonly cleanness: Cleanness;
}

/** What the rows must be, and whether the engine finds them so. */
async function settle(test: TableTest, header: Header): Promise<Settled> {
  const { schema, isSure, notes } = await schemaFor(test);
  const match = matchOf(schema);
  const wrongLabels = test.schema ? schemaLabelErrors(header, { ...match, fields: schema.fields }) : [];
  const rules = rulesOf(test.table, schema, match.fieldsMatch);
  const question = wrongLabels.length > 0 ? undefined : questionOf(test, rules, schema);
  const settled = { schema, rules, wrongLabels, notes, question };
  if (test.schema === undefined) return { ...settled, cleanness: isSure ? "clean" : "doubtful" };
  if (question === undefined) return { ...settled, cleanness: "doubtful" };
  const { engine, signal } = test;
  return { ...settled, cleanness: await engine.lookForErrors(question, { signal, memoryLimit }) };
}

interface Setting extends Settled {
  readonly test: TableTest;
  readonly structure: Structure | undefined;
}

type Tested = Pick<TestedTable, "rows" | "distributions">;

/** The rows one by one and the keys beside each other; then, when the number of rows is known, the checks asked for. */
async function testAll(setting: Setting): Promise<Tested> {
  const { test, schema, rules, structure, cleanness } = setting;
  const { table, signal, temporaryFolder, checks = [] } = test;
  const keys = cleanness === "clean" ? [] : keysOf(schema);
  if (keys.length === 0 && foreignKeysOf(schema).length === 0 && checks.length === 0)
    return { rows: await testRows(setting), distributions: {} };
  const fields = namedFields(columnsOf(table, rules));
  const limitRows = table.format === "csv" ? undefined : test.limitRows; // of a text there are only the first rows
  const typed = { table, fields, missingValues: rules.missingValues, limitRows };
  return test.engine.inquire(
    async (inquiry) => {
      const firstRow = structure?.isSound && structure.isUniform ? firstRowOf(table) : undefined;
      const key = { test, typed, keys, foreignKeys: foreignKeysOf(schema), firstRow, inquiry };
      const [rows] = await Promise.all([testRows(setting), findKeyErrors(key)]);
      const distributions: Record<string, Distribution> = {};
      await runChecks({ ...key, rows, distributions });
      return { rows, distributions };
    },
    { signal, temporaryFolder, memoryLimit },
  );
}

function firstRowOf({ resource }: LocalTable): number {
  return firstDataRow(fullDialect(resource.dialect));
}

/** A field for each column of the file, those beyond the schema too. */
function columnsOf({ columns }: LocalTable, rules: RowRules) {
  return columns.map((_, i) => rules.columns[i] ?? null);
}

/** Tests each cell, unless all is known to be well, or which rows are not; gives the number of rows. */
async function testRows(setting: Setting): Promise<number> {
  const { test, rules, structure, cleanness } = setting;
  if (structure && cleanness !== "doubtful") return structure.rows;
  const bad = await findBadRows(setting);
  const checker = createRowChecker(rules, test.findings, test.customChecks);
  const rows = await readRows(test, checker.row, bad);
  checker.end();
  return structure && bad ? structure.rows : rows - checker.skipped;
}

/** The numbers of the rows that need to be looked at; undefined: all do. */
async function findBadRows({
  test: { engine, table, signal },
  question,
  structure,
}: Setting): Promise<ReadonlySet<number> | undefined> {
  if (question === undefined || !structure?.isSound || !structure.isUniform) return undefined;
  const bad = await engine.findBadRows(question, { signal, memoryLimit });
  if (bad?.rows !== structure.rows) return undefined;
  return new Set(bad.places.map((place) => place + firstRowOf(table)));
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

/** Beside the tokenizer, which reads the file at the same time; keys beyond it go to disk. */
const memoryLimit = "240MB";

/** Asks which cells are not well; undefined for what the engine cannot be asked. */
function questionOf(test: TableTest, rules: RowRules, schema: Schema): CellQuestion | undefined {
  const { table, customChecks = [] } = test;
  const fields = namedFields(columnsOf(table, rules));
  const { missingValues } = rules;
  const names = new Set(fields.map(({ name }) => name));
  const isHard = isWide(table) || fields.some(({ constraints }) => constraints?.jsonSchema);
  if (table.format !== "csv" || isHard || customChecks.length > 0) return undefined;
  const named = {
    ...table,
    columns: [...names],
    guessed: [],
    resource: { ...table.resource, schema: { fields } },
  };
  const keys = keysOf(schema).flatMap((key) =>
    key.fields.every((name) => names.has(name)) ? [key.fields] : [],
  );
  return { scan: scan(named, at), fields, schema, missingValues, keys };
}
