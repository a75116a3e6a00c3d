import { digitsOf } from "../descriptor/digits.ts";
import type { Field } from "../descriptor/types.ts";
import type { CastRelation, Relation } from "../plan/relation.ts";
import { falseValues, trueValues } from "../reading/types/boolean.ts";
import { temporalFormat } from "../reading/types/temporal-format.ts";
import { hopefulValue, missingOf } from "./cast.ts";
import { type CellCast, castCell, rawCell, type SqlType, usualType } from "./cell.ts";
import { isIdle } from "./check.ts";
import { type Compiled, compile } from "./compile.ts";
import { isText } from "./scan.ts";
import { allOf, identifier } from "./sql.ts";
import type { RunState } from "./state.ts";
import { postgresForm, textForm } from "./text-form.ts";

type Carried = Omit<CellCast, "attempt">;

/**
 * A relation as texts for a reader that reads cells itself, as PostgreSQL does: where a file's cells are
 * tested and nothing else, each goes on as it stands in the file, so that it is neither made a value here
 * nor printed again. Null for relations that do more.
 */
export function carriedSql(relation: Relation, state: RunState): string | null {
  const cast = castOnFile(relation, state);
  if (cast === null) return null;
  const input = compile(cast.input, state);
  const columns = carriedColumns(cast, input);
  return `SELECT ${columns.join(", ")} FROM (${input.sql})`;
}

/** The cast of a text file that is all a relation does, if nothing is known against its cells yet. */
function castOnFile(relation: Relation, state: RunState): CastRelation | null {
  if (state.tables.has(relation)) return null;
  if (relation.kind === "check" && isIdle(relation)) return castOnFile(relation.input, state);
  if (relation.kind !== "cast" || state.casts.has(relation)) return null;
  const { input } = relation;
  return input.kind === "scan" && isText(input.table) && !state.tables.has(input) ? relation : null;
}

function carriedColumns(cast: CastRelation, { columns }: Compiled): string[] {
  const wanted = new Map(cast.fields.map((field) => [field.name, field]));
  return columns.map(({ field: { name } }) => {
    const field = wanted.get(name);
    if (field === undefined) return identifier(name);
    const missing = missingOf(cast, field);
    const carried = carriedCell(rawCell(name, missing), field);
    return `${hopefulText(carried, name, missing)} AS ${identifier(name)}`;
  });
}

/** An empty cell of a file is null already, so texts need no test where only the empty text is missing. */
function hopefulText(carried: Carried, name: string, missing: readonly string[]): string {
  const onlyEmpty = missing.length === 1 && missing[0] === "";
  const cell = rawCell(name, missing);
  return onlyEmpty && carried.value === cell
    ? hopefulValue(carried, cell, [])
    : hopefulValue(carried, cell, missing);
}

/** The cell itself where PostgreSQL reads it as the same value; else the value's text form. */
function carriedCell(cell: string, field: Field): Carried {
  const type = usualType(field);
  const cast = castCell(cell, field, type);
  const asItIs = (also: string | null = null): Carried => ({
    pattern: cast.pattern,
    fits: both(cast.fits, also),
    value: cell,
  });
  switch (field.type) {
    case "string":
    case "yearmonth":
    case "any":
      return asItIs();
    case "integer":
      if (isPlain(field) && digitsOf(field)) return { pattern: cast.pattern, fits: null, value: cell };
      if (isPlain(field)) return asItIs(`strlen(${cell}) <= 18 OR TRY_CAST(${cell} AS BIGINT) IS NOT NULL`);
      break;
    case "number":
      if (isPlain(field) && digitsOf(field)) return { pattern: cast.pattern, fits: null, value: cell };
      if (isPlain(field)) return { ...asItIs(), value: withoutExponent(cell, cast.value, { field, type }) };
      break;
    case "boolean":
      if (isUsualBoolean(field)) return asItIs();
      break;
    case "date":
    case "datetime":
      if (!temporalFormat(field.format))
        return asItIs(`substr(${cell}, 9, 2) <= '28' OR ${cast.attempt} IS NOT NULL`);
  }
  return { ...cast, value: postgresForm(cast.value, field, type) };
}

function both(first: string | null, second: string | null): string | null {
  const tests = [first, second].filter((test) => test !== null);
  return tests.length === 0 ? null : allOf(tests);
}

/** Digits, sign and point only: nothing that this field writes in its own way. */
function isPlain({ groupChar, decimalChar, bareNumber }: Field): boolean {
  return !groupChar && (decimalChar ?? ".") === "." && bareNumber !== false;
}

/** PostgreSQL refuses exponents that a double rounds to nothing or to infinity. */
function withoutExponent(cell: string, value: string, as: { field: Field; type: SqlType }): string {
  const exponent = `contains(${cell}, 'e') OR contains(${cell}, 'E')`;
  return `CASE WHEN ${exponent} THEN ${textForm(value, as.field, as.type)} ELSE ${cell} END`;
}

const postgresTrue = /^(t|true|y|yes|on|1)$/i;
const postgresFalse = /^(f|false|n|no|off|0)$/i;

function isUsualBoolean(field: Field): boolean {
  return (
    trueValues(field).every((each) => postgresTrue.test(each)) &&
    falseValues(field).every((each) => postgresFalse.test(each))
  );
}
