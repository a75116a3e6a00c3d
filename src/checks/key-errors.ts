import { AirCanError, toAirCanError } from "../base/errors.ts";
import type { Schema } from "../descriptor/types.ts";
import type { Answer, Inquiry } from "../plan/engine.ts";
import type { RowFinding } from "./finding-list.ts";
import { type ForeignKey, missingRows } from "./foreign-keys.ts";
import { repeatedRows } from "./repeated-rows.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";
import { rowDetails, shownCell } from "./row-details.ts";
import { noteRows } from "./rows-of-query.ts";
import { openRelated, type TableTest, type TypedTable, typedFields } from "./table-test.ts";

export interface KeyTest {
  readonly test: TableTest;
  readonly typed: TypedTable;
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Number of the first row; undefined if the file must be read to know the rows' numbers. */
  readonly firstRow: number | undefined;
  readonly inquiry: Inquiry;
}

export interface Key {
  readonly fields: readonly string[];
  readonly type: "unique-error" | "primary-key" | "unique-key";
}

/** The sets of fields whose values together may stand once only. */
export function keysOf({ fields, primaryKey = [], uniqueKeys }: Schema): Key[] {
  const single = fields
    .filter(({ constraints }) => constraints?.unique === true)
    .map(({ name }): Key => ({ fields: [name], type: "unique-error" }));
  const more = (Array.isArray(uniqueKeys) ? uniqueKeys : []).filter(
    (key): key is string[] => Array.isArray(key) && key.length > 0,
  );
  return [
    ...single,
    ...(primaryKey.length > 0 ? [{ fields: primaryKey, type: "primary-key" } as const] : []),
    ...more.map((names): Key => ({ fields: names, type: "unique-key" })),
  ];
}

/** Finds the rows that repeat a key, or refer to a row that is not there. The engine remembers the keys, on disk if need be. */
export async function findKeyErrors(key: KeyTest): Promise<void> {
  const names = new Set(key.typed.fields.map(({ name }) => name));
  for (const each of key.keys)
    if (key.test.findings.isWanted(each.type) && each.fields.every((name) => names.has(name)))
      await findRepeated(key, each);
  if (!key.test.findings.isWanted("foreign-key")) return;
  for (const foreign of key.foreignKeys) {
    if (!foreign.fields.every((name) => names.has(name))) continue;
    try {
      await findMissing(key, foreign);
    } catch (thrown) {
      const error = toAirCanError(thrown);
      if (key.test.signal.aborted || error.kind === "bug") throw thrown;
      key.test.findings.add("check-error", () => unmade(error, foreign.fields));
    }
  }
}

function unmade(error: AirCanError, fields: readonly string[]): ReportError {
  const message = `The foreign key of ${fields.join(", ")} cannot be tested: ${error.message}`;
  return reportError("check-error", message, { note: error.hint });
}

async function findRepeated(key: KeyTest, { fields, type }: Key): Promise<void> {
  const { test, typed, inquiry, firstRow } = key;
  const table = await inquiry.table(typedFields(typed, fields), { firstRow });
  const sql = await repeatedRows({ table, fields, nulls: "left out", ask: inquiry.ask });
  if (sql === null) return;
  const places = fields.map((name) => typed.fields.findIndex((field) => field.name === name));
  const find = ({ row, before }: Answer): RowFinding => ({
    row: Number(row),
    make: (record) => {
      const cells = places.map((i) => record?.cells[i] ?? "");
      const single = type === "unique-error" ? { name: fields[0] ?? "", place: places[0] ?? 0 } : undefined;
      const what = {
        "unique-error": `in the field "${fields[0]}"`,
        "primary-key": "as primary key",
        "unique-key": `of the fields ${fields.join(", ")}`,
      };
      const message = `${shownCell(cells.join(", "))} ${what[type]} stands in row ${before} already.`;
      const note = `the same as in the row at position ${before}`;
      const ofKey = single ? {} : { fieldNames: [...fields], fieldNumbers: places.map((i) => i + 1) };
      return reportError(type, message, { ...rowDetails(Number(row), record, single), ...ofKey, note });
    },
  });
  await noteRows({ sql, type, find }, inquiry.ask, test.findings);
}

async function findMissing(key: KeyTest, foreign: ForeignKey): Promise<void> {
  const { test, typed, inquiry, firstRow } = key;
  const { fields, reference } = foreign;
  const isOwn = reference.resource === "" && reference.package === undefined;
  const isCut = test.limitRows !== undefined;
  const own = isCut ? { ...typed, table: test.whole ?? typed.table, limitRows: undefined } : typed;
  const other = isOwn ? own : await relatedFields(test, foreign);
  const table = await inquiry.table(typedFields(typed, fields), { firstRow });
  const there = await inquiry.table(typedFields(other, reference.fields), {
    firstRow: isOwn && !isCut ? firstRow : null,
  });
  const sql = missingRows({
    table,
    fields: fieldsNamed(typed, fields),
    there,
    thereFields: fieldsNamed(other, reference.fields),
  });
  const places = fields.map((name) => typed.fields.findIndex((field) => field.name === name));
  const target = isOwn ? "this table" : `"${reference.resource}"`;
  const find = ({ row }: Answer): RowFinding => ({
    row: Number(row),
    make: (record) => {
      const cells = places.map((i) => record?.cells[i] ?? "");
      const single = fields.length === 1 ? { fieldName: fields[0] ?? "", cell: cells[0] ?? "" } : {};
      const message = `${shownCell(cells.join(", "))} in ${fields.join(", ")} refers to a row of ${target} that is not there.`;
      return reportError("foreign-key", message, {
        ...rowDetails(Number(row), record),
        ...single,
        note: `for "${fields.join(", ")}": values "${cells.join(", ")}" not found in the lookup table "${reference.resource}" as "${reference.fields.join(", ")}"`,
        fieldNames: [...fields],
        fieldNumbers: places.map((i) => i + 1),
        fieldCells: cells,
        referenceName: reference.resource,
        referenceFieldNames: [...reference.fields],
      });
    },
  });
  await noteRows({ sql, type: "foreign-key", find }, inquiry.ask, test.findings);
}

const fieldsNamed = ({ fields }: TypedTable, names: readonly string[]) =>
  names.flatMap((name) => fields.filter((field) => field.name === name));

async function relatedFields(test: TableTest, { reference }: ForeignKey): Promise<TypedTable> {
  const typed = await openRelated(test, reference);
  const { columns } = typed.table;
  const unknown = reference.fields.find((name) => !columns.includes(name));
  if (unknown === undefined) return typed;
  throw new AirCanError(
    "unknown-field",
    `"${reference.resource}" has no field "${unknown}"; its fields are ${columns.join(", ")}.`,
  );
}
