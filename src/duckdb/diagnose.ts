import type { DuckDBValue } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import { GuessWidened, type SettledField } from "../plan/engine.ts";
import type { CastRelation, ErrorPolicy, Relation, RowError } from "../plan/relation.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { fieldTypes } from "../reading/types/registry.ts";
import { badCell, candidateTypes, canFail, cellOf, missingOf, validity } from "./cast.ts";
import { castCell, isMissing, type SqlType } from "./cell.ts";
import { type Compiled, compile } from "./compile.ts";
import { createFindings, dataError, findingStruct, readFindings } from "./findings.ts";
import { inferFields } from "./infer.ts";
import { partTextSql } from "./part-text.ts";
import { isText, place } from "./scan.ts";
import { createTable, query, type Session } from "./session.ts";
import { spoolFile } from "./spool.ts";
import { identifier, text } from "./sql.ts";
import type { RunState } from "./state.ts";

/** The text file that a relation reads, through relations with one input. */
export function scannedText(relation: Relation): LocalTable | undefined {
  if (relation.kind === "scan") return isText(relation.table) ? relation.table : undefined;
  return "input" in relation ? scannedText(relation.input) : undefined;
}

/**
 * Finds out exactly what the cells of a cast are: the SQL type that holds each field's good cells without
 * loss, and the bad cells with their places. From then on the cast compiles to what its policy says.
 *
 * @throws GuessWidened if cells speak against a guessed type.
 * @throws AirCanError `data-error` under the policy `fail`.
 */
export async function diagnoseCast(state: RunState, relation: CastRelation): Promise<void> {
  if (state.casts.has(relation)) return;
  const table = scannedText(relation.input);
  if (table && !state.sound.has(table.path)) await spoolFile(state, table);
  const input = compile(relation.input, state, { placed: true });
  const survey = await surveyFields(state.session, relation, input);
  await refuseGuesses(state.session, { relation, input, survey });
  const broken = relation.input.kind === "scan" && table ? state.brokenRecords.get(table.path) : undefined;
  const bad = new Set(survey.filter(({ bad }) => bad > 0).map(({ field }) => field.name));
  const tables = broken && broken.count > 0 ? [broken.table] : [];
  if (bad.size > 0) tables.push(await listBadCells(state.session, { relation, input, bad }));
  if (tables.length > 0 && relation.onError === "fail")
    throw await dataError(state.session, relation, { tables, rows: await countRows(state.session, input) });
  state.findings.set(relation, tables);
  const dropped = await askCallback(state.session, relation.onError, tables);
  state.casts.set(relation, {
    types: new Map(survey.map(({ field, type }) => [field.name, type])),
    bad,
    treatment: treatmentOf(relation.onError),
    droppedRows: dropped,
  });
}

export function treatmentOf(policy: ErrorPolicy): "drop" | "clear" | "keep" {
  if (policy === "clear") return "clear";
  return policy === "keep" || typeof policy === "function" ? "keep" : "drop";
}

interface FieldSurvey {
  readonly field: Field;
  readonly type: SqlType;
  readonly bad: number;
}

/** In one scan: how many cells of each field are bad, and which SQL types hold the good ones. */
async function surveyFields(
  session: Session,
  relation: CastRelation,
  input: Compiled,
): Promise<FieldSurvey[]> {
  const questions = relation.fields.map((field) => questionsOf(relation, field, input));
  const all = questions.flat();
  const [answers = []] =
    all.length === 0 ? [] : await query(session, `SELECT ${all.join(", ")} FROM (${input.sql})`);
  let at = 0;
  return relation.fields.map((field, i) => {
    const count = questions[i]?.length ?? 0;
    at += count;
    return surveyOf(field, answers.slice(at - count, at));
  });
}

/** The bad cells; the good ones that each candidate type does not hold; digits before and after the point. */
function questionsOf(relation: CastRelation, field: Field, input: Compiled): string[] {
  const column = input.columns.find((each) => each.field.name === field.name);
  if (!column) return [];
  const bad = badCell(relation, field, input.columns);
  if (bad === "false") return [];
  const cell = cellOf(relation, field, column);
  const missing = isMissing(cell, missingOf(relation, field));
  const good = `${cell} IS NOT NULL AND NOT (${missing}) AND coalesce(${validity(cell, field)}, false)`;
  const held = candidateTypes(field)
    .filter((type) => type !== "VARCHAR" && type !== "DECIMAL")
    .map((type) => {
      const { fits, attempt } = castCell(cell, field, type);
      return `count(*) FILTER (${good} AND NOT coalesce((${fits ?? "true"}) AND (${attempt}) IS NOT NULL, false))`;
    });
  const digits =
    field.type !== "number"
      ? []
      : [
          `max(strlen(regexp_extract(${plain(cell, field)}, '^[+-]?0*([0-9]*)', 1))) FILTER (${good})`,
          `max(strlen(regexp_extract(${plain(cell, field)}, '\\.([0-9]*?)0*$', 1))) FILTER (${good})`,
          `count(*) FILTER (${good} AND regexp_matches(${cell}, '[eEnN]'))`,
        ];
  return [`count(*) FILTER (${bad})`, ...held, ...digits];
}

/** The digits of a number as the cast reads them. */
function plain(cell: string, field: Field): string {
  return castCell(cell, field, "VARCHAR").value;
}

