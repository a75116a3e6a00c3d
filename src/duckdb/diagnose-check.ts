import type { CheckRelation } from "../plan/relation.ts";
import { type RowTest, rowTests, type UniqueKey, uniqueKeys } from "./check.ts";
import { type Compiled, compile } from "./compile.ts";
import { askCallback, countRows, insertFindings, scannedText, treatmentOf } from "./diagnose.ts";
import { createFindings, dataError, findingStruct } from "./findings.ts";
import { place } from "./scan.ts";
import { createTable, query, type Session } from "./session.ts";
import { spoolFile } from "./spool.ts";
import { identifier, text } from "./sql.ts";
import type { RunState } from "./state.ts";
import { textForm } from "./text-form.ts";

/**
 * Lists the rows that break a constraint or a key. From then on the check compiles to what its policy says.
 *
 * @throws AirCanError `data-error` under the policy `fail`.
 */
export async function diagnoseCheck(state: RunState, relation: CheckRelation): Promise<void> {
  if (state.checks.has(relation)) return;
  const table = scannedText(relation.input);
  if (table) await spoolFile(state, table);
  const input = compile(relation.input, state, { placed: true });
  const found = await findBadRows(state, relation, input);
  const tables = found === null ? [] : [found];
  if (found !== null && relation.onError === "fail")
    throw await dataError(state.session, relation, { tables, rows: await countRows(state.session, input) });
  state.findings.set(relation, tables);
  const asked = typeof relation.onError === "function";
  const dropped = asked ? await askCallback(state.session, relation.onError, tables) : found;
  state.checks.set(relation, {
    treatment: asked ? "drop" : treatmentOf(relation.onError),
    badRows: dropped,
  });
}

async function findBadRows(
  { session, testFor }: RunState,
  relation: CheckRelation,
  input: Compiled,
): Promise<string | null> {
  const cases = rowTests(relation, input.columns, testFor).map(caseOf);
  const findings = await insertOrCreate(session, relation, { source: input.sql, cases });
  for (const key of uniqueKeys(relation)) await addRepeated(session, { relation, input, key, findings });
  return (await countRows(session, { sql: `SELECT 1 FROM ${findings}` })) > 0 ? findings : null;
}

async function insertOrCreate(
  session: Session,
  relation: CheckRelation,
  { source, cases }: { readonly source: string; readonly cases: readonly string[] },
): Promise<string> {
  if (cases.length === 0) return createFindings(session);
  return insertFindings(session, { resource: relation.resource, source, cases });
}

function caseOf({ field, fieldNumber, code, ok, rule, value }: RowTest): string {
  const shown = `CASE WHEN ${value} IS NULL THEN 'The empty cell' ELSE '"' || left(${value}, 100) || '"' END`;
  const message = `${shown} || ${text(` in the field "${field.name}" ${rule}.`)}`;
  const struct = findingStruct({ code, field: field.name, fieldNumber, value, message });
  return `CASE WHEN NOT coalesce(${ok}, true) THEN ${struct} END`;
}

interface Repeated {
  readonly relation: CheckRelation;
  readonly input: Compiled;
  readonly key: UniqueKey;
  readonly findings: string;
}

/** Rows whose key stands in an earlier row already. Rows with an empty part of the key repeat none. */
async function addRepeated(session: Session, { relation, input, key, findings }: Repeated): Promise<void> {
  const names = key.fields.map(identifier).join(", ");
  const whole = key.fields.map((name) => `${identifier(name)} IS NOT NULL`).join(" AND ");
  const row = identifier(place.row);
  const places = Object.values(place).map(identifier).join(", ");
  const value = key.fields
    .map((name) => input.columns.find(({ field }) => field.name === name))
    .map((column) => (column ? textForm(identifier(column.field.name), column.field, column.type) : "''"))
    .join(" || ', ' || ");
  const single = key.fields.length === 1 ? key.fields[0] : undefined;
  const number = relation.schema.fields.findIndex(({ name }) => name === single) + 1;
  const repeated = await createTable(
    session,
    `SELECT ${names}, min(${row}) AS first FROM (${input.sql}) WHERE ${whole} GROUP BY ${names} HAVING count(*) > 1`,
  );
  const label = single === undefined ? `fields ${key.fields.join(", ")}` : `field "${single}"`;
  await query(
    session,
    `INSERT INTO ${findings} SELECT ${text(key.code)}, ${text(relation.resource)}, ${places}, ${single === undefined ? "NULL" : text(single)}, ${number === 0 ? "NULL" : number}, ${value}, '"' || left(${value}, 100) || ${text(`" in the ${label} stands in row `)} || first || ' already.' FROM (${input.sql}) JOIN ${repeated} USING (${names}) WHERE ${row} <> first`,
  );
  await query(session, `DROP TABLE ${repeated}`);
}

/** True if rows share a key: what a check cannot see row by row. Only the keys are read. */
export async function repeatsKeys(state: RunState, relation: CheckRelation): Promise<boolean> {
  for (const { fields } of uniqueKeys(relation)) {
    const input = compile(relation.input, state);
    const names = fields.map(identifier).join(", ");
    const whole = fields.map((name) => `${identifier(name)} IS NOT NULL`).join(" AND ");
    const rows = await query(
      state.session,
      `SELECT 1 FROM (${input.sql}) WHERE ${whole} GROUP BY ${names} HAVING count(*) > 1 LIMIT 1`,
    );
    if (rows.length > 0) return true;
  }
  return false;
}
