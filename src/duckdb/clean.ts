import type { Field } from "../descriptor/types.ts";
import { cast, check } from "../plan/build.ts";
import type { CellQuestion } from "../plan/engine.ts";
import type { CastRelation } from "../plan/relation.ts";
import { cellOf, missingOf, validity } from "./cast.ts";
import { castCell, isMissing, usualType } from "./cell.ts";
import { rowRefused, rowTests } from "./check.ts";
import type { Compiled } from "./compile.ts";
import type { Column } from "./expression.ts";
import { printedAsRead } from "./late-text.ts";
import { allOf, identifier, text } from "./sql.ts";

const good = identifier("aircan:good");

/**
 * A query that fails at the first cell which is not of its type or breaks a rule, and otherwise gives for each
 * key how many rows have it whole, and how many of these differ. Null if a rule can only be tested in JavaScript.
 */
export function cleanSql(question: CellQuestion, input: Compiled): string | null {
  const tested = testedRows(question, input);
  if (tested === null) return null;
  const verdict = `CASE WHEN ${tested.passed} THEN 0 ELSE error('${rowRefused}') END`;
  // in a WHERE the values would be computed again for each test that reads them
  const asked = [...question.keys.flatMap(countsOf), `max(${verdict})`].join(", ");
  return `SELECT ${asked} FROM ${tested.from}`;
}

/**
 * A query that says of each row, in the order of the file, whether its cells are of their types and keep their
 * rules. Null if a rule can only be tested in JavaScript.
 */
export function verdictsSql(question: CellQuestion, input: Compiled): string | null {
  const tested = testedRows({ ...question, keys: [] }, input);
  return tested && `SELECT ${tested.passed} FROM ${tested.from}`;
}

/**
 * Whether a row is good, and the cells and values that tell. A value is made only where a rule or a key needs
 * it; one that does not lie in its usual type counts as bad, as what it is must be looked at.
 */
function testedRows(question: CellQuestion, input: Compiled): { passed: string; from: string } | null {
  const { scan, fields, missingValues, keys } = question;
  const { at, table } = scan;
  const policy = { onError: "fail", resource: table.resource.name } as const;
  const typed = cast(scan, { ...policy, fields, missingValues }, at);
  const schema = { ...question.schema, fields };
  const columns = fields.map((field): Column => ({ field, type: usualType(field) }));
  let isAllSql = true;
  const testFor = () => {
    isAllSql = false;
    return "false";
  };
  const tests = rowTests({ ...check(typed, policy, at), schema }, columns, testFor);
  if (!isAllSql) return null;
  const used = new Set([...tests.map(({ field }) => field.name), ...keys.flat()]);
  const cells = input.columns.map((column, i) => cellTest(typed, column, { used, i }));
  const read = ["*", ...cells.flatMap(({ read }) => (read === null ? [] : [read]))].join(", ");
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const all = [...cells.map(({ ok }) => ok), ...blankTest(typed, cells)];
  const select = [`${allOf(all)} AS ${good}`, ...values].join(", ");
  return {
    passed: allOf([good, ...tests.map(({ ok }) => `coalesce(${ok}, true)`)]),
    from: `(SELECT ${select} FROM (SELECT ${read} FROM (${input.sql})))`,
  };
}

/** Rows of texts that mean no value are none; those of nothing at all the tokenizer sees. */
function blankTest(cast: CastRelation, cells: readonly CellTest[]): string[] {
  const texts = cast.fields.flatMap((field) => missingOf(cast, field));
  return texts.every((text) => text === "") ? [] : [`NOT (${allOf(cells.map(({ missing }) => missing))})`];
}

interface CellTest {
  readonly missing: string;
  readonly ok: string;
  /** The value of any cell, null where there is none, under a name by which `ok` and `value` read it; null: neither does. */
  readonly read: string | null;
  /** The value under its field's name; null if nothing looks at it. */
  readonly value: string | null;
}

interface Testing {
  /** Fields whose values are looked at. */
  readonly used: ReadonlySet<string>;
  readonly i: number;
}

function cellTest(cast: CastRelation, column: Column, { used, i }: Testing): CellTest {
  const field = cast.fields.find(({ name }) => name === column.field.name) ?? column.field;
  const cell = cellOf(cast, field, column);
  const missing = isMissing(cell, missingOf(cast, field));
  const isUsed = used.has(field.name);
  const { attempt } = castCell(cell, field, usualType(field));
  const isRead = isUsed && attempt !== cell;
  const once = isRead ? identifier(`aircan:value ${i}`) : attempt;
  const valid = (isUsed ? usualValue(cell, field) : validity(cell, field)).replaceAll(attempt, once);
  const plain = valid.includes(attempt) && !isUsed ? printedAsRead(field) : null;
  const whens = [missing, ...(plain === null ? [] : [`regexp_full_match(${cell}, ${text(plain)})`]), valid];
  // a CASE tests no further than it must; an AND among the values of a SELECT tests all
  const ok = valid === "true" ? "true" : `CASE ${whens.map(whenTrue).join(" ")} ELSE false END`;
  return {
    missing,
    ok,
    read: isRead ? `${attempt} AS ${once}` : null,
    value: isUsed ? `CASE WHEN ${missing} THEN NULL ELSE ${once} END AS ${identifier(field.name)}` : null,
  };
}

const whenTrue = (condition: string): string => `WHEN ${condition} THEN true`;

/** True for a cell of the field's type whose value lies in the usual type without loss. */
function usualValue(cell: string, field: Field): string {
  const { attempt, fits } = castCell(cell, field, usualType(field));
  const tests = [validity(cell, field), ...(fits === null ? [] : [fits])].filter((test) => test !== "true");
  return allOf(attempt === cell ? tests : [...tests, `${attempt} IS NOT NULL`]);
}

function countsOf(key: readonly string[]): string[] {
  const names = key.map(identifier);
  const whole = allOf(names.map((name) => `${name} IS NOT NULL`));
  const value = names.length === 1 ? names[0] : `row(${names.join(", ")})`;
  return [`count(*) FILTER (${whole})`, `count(DISTINCT ${value}) FILTER (${whole})`];
}
