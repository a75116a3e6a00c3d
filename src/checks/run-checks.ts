import { AirCanError, toAirCanError } from "../base/errors.ts";
import { isJsonObject } from "../descriptor/problem.ts";
import { filter, requireFields } from "../plan/build.ts";
import type { Answer } from "../plan/engine.ts";
import { call, literal } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { CheckRequest } from "./checklist.ts";
import type { CheckDefinition, CheckedTable, TellRow } from "./definition.ts";
import type { RowFinding } from "./finding-list.ts";
import type { KeyTest } from "./key-errors.ts";
import type { Distribution, ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";
import { rowDetails } from "./row-details.ts";
import { noteRows } from "./rows-of-query.ts";
import { at, openRelated, type TableTest, type TypedTable, typedFields } from "./table-test.ts";

/** Seconds that a query of a checklist may take. */
const longestQuery = 60;

export interface CheckRun extends KeyTest {
  readonly rows: number;
  readonly distributions: Record<string, Distribution>;
}

/** Makes the checks that a checklist asks for. One that cannot be made is a `check-error`, and the others are made. */
export async function runChecks(run: CheckRun): Promise<void> {
  const { checks = [], table, findings, signal } = run.test;
  const views = createViews(run);
  for (const check of checks) {
    const { definition, config, resource } = check;
    if (resource !== undefined && resource !== table.resource.name) continue;
    if (!findings.isWanted(definition.name)) continue;
    try {
      await definition.find(config, checkedTable(check, { run, views }));
    } catch (thrown) {
      const error = toAirCanError(thrown);
      if (signal.aborted || error.kind === "bug" || error.code === "storage-error") throw thrown;
      const message = `The check "${definition.name}" cannot be made: ${error.message}`;
      findings.add("check-error", () => reportError("check-error", message, { note: error.hint }));
    }
  }
}

interface Views {
  readonly relation: Relation;
  readonly whole: () => Promise<string>;
}

/** The table with all its fields, made once and only if a check asks for it. */
function createViews({ typed, inquiry, firstRow }: CheckRun): Views {
  const names = typed.fields.map(({ name }) => name);
  const relation = typedFields(typed, names);
  let view: Promise<string> | undefined;
  return {
    relation,
    whole: () => {
      view ??= inquiry.table(relation, { firstRow });
      return view;
    },
  };
}

interface Setting {
  readonly run: CheckRun;
  readonly views: Views;
}

function checkedTable({ definition }: CheckRequest, { run, views }: Setting): CheckedTable {
  const { typed, inquiry, firstRow, test, rows } = run;
  const schema = { fields: typed.fields };
  const type = definition.name;
  return {
    fields: typed.fields.filter(({ name }) => !name.startsWith("aircan:")),
    rows,
    lastModified: lastModifiedOf(test),
    before: test.before,
    now: test.now ?? Date.now,
    field: (name) => {
      requireFields(schema, [name], { ...at, processor: type });
      return fieldNamed(typed, name);
    },
    sqlName: views.whole,
    rowsAgainst: (expression) => {
      const isBroken = call("not", call("coalesce", expression, literal(false)));
      return inquiry.table(filter(views.relation, isBroken, { ...at, processor: type }), { firstRow });
    },
    ask: inquiry.ask,
    askAlone: async (sql, limit) =>
      test.engine.askAlone(
        { tables: await tablesFor(sql, run, views), sql, limit, seconds: longestQuery },
        { signal: test.signal, temporaryFolder: test.temporaryFolder },
      ),
    reportRows: (sql, tell) => reportRows(sql, { tell, definition, run }),
    remember: (fieldName, distribution) => {
      run.distributions[fieldName] = distribution;
    },
    report: (message, details = {}) => test.findings.add(type, () => errorOf(definition, message, details)),
  };
}

function fieldNamed({ fields }: TypedTable, name: string) {
  const found = fields.find((field) => field.name === name);
  if (found === undefined) throw new AirCanError("bug", `The field "${name}" was there a moment ago.`);
  return found;
}

function errorOf(
  { name, severity }: CheckDefinition,
  message: string,
  details: Partial<ReportError>,
): ReportError {
  return reportError(name, message, { ...(severity ? { severity } : {}), ...details });
}

/** What the source's server said, else what the file system says of a local file. */
function lastModifiedOf({ table, changed = null }: TableTest): Date | null {
  const source = table.resource.aircan?.source;
  const told = isJsonObject(source) ? source.lastModified : undefined;
  const date = typeof told === "string" ? new Date(told) : changed;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

interface Telling {
  readonly tell: TellRow;
  readonly definition: CheckDefinition;
  readonly run: CheckRun;
}

function reportRows(sql: string, { tell, definition, run }: Telling): Promise<void> {
  const find = (answer: Answer): RowFinding => {
    const { message, field, ...details } = tell(answer);
    const place = run.typed.fields.findIndex(({ name }) => name === field);
    const cell = field === undefined ? undefined : { name: field, place };
    const row = Number(answer.row);
    return {
      row,
      make: (record) => errorOf(definition, message, { ...rowDetails(row, record, cell), ...details }),
    };
  };
  return noteRows({ sql, type: definition.name, find }, run.inquiry.ask, run.test.findings);
}

/** The tables that a query may read: this one as `data` and by its name, and those of the package that it names. */
async function tablesFor(sql: string, { test }: CheckRun, { relation }: Views) {
  const { related, table } = test;
  const tables: Record<string, Relation> = { data: relation, [table.resource.name]: relation };
  for (const name of related?.names ?? []) {
    if (name in tables || !sql.toLowerCase().includes(name.toLowerCase())) continue;
    const typed = await openRelated(test, { resource: name });
    tables[name] = typedFields(typed, typed.table.columns);
  }
  return tables;
}
