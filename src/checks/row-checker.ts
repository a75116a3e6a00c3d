import type { ErrorCode } from "../base/catalogue.ts";
import type { Field } from "../descriptor/types.ts";
import type { SourceRecord } from "../reading/records.ts";
import { cellReader, cellTest, fieldTypes } from "../reading/types/registry.ts";
import { type ConstraintTest, constraintTests, keyOf } from "./constraints.ts";
import type { FindingList } from "./finding-list.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";
import { createSeenKeys, type SeenKeys } from "./seen-keys.ts";

/** One record whose cells are to be tested. Null cells have no value; sources that are no text have no line. */
export interface TestedRow {
  readonly row: number;
  readonly line: number | null;
  readonly byteOffset: number | null;
  readonly cells: readonly (string | null)[];
  readonly problem: SourceRecord["problem"];
}

export interface RowRules {
  /** A field for each column of the file; null where the schema does not speak of it. */
  readonly columns: readonly (Field | null)[];
  readonly missingValues: readonly string[];
  readonly primaryKey: readonly string[];
  /** True: rows without a value are no errors. */
  readonly skipsBlankRows: boolean;
}

interface Column {
  readonly field: Field;
  /** Of its field, from 1. */
  readonly number: number;
  readonly read: (text: string) => unknown;
  readonly expected: string;
  readonly isMissing: (cell: string) => boolean;
  readonly isRequired: boolean;
  readonly tests: readonly ConstraintTest[];
  /** Rows in which each value of a unique field stood last. */
  readonly seen: SeenKeys | null;
}

type Add = (type: ErrorCode, message: string, details?: Partial<ReportError>) => void;

/** Tests one row after the other against types, constraints and keys; what is wrong goes to the list. */
export function createRowChecker(rules: RowRules, findings: FindingList): (row: TestedRow) => void {
  const columns = rules.columns.map((field, i) => (field ? columnOf(field, i + 1, rules) : null));
  const keyPlaces = rules.primaryKey.map((name) =>
    columns.findIndex((column) => column?.field.name === name),
  );
  const keys = createSeenKeys();
  return (row) => {
    const add = adding(row, findings);
    const { problem } = row;
    if (problem !== null) {
      const [type, message] = problemTexts[problem];
      add(type, message);
      return;
    }
    const values = columns.map((column, i) => readCell(row.cells[i], column));
    if (rules.skipsBlankRows && row.cells.every((cell) => cell === null || cell.trim() === "")) return;
    if (values.every((value) => value === null || value === absent) && row.cells.length <= columns.length)
      add("blank-row", "The row has no value in any cell.");
    else checkCells(row, { columns, values, add });
    if (keyPlaces.length > 0) checkKey(row, { values: keyPlaces.map((i) => values[i]), keys, add });
  };
}

function columnOf(field: Field, number: number, { missingValues, primaryKey }: RowRules): Column {
  const { constraints } = field;
  const tests = constraintTests(field);
  return {
    field,
    number,
    read: readerOf(
      field,
      tests.length > 0 || constraints?.unique === true || primaryKey.includes(field.name),
    ),
    expected: fieldTypes[field.type].expected(field),
    isMissing: missingTest(field.missingValues ?? missingValues),
    isRequired: constraints?.required === true,
    tests,
    seen: constraints?.unique === true ? createSeenKeys() : null,
  };
}

/** A reader of values; where nothing compares them, the text stands for a good one. */
function readerOf(field: Field, isCompared: boolean): (text: string) => unknown {
  if (isCompared) return cellReader(field);
  const test = cellTest(field);
  return (text) => (test(text) ? text : undefined);
}

function missingTest(texts: readonly string[]): (cell: string) => boolean {
  if (texts.length === 1) return (cell) => cell === texts[0];
  const all = new Set(texts);
  return (cell) => all.has(cell);
}

function adding({ row, line, byteOffset, cells }: TestedRow, findings: FindingList): Add {
  return (type, message, details = {}) =>
    findings.add(type, () =>
      reportError(type, message, {
        rowNumber: row,
        ...(line === null ? {} : { line }),
        ...(byteOffset === null ? {} : { byteOffset }),
        cells: cells.map((cell) => shortened(cell ?? "", longestCell)),
        ...details,
      }),
    );
}

const problemTexts = {
  "unclosed-quote": ["unclosed-quote", "A quoted cell that begins in this row is never closed."],
  "stray-quote": ["stray-quote", "Text stands after a closing quote."],
  "inner-quote": ["stray-quote", "A quote stands inside of a cell that is not quoted."],
  "oversized-row": ["oversized-row", "The row has more than 33 MB."],
  "null-byte": ["null-byte", "The row holds a NUL byte."],
  "encoding-error": ["encoding-error", "The row has bytes that are not of the file's encoding."],
} as const satisfies Record<NonNullable<SourceRecord["problem"]>, readonly [ErrorCode, string]>;

