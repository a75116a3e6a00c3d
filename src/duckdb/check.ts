import { categoriesOf } from "../descriptor/categories.ts";
import type { Constraints, Field } from "../descriptor/types.ts";
import type { CheckRelation } from "../plan/relation.ts";
import { castCell } from "./cell.ts";
import type { Column } from "./expression.ts";
import { place } from "./scan.ts";
import { allOf, identifier, isOneOf, text } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** What the data of a check turned out to be. */
export interface CheckDecision {
  readonly treatment: "drop" | "clear" | "keep";
  /** A table of findings with `row`, `field`, `code`; null: nothing was found. */
  readonly badRows: string | null;
}

export const rowRefused = "aircan:row";

/** One test of each row: `ok` is true, or null where there is nothing to test. */
export interface RowTest {
  readonly field: Field;
  readonly fieldNumber: number;
  readonly code: "constraint-error" | "category-error" | "primary-key";
  readonly ok: string;
  readonly expected: string;
  /** The cell as text, for the finding. */
  readonly value: string;
}

/** The tests that look at one row only. */
export function rowTests(relation: CheckRelation, columns: readonly Column[]): RowTest[] {
  const key = relation.schema.primaryKey ?? [];
  return relation.schema.fields.flatMap((field, i) => {
    const column = columns[i];
    if (!column) return [];
    const value = textForm(identifier(column.field.name), column.field, column.type);
    const base = { field, fieldNumber: i + 1, value };
    const tests = constraintTests({
      ...column,
      field: { ...column.field, ...field, type: column.field.type },
    });
    const keyed: RowTest[] = key.includes(field.name)
      ? [
          {
            ...base,
            code: "primary-key",
            ok: `${identifier(field.name)} IS NOT NULL`,
            expected: "a key is never empty",
          },
        ]
      : [];
    const categories = categoryTest(column);
    const known: RowTest[] = categories ? [{ ...base, code: "category-error", ...categories }] : [];
    return [
      ...keyed,
      ...known,
      ...tests.map((test): RowTest => ({ ...base, code: "constraint-error", ...test })),
    ];
  });
}

interface Test {
  readonly ok: string;
  readonly expected: string;
}

function constraintTests(column: Column): Test[] {
  const constraints = column.field.constraints ?? {};
  return Object.keys(constraints).flatMap((name) => {
    const build = builders[name as keyof Constraints]; // undefined for what is no constraint
    const told = constraints[name as keyof Constraints];
    const test = build && told !== undefined ? build(column, told as never) : null; // each builder knows the type of its constraint
    return test === null ? [] : [test];
  });
}

function categoryTest(column: Column): Test | undefined {
  const values = categoriesOf(column.field)?.map(({ value }) => value);
  if (values === undefined) return undefined;
  return { ok: isAllowed(column, values), expected: `the value must be one of ${values.join(", ")}` };
}

type Builder = (column: Column, told: never) => Test | null;

const builders: Partial<Record<keyof Constraints, Builder>> = {
  required: ({ field }, told: boolean) =>
    told ? { ok: `${identifier(field.name)} IS NOT NULL`, expected: "a value is required" } : null,
  minLength: (column, told: number) => ({
    ok: `${lengthOf(column)} >= ${Number(told)}`,
    expected: `the length must be at least ${told}`,
  }),
  maxLength: (column, told: number) => ({
    ok: `${lengthOf(column)} <= ${Number(told)}`,
    expected: `the length must be at most ${told}`,
  }),
  minimum: (column, told: string | number) => bound(column, { operator: ">=", told, words: "at least" }),
  maximum: (column, told: string | number) => bound(column, { operator: "<=", told, words: "at most" }),
  exclusiveMinimum: (column, told: string | number) =>
    bound(column, { operator: ">", told, words: "more than" }),
  exclusiveMaximum: (column, told: string | number) =>
    bound(column, { operator: "<", told, words: "less than" }),
  pattern: (column, told: string) => ({
    ok: `regexp_full_match(${asText(column)}, ${text(told)})`,
    expected: `the text must match ${told}`,
  }),
  enum: (column, told: readonly unknown[]) => ({
    ok: isAllowed(column, told),
    expected: `the value must be one of ${told.map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each))).join(", ")}`,
  }),
};

function asText({ field, type }: Column): string {
  return textForm(identifier(field.name), field, type);
}

function lengthOf(column: Column): string {
  const name = identifier(column.field.name);
  if (column.field.type === "array") return `json_array_length(${name})`;
  if (column.field.type === "object") return `len(json_keys(${name}))`;
  return column.type.endsWith("[]") ? `len(${name})` : `length(${asText(column)})`;
}

