import { categoriesOf } from "../descriptor/categories.ts";
import type { Field } from "../descriptor/types.ts";
import type { CheckRelation } from "../plan/relation.ts";
import { constraintTests } from "../reading/constraints.ts";
import type { TestFor } from "./constraint-function.ts";
import { constraintSql } from "./constraint-sql.ts";
import type { Column } from "./expression.ts";
import { place } from "./scan.ts";
import { allOf, identifier, text } from "./sql.ts";
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
  /** Such as `must be at least 10`. */
  readonly rule: string;
  /** The cell as text, for the finding. */
  readonly value: string;
}

/** The tests that look at one row only. `testFor` makes tests of JavaScript callable. */
export function rowTests({ schema }: CheckRelation, columns: readonly Column[], testFor: TestFor): RowTest[] {
  const key = schema.primaryKey ?? [];
  return schema.fields.flatMap((field, i) => {
    const column = columns[i];
    if (!column) return [];
    const name = identifier(column.field.name);
    const base = { field, fieldNumber: i + 1, value: textForm(name, column.field, column.type) };
    const filled = { ...base, ok: `${name} IS NOT NULL`, rule: "must have a value" };
    const told = { ...column.field, ...field };
    return [
      ...(key.includes(field.name)
        ? [{ ...filled, code: "primary-key" as const, rule: "must have a value, as it is of the key" }]
        : []),
      ...(field.constraints?.required === true ? [{ ...filled, code: "constraint-error" as const }] : []),
      ...constraintTests(told).map((test): RowTest => {
        const ok =
          constraintSql(column, test, told) ?? testFor({ told, column, constraint: test.constraint });
        return { ...base, ok, rule: `must be ${test.expected}`, code: test.type ?? "constraint-error" };
      }),
    ];
  });
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
  { decision, testFor }: { readonly decision: CheckDecision | undefined; readonly testFor: TestFor },
): string | null {
  if (decision === undefined) {
    const tests = rowTests(relation, columns, testFor);
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