/** The record ends before this cell. */
const absent = Symbol("absent");
/** The cell has a text that is not of its field's type. */
const unreadable = Symbol("unreadable");

function readCell(cell: string | null | undefined, column: Column | null): unknown {
  if (cell === undefined) return absent;
  if (column === null) return cell === "" ? null : cell;
  if (cell === null || column.isMissing(cell)) return null;
  const value = column.read(cell);
  return value === undefined ? unreadable : value;
}

interface Reading {
  readonly columns: readonly (Column | null)[];
  readonly values: readonly unknown[];
  readonly add: Add;
}

function checkCells(row: TestedRow, { columns, values, add }: Reading): void {
  for (const [i, column] of columns.entries()) if (column) checkCell(row, { column, value: values[i], add });
  for (const [i, cell] of row.cells.slice(columns.length).entries()) {
    const number = columns.length + i + 1;
    const message = `Cell ${number}, ${quoted(cell)}, is one too many: there are ${columns.length} columns.`;
    add("extra-cell", message, {
      cell: shortened(cell ?? "", longestCell),
      fieldName: "",
      fieldNumber: number,
    });
  }
}

interface CellReading {
  readonly column: Column;
  readonly value: unknown;
  readonly add: Add;
}

function checkCell(row: TestedRow, { column, value, add }: CellReading): void {
  const { field, number, expected, isRequired } = column;
  const cell = row.cells[number - 1] ?? "";
  const at = { cell: shortened(cell, longestCell), fieldName: field.name, fieldNumber: number };
  const hasValue = value !== null && value !== absent;
  if (value === absent) add("missing-cell", `The row ends before the field "${field.name}".`, at);
  if (!hasValue && isRequired) {
    const rule = { note: 'constraint "required" is "True"', constraint: "required", expected: "a value" };
    add("constraint-error", `The field "${field.name}" must have a value.`, { ...at, ...rule });
  }
  if (!hasValue) return;
  if (value === unreadable) {
    const note = `type is "${field.type}/${field.format ?? "default"}"`;
    const message = `${quoted(cell)} in the field "${field.name}" is not ${expected}.`;
    add("type-error", message, { ...at, note, expected });
  } else {
    checkConstraints(cell, { column, value, add });
    checkUnique(row, { column, value, add });
  }
}

function checkConstraints(cell: string, { column, value, add }: CellReading): void {
  const { field, number, tests } = column;
  const told: Readonly<Record<string, unknown>> = { ...field.constraints };
  for (const { constraint, expected, passes } of tests) {
    if (passes(value, cell)) continue;
    const at = { cell: shortened(cell, longestCell), fieldName: field.name, fieldNumber: number };
    const note = `constraint "${constraint}" is "${String(told[constraint])}"`;
    const message = `${quoted(cell)} in the field "${field.name}" must be ${expected}.`;
    add("constraint-error", message, { ...at, note, constraint, expected });
  }
}

function checkUnique({ row, cells }: TestedRow, { column, value, add }: CellReading): void {
  const { seen, field, number } = column;
  if (seen === null) return;
  const before = seen.note(keyOf(value), row);
  if (before === undefined) return;
  const cell = cells[number - 1] ?? "";
  const at = { cell: shortened(cell, longestCell), fieldName: field.name, fieldNumber: number };
  const message = `${quoted(cell)} in the field "${field.name}" stands in row ${before} already.`;
  add("unique-error", message, { ...at, note: `the same as in the row at position ${before}` });
}

interface KeyReading {
  readonly values: readonly unknown[];
  readonly keys: SeenKeys;
  readonly add: Add;
}

function checkKey({ row }: TestedRow, { values, keys, add }: KeyReading): void {
  if (values.includes(unreadable)) return;
  if (values.some((value) => value === null || value === absent || value === undefined)) {
    add("primary-key", "A part of the row's primary key is empty.");
    return;
  }
  const before = keys.note(JSON.stringify(values.map(keyOf)), row);
  if (before === undefined) return;
  const shown = values.map(keyOf).join(", ");
  add("primary-key", `The primary key ${quoted(shown)} stands in row ${before} already.`);
}

/** Characters of a cell that a report shows. */
const longestCell = 2000;

const shortened = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A cell in quotes, cut where it is long. */
const quoted = (cell: string | null) => `"${shortened(cell ?? "", 100)}"`;