function bound(
  column: Column,
  { operator, told, words }: { operator: string; told: string | number; words: string },
): Test {
  const digits = column.type === "VARCHAR" && ["integer", "number"].includes(column.field.type);
  const name = digits ? `CAST(${identifier(column.field.name)} AS DOUBLE)` : identifier(column.field.name);
  const constant = digits ? `CAST(${text(String(told))} AS DOUBLE)` : constantOf(column, told);
  return { ok: `${name} ${operator} ${constant}`, expected: `the value must be ${words} ${told}` };
}

/** A constraint's value as a value of the column. Whole numbers may be bounded by others. */
function constantOf({ field, type }: Column, told: unknown): string {
  const number = field.type === "integer" || field.type === "number" || field.type === "year";
  if (number)
    return `CAST(${text(String(told))} AS ${type === "DOUBLE" || !Number.isInteger(Number(told)) ? "DOUBLE" : type})`;
  return castCell(text(typeof told === "string" ? told : JSON.stringify(told)), field, type).value;
}

function isAllowed(column: Column, told: readonly unknown[]): string {
  const exact = ["string", "any", "yearmonth"].includes(column.field.type) || column.type === "JSON";
  if (exact)
    return isOneOf(
      asText(column),
      told.map((each) => text(typeof each === "string" ? each : JSON.stringify(each))),
    );
  return isOneOf(
    identifier(column.field.name),
    told.map((each) => constantOf(column, each)),
  );
}

/** A set of fields whose values together may stand once only. */
export interface UniqueKey {
  readonly fields: readonly string[];
  readonly code: "unique-error" | "primary-key" | "unique-key";
}

export function uniqueKeys({ schema }: CheckRelation): UniqueKey[] {
  const single = schema.fields
    .filter(({ constraints }) => constraints?.unique === true)
    .map(({ name }): UniqueKey => ({ fields: [name], code: "unique-error" }));
  const key = schema.primaryKey ?? [];
  const names = new Set(schema.fields.map(({ name }) => name)); // a step may have left some out
  const more = (Array.isArray(schema.uniqueKeys) ? schema.uniqueKeys : []).filter(
    (each): each is string[] =>
      Array.isArray(each) && each.length > 0 && each.every((name) => names.has(name)),
  );
  return [
    ...single,
    ...(key.length === 0 ? [] : [{ fields: key, code: "primary-key" } as const]),
    ...more.map((fields): UniqueKey => ({ fields, code: "unique-key" })),
  ];
}

/** True if a field says more of its values than their type. */
function isTested(field: Field | undefined): boolean {
  if (field === undefined) return false;
  return Object.keys(field.constraints ?? {}).length > 0 || categoriesOf(field) !== undefined;
}

/** True if a check has nothing to test. */
export function isIdle(relation: CheckRelation): boolean {
  return !relation.schema.fields.some(isTested) && uniqueKeys(relation).length === 0;
}

/** The rows that pass a check; before its data is known, a bad row ends the run. */
export function checkFilter(
  relation: CheckRelation,
  columns: readonly Column[],
  decision: CheckDecision | undefined,
): string | null {
  if (decision === undefined) {
    const tests = rowTests(relation, columns);
    if (tests.length === 0) return null;
    const passed = tests.map(({ ok }) => `coalesce(${ok}, true)`);
    return `CASE WHEN ${allOf(passed)} THEN true ELSE error('${rowRefused}') END`;
  }
  if (decision.badRows === null || decision.treatment === "keep") return null;
  const which = decision.treatment === "clear" ? ` WHERE code = 'primary-key'` : "";
  return `${identifier(place.row)} NOT IN (SELECT "row" FROM ${decision.badRows}${which})`;
}

/** The columns of a check; `clear` makes bad cells null. */
export function checkedColumns(
  relation: CheckRelation,
  columns: readonly Column[],
  decision: CheckDecision | undefined,
): string[] {
  const clearing = decision?.treatment === "clear" ? decision.badRows : null;
  const checked = relation.schema.fields;
  return columns.map(({ field }, i) => {
    const name = identifier(field.name);
    if (clearing === null || !isTested(checked[i])) return name;
    const rows = `SELECT "row" FROM ${clearing} WHERE field = ${text(field.name)}`;
    return `CASE WHEN ${identifier(place.row)} IN (${rows}) THEN NULL ELSE ${name} END`;
  });
}
