import { AirCanError } from "../base/errors.ts";
import type { CastRelation, CheckRelation, RowError } from "../plan/relation.ts";
import { usualType } from "./cell.ts";
import { errorFields } from "./compile-source.ts";
import { query, type Session } from "./session.ts";
import { identifier, text } from "./sql.ts";

/** Findings of a failed run that are shown. */
const shownErrors = 10;

/** A new table for findings: the fields of the side resource `errors`. */
export async function createFindings(session: Session): Promise<string> {
  const name = `aircan_${session.nextNumber()}`;
  const columns = errorFields.map((field) => `${identifier(field.name)} ${usualType(field)}`);
  await query(session, `CREATE TABLE ${name} (${columns.join(", ")})`);
  return name;
}

/** The first findings of some tables, in row order. */
export async function readFindings(
  session: Session,
  tables: readonly string[],
  limit: number,
): Promise<RowError[]> {
  if (tables.length === 0 || limit <= 0) return [];
  const all = tables.map((name) => `SELECT * FROM ${name}`).join(" UNION ALL ");
  const rows = await query(
    session,
    `SELECT * FROM (${all}) ORDER BY "row", "fieldNumber" NULLS FIRST LIMIT ${limit}`,
  );
  return rows.map(([code, resource, row, line, byte, field, number, value, message]) => ({
    code: String(code),
    resource: String(resource),
    row: Number(row),
    line: orNull(line, Number),
    byteOffset: orNull(byte, Number),
    field: orNull(field, String),
    fieldNumber: orNull(number, Number),
    value: orNull(value, String),
    message: String(message),
  }));
}

function orNull<Result>(value: unknown, read: (value: unknown) => Result): Result | null {
  return value === null || value === undefined ? null : read(value);
}

/** How many findings of each code there are. */
export async function countFindings(
  session: Session,
  tables: readonly string[],
): Promise<Record<string, number>> {
  if (tables.length === 0) return {};
  const all = tables.map((name) => `SELECT code FROM ${name}`).join(" UNION ALL ");
  const rows = await query(session, `SELECT code, count(*) FROM (${all}) GROUP BY code ORDER BY code`);
  return Object.fromEntries(rows.map(([code, count]) => [String(code), Number(count)]));
}

/** The error of a run under the policy `fail`, with the first findings and how many of each kind there are. */
export async function dataError(
  session: Session,
  relation: CastRelation | CheckRelation,
  found: { readonly tables: readonly string[]; readonly rows: number },
): Promise<AirCanError> {
  const [firstErrors, counts] = await Promise.all([
    readFindings(session, found.tables, shownErrors),
    countFindings(session, found.tables),
  ]);
  const kinds = Object.entries(counts).map(([code, count]) => `${count} ${code}`);
  const first = firstErrors[0];
  return new AirCanError(
    "data-error",
    `The data of "${relation.resource}" is not valid: ${kinds.join(", ")}.${first ? ` First: ${describe(first)}` : ""}`,
    {
      where: { ...relation.at, resource: relation.resource, ...(first ? placeOf(first) : {}) },
      details: { first_errors: firstErrors, counts, rows: found.rows },
    },
  );
}

function describe({ row, line, message }: RowError): string {
  return `row ${row}${line === null || line === row ? "" : ` (line ${line})`}: ${message}`;
}

function placeOf({ row, line, field, value }: RowError): Record<string, string | number> {
  return {
    row,
    ...(line === null ? {} : { line }),
    ...(field === null ? {} : { field }),
    ...(value === null ? {} : { value }),
  };
}

/** One finding as an SQL struct, for a row that has it. */
export function findingStruct(finding: {
  readonly code: string;
  readonly field: string;
  readonly fieldNumber: number;
  readonly value: string;
  readonly message: string;
}): string {
  return `{'code': ${text(finding.code)}, 'field': ${text(finding.field)}, 'number': CAST(${finding.fieldNumber} AS BIGINT), 'value': CAST(${finding.value} AS VARCHAR), 'message': CAST(${finding.message} AS VARCHAR)}`;
}