function surveyOf(field: Field, answers: readonly DuckDBValue[]): FieldSurvey {
  const candidates = candidateTypes(field);
  const usual = candidates[0] ?? "VARCHAR";
  if (answers.length === 0) return { field, type: usual, bad: 0 };
  const [bad = 0, ...numbers] = answers.map(Number);
  const tested = candidates.filter((type) => type !== "VARCHAR" && type !== "DECIMAL");
  const held = tested.find((_, i) => numbers[i] === 0);
  const [whole = 0, fraction = 0, exponents = 0] = numbers.slice(tested.length);
  const digits = Math.max(1, whole) + fraction;
  const decimal =
    field.type === "number" && exponents === 0 && digits <= 38 ? `DECIMAL(${digits},${fraction})` : undefined;
  return { field, bad, type: held ?? decimal ?? candidates.at(-1) ?? usual };
}

interface Surveyed {
  readonly relation: CastRelation;
  readonly input: Compiled;
  readonly survey: readonly FieldSurvey[];
}

/** A guess against which a cell speaks was wrong: what the whole file shows replaces all guesses. */
async function refuseGuesses(session: Session, { relation, input, survey }: Surveyed): Promise<void> {
  const wrong = survey.some(({ field, bad }) => bad > 0 && relation.guessed.includes(field.name));
  if (!wrong) return;
  const inferred = await inferFields(session, input.sql, {
    names: relation.guessed,
    missingValues: relation.missingValues,
    guesses: relation.fields,
  });
  const found = new Map(inferred.map((each) => [each.field.name, each]));
  const fields: SettledField[] = [];
  for (const { field, bad } of survey) {
    const settled = found.get(field.name);
    if (settled === undefined) continue;
    const against = bad > 0 ? `; ${await firstAgainst(session, { relation, input, field })}` : "";
    const { counts: _, ...choice } = settled;
    fields.push({ ...choice, reason: `${settled.reason}${against}` });
  }
  throw new GuessWidened(relation.guessedAt, relation.resource, fields);
}

/** The first cells that speak against a guess, with their rows. */
async function firstAgainst(
  session: Session,
  { relation, input, field }: { relation: CastRelation; input: Compiled; field: Field },
): Promise<string> {
  const column = input.columns.find((each) => each.field.name === field.name);
  if (!column) return "";
  const rows = await query(
    session,
    `SELECT ${identifier(place.row)}, left(${cellOf(relation, field, column)}, 40) FROM (${input.sql}) WHERE ${badCell(relation, field, input.columns)} ORDER BY 1 LIMIT 3`,
  );
  const cells = rows.map(([row, cell]) => `"${String(cell)}" in row ${String(row)}`);
  return `against ${field.type} speak ${cells.join(", ")}`;
}

interface Listing {
  readonly relation: CastRelation;
  readonly input: Compiled;
  readonly bad: ReadonlySet<string>;
}

async function listBadCells(session: Session, { relation, input, bad }: Listing): Promise<string> {
  const cases = relation.fields
    .filter(({ name }) => bad.has(name))
    .map((field) => {
      const index = input.columns.findIndex((column) => column.field.name === field.name);
      const column = input.columns[index] ?? { field, type: "VARCHAR" };
      const value = cellOf(relation, field, column);
      const expected = fieldTypes[field.type].expected(field);
      const message = `'"' || left(${value}, 100) || '" in the field ' || ${text(`"${field.name}" is not ${expected}.`)}`;
      const struct = findingStruct({
        code: "type-error",
        field: field.name,
        fieldNumber: index + 1,
        value,
        message,
      });
      return `CASE WHEN ${badCell(relation, field, input.columns)} THEN ${struct} END`;
    });
  return insertFindings(session, { resource: relation.resource, source: input.sql, cases });
}

/** Puts what `cases` give for each row of a placed source into a new table of findings. */
export async function insertFindings(
  session: Session,
  {
    resource,
    source,
    cases,
  }: { readonly resource: string; readonly source: string; readonly cases: readonly string[] },
): Promise<string> {
  const findings = await createFindings(session);
  const where = Object.values(place).map(identifier).join(", ");
  const found = `SELECT ${where}, unnest(list_filter([${cases.join(", ")}], lambda each: each IS NOT NULL)) AS f FROM (${source})`;
  const message = `f.message || ${partTextSql(session, resource, identifier(place.row))}`;
  await query(
    session,
    `INSERT INTO ${findings} SELECT f.code, ${text(resource)}, ${where}, f.field, f.number, f.value, ${message} FROM (${found})`,
  );
  return findings;
}

const pageOfFindings = 1_000_000;

/** Asks the callback about each finding; gives a table of the rows that it drops, null where it drops none. */
export async function askCallback(
  session: Session,
  policy: ErrorPolicy,
  tables: readonly string[],
): Promise<string | null> {
  if (typeof policy !== "function" || tables.length === 0) return null;
  const findings = await readFindings(session, tables, pageOfFindings);
  const dropped = [
    ...new Set(findings.filter((finding: RowError) => !policy(finding)).map(({ row }) => row)),
  ];
  if (dropped.length === 0) return null;
  return createTable(session, `SELECT unnest([${dropped.join(", ")}]::BIGINT[]) AS "row"`);
}

/** True if a cell of the cast can be bad or need a wider type. */
export function isDoubtful(relation: CastRelation): boolean {
  return canFail(relation);
}

export async function countRows(session: Session, { sql }: Pick<Compiled, "sql">): Promise<number> {
  const [row] = await query(session, `SELECT count(*) FROM (${sql})`);
  return Number(row?.[0] ?? 0);
}
