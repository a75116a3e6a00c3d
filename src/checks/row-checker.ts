import type { ErrorCode } from "../base/catalogue.ts";
import type { Field } from "../descriptor/types.ts";
import type { SourceRecord } from "../reading/records.ts";
import { cellReader, cellTest, fieldTypes } from "../reading/types/registry.ts";
import { type ConstraintTest, constraintTests } from "./constraints.ts";
import { type CustomCheck, type CustomFinding, customError, findingsOf } from "./custom-check.ts";
import type { FindingList } from "./finding-list.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";
import { shownCell as quoted, rowDetails, shortened } from "./row-details.ts";

/** One record whose cells are to be tested. Null cells have no value; sources that are no text have no line. */
export interface TestedRow {
  readonly row: number;
  readonly line: number | null;
  readonly byteOffset: number | null;
  readonly cells: readonly (string | null)[];
  readonly problem: SourceRecord["problem"];
}

export interface RowRules {
  /** Name of the table. */
  readonly table: string;
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
}

type Add = (type: ErrorCode, message: string, details?: Partial<ReportError>) => void;

/** Tests rows; `row` gives true, so that the reading goes on. */
export interface RowChecker {
  readonly row: (row: TestedRow) => true;
  /** Called after the last row. */
  readonly end: () => void;
}

/** Tests one row after the other against types, constraints and one's own checks; what is wrong goes to the list. */
export function createRowChecker(
  rules: RowRules,
  findings: FindingList,
  customChecks: readonly CustomCheck[] = [],
): RowChecker {
  const isCompared = customChecks.length > 0;
  const columns = rules.columns.map((field, i) =>
    field ? columnOf(field, i + 1, { rules, isCompared }) : null,
  );
  const keyPlaces = rules.primaryKey.map((name) =>
    columns.findIndex((column) => column?.field.name === name),
  );
  const own = beginChecks(customChecks, rules, findings);
  const row = (row: TestedRow): true => {
    const add = adding(row, findings);
    const { problem } = row;
    if (problem !== null) {
      const [type, message] = problemTexts[problem];
      add(type, message);
      return true;
    }
    const values = columns.map((column, i) => readCell(row.cells[i], column));
    if (rules.skipsBlankRows && row.cells.every((cell) => cell === null || cell.trim() === "")) return true;
    if (values.every((value) => value === null || value === absent) && row.cells.length <= columns.length)
      add("blank-row", "The row has no value in any cell.");
    else checkCells(row, { columns, values, add });
    if (keyPlaces.length > 0)
      checkKey(
        keyPlaces.map((i) => values[i]),
        add,
      );
    if (isCompared && row.cells.length === columns.length) own.row(row, values);
    return true;
  };
  return { row, end: own.end };
}

interface OwnChecks {
  readonly row: (row: TestedRow, values: readonly unknown[]) => void;
  readonly end: () => void;
}

function beginChecks(checks: readonly CustomCheck[], rules: RowRules, findings: FindingList): OwnChecks {
  const fields = rules.columns.flatMap((field) => (field ? [{ name: field.name, type: field.type }] : []));
  const begun = checks.map((check) => ({ check, running: check.begin({ name: rules.table, fields }) }));
  const names = rules.columns.map((field) => field?.name);
  return {
    row: (row, values) => {
      const known = names.flatMap((name, i) =>
        name === undefined ? [] : [[name, values[i] === unreadable ? null : values[i]] as const],
      );
      const seen = { rowNumber: row.row, values: Object.fromEntries(known) };
      for (const { check, running } of begun)
        for (const finding of findingsOf(running.row?.(seen)))
          findings.add(check.name, () => ownError(check, { finding, row, names }));
    },
    end: () => {
      for (const { check, running } of begun)
        for (const finding of findingsOf(running.end?.()))
          findings.add(check.name, () => customError(check, "table", finding));
    },
  };
}

interface OwnFinding {
  readonly finding: CustomFinding;
  readonly row: TestedRow;
  readonly names: readonly (string | undefined)[];
}

function ownError(check: CustomCheck, { finding, row, names }: OwnFinding): ReportError {
  const place = finding.field === undefined ? -1 : names.indexOf(finding.field);
  const cell = place < 0 ? undefined : { name: finding.field ?? "", place };
  return { ...customError(check, cell ? "cell" : "row", finding), ...rowDetails(row.row, row, cell) };
}

interface ColumnRules {
  readonly rules: RowRules;
  /** True if the values of all fields are looked at, and not only those that a constraint compares. */
  readonly isCompared: boolean;
}

function columnOf(field: Field, number: number, { rules, isCompared }: ColumnRules): Column {
  const { constraints } = field;
  const tests = constraintTests(field);
  return {
    field,
    number,
    read: readerOf(field, isCompared || tests.some(({ needsValue }) => needsValue)),
    expected: fieldTypes[field.type].expected(field),
    isMissing: missingTest(field.missingValues ?? rules.missingValues),
    isRequired: constraints?.required === true,
    tests,
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

function adding(row: TestedRow, findings: FindingList): Add {
  return (type, message, details = {}) =>
    findings.add(type, () => reportError(type, message, { ...rowDetails(row.row, row), ...details }));
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
      cell: shortened(cell ?? ""),
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
  const at = { cell: shortened(cell), fieldName: field.name, fieldNumber: number };
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
  } else checkConstraints(cell, { column, value, add });
}

function checkConstraints(cell: string, { column, value, add }: CellReading): void {
  const { field, number, tests } = column;
  const told: Readonly<Record<string, unknown>> = { ...field.constraints };
  for (const { constraint, expected, passes, type = "constraint-error" } of tests) {
    if (passes(value, cell)) continue;
    const at = { cell: shortened(cell), fieldName: field.name, fieldNumber: number };
    const note = `constraint "${constraint}" is "${String(told[constraint])}"`;
    const message = `${quoted(cell)} in the field "${field.name}" must be ${expected}.`;
    add(type, message, { ...at, note, constraint, expected });
  }
}

/** A key is never empty. What cannot be read was told of already. */
function checkKey(values: readonly unknown[], add: Add): void {
  if (values.includes(unreadable)) return;
  if (values.some((value) => value === null || value === absent || value === undefined))
    add("primary-key", "A part of the row's primary key is empty.");
}
