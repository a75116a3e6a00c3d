import type { ErrorCode } from "../base/catalogue.ts";
import type { Field } from "../descriptor/types.ts";
import { type ConstraintTest, constraintTests } from "../reading/constraints.ts";
import type { SourceRecord } from "../reading/records.ts";
import { cellReader, cellTest, fieldTypes } from "../reading/types/registry.ts";
import type { CustomCheck } from "./custom-check.ts";
import type { FindingList } from "./finding-list.ts";
import { missingTest } from "./missing-test.ts";
import { beginOwnChecks } from "./own-checks.ts";
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
  /** Number of the cell, from 1, that has the problem. */
  readonly problemCell?: number | null;
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
  /** Null where the schema does not speak of the column. */
  readonly field: Field | null;
  readonly isMissing: (cell: string) => boolean;
  readonly isRequired: boolean;
  readonly isGood: (cell: string) => boolean;
  /** The value of a cell, or undefined if it is not of the field's type. */
  readonly read: (text: string) => unknown;
  readonly tests: readonly ConstraintTest[];
}

/** Tests rows; `row` gives true, so that the reading goes on. */
export interface RowChecker {
  readonly row: (row: TestedRow) => true;
  /** Called after the last row. */
  readonly end: () => void;
  /** Rows so far that count for none, as they are blank and such are skipped. */
  readonly skipped: number;
}

/**
 * Tests one row after the other against types, constraints and one's own checks; what is wrong goes to the
 * list. A good cell costs its test and nothing else: what is said of a bad one is found out for it alone.
 */
export function createRowChecker(
  rules: RowRules,
  findings: FindingList,
  customChecks: readonly CustomCheck[] = [],
): RowChecker {
  const columns = rules.columns.map((field) => columnOf(field, rules.missingValues));
  const keyPlaces = rules.primaryKey.map((name) => columns.findIndex(({ field }) => field?.name === name));
  const own = customChecks.length > 0 ? beginOwnChecks(customChecks, rules, findings) : undefined;
  const checker = { columns, keyPlaces, findings, skipsBlankRows: rules.skipsBlankRows, skipped: 0 };
  return {
    get skipped() {
      return checker.skipped;
    },
    row: (row) => {
      if (row.problem === null) {
        checkRow(row, checker);
        own?.row(row);
      } else {
        const [type, message] = problemTexts[row.problem];
        add({ row, findings }, type, message, fieldOfProblem(row, columns));
      }
      return true;
    },
    end: () => own?.end(),
  };
}

function columnOf(field: Field | null, missingValues: readonly string[]): Column {
  if (field === null)
    return {
      field,
      isMissing: (cell) => cell === "",
      isRequired: false,
      isGood: () => true,
      read: (text) => text,
      tests: [],
    };
  const tests = constraintTests(field);
  const read = cellReader(field);
  return {
    field,
    isMissing: missingTest(field.missingValues ?? missingValues),
    isRequired: field.constraints?.required === true,
    isGood: goodTest(field, tests),
    read,
    tests,
  };
}

/** A test whether a cell is of its type and keeps its field's rules; its value is made only for rules that need it. */
function goodTest(field: Field, tests: readonly ConstraintTest[]): (cell: string) => boolean {
  if (tests.length === 0) return cellTest(field);
  const needsValue = tests.some((test) => test.needsValue);
  const read = needsValue ? cellReader(field) : textReader(field);
  if (tests.length === 1) {
    const [test] = tests;
    return (cell) => {
      const value = read(cell);
      return value !== undefined && test?.passes(value, cell) === true;
    };
  }
  return (cell) => {
    const value = read(cell);
    if (value === undefined) return false;
    for (const test of tests) if (!test.passes(value, cell)) return false;
    return true;
  };
}

function textReader(field: Field): (cell: string) => string | undefined {
  const test = cellTest(field);
  return (cell) => (test(cell) ? cell : undefined);
}

interface Checker {
  readonly columns: readonly Column[];
  readonly keyPlaces: readonly number[];
  readonly findings: FindingList;
  readonly skipsBlankRows: boolean;
  /** Rows that were left out as they are blank. */
  skipped: number;
}

interface Place {
  readonly row: TestedRow;
  readonly findings: FindingList;
}

function add(
  { row, findings }: Place,
  type: ErrorCode,
  message: string,
  details: Partial<ReportError> = {},
): void {
  findings.add(type, () => reportError(type, message, { ...rowDetails(row.row, row), ...details }));
}

/** What is said of records that are no rows. */
export const problemTexts = {
  "unclosed-quote": ["unclosed-quote", "A quoted cell that begins in this row is never closed."],
  "stray-quote": ["stray-quote", "Text stands after a closing quote."],
  "inner-quote": ["stray-quote", "A quote stands inside of a cell that is not quoted."],
  "oversized-row": ["oversized-row", "The row has more than 33 MB."],
  "null-byte": ["null-byte", "The row holds a NUL byte."],
  "encoding-error": ["encoding-error", "The row has bytes that are not of the file's encoding."],
} as const satisfies Record<NonNullable<SourceRecord["problem"]>, readonly [ErrorCode, string]>;

function fieldOfProblem({ problemCell }: TestedRow, columns: readonly Column[]): Partial<ReportError> {
  if (!problemCell) return {};
  return { fieldNumber: problemCell, fieldName: columns[problemCell - 1]?.field?.name ?? "" };
}

function checkRow(row: TestedRow, checker: Checker): void {
  const { columns, keyPlaces, findings, skipsBlankRows } = checker;
  const { cells } = row;
  const isBlank = hasNoValue(cells, columns);
  if (isBlank && skipsBlankRows && cells.every(isHollow)) {
    checker.skipped++;
    return;
  }
  if (isBlank && cells.slice(columns.length).every(isHollow))
    add({ row, findings }, "blank-row", "The row has no value in any cell.");
  else checkCells(row, checker);
  if (keyPlaces.length > 0) checkKey(row, checker);
}

const isHollow = (cell: string | null) => cell === null || cell.trim() === "";

/** True if no column has a value; a row with one is known by its first cells, most often. */
function hasNoValue(cells: TestedRow["cells"], columns: readonly Column[]): boolean {
  const length = Math.min(cells.length, columns.length);
  for (let i = 0; i < length; i++) {
    const cell = cells[i];
    if (cell !== null && cell !== undefined && !columns[i]?.isMissing(cell)) return false;
  }
  return true;
}

function checkCells(row: TestedRow, { columns, findings }: Checker): void {
  const { cells } = row;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    const cell = cells[i];
    if (column === undefined || column.field === null) continue;
    if (cell === undefined || cell === null || column.isMissing(cell)) {
      if (cell === undefined || column.isRequired) tellOfNone({ row, findings }, column.field, i);
    } else if (!column.isGood(cell)) tellOfCell({ row, findings }, column, i);
  }
  for (let i = columns.length; i < cells.length; i++) {
    const message = `Cell ${i + 1}, ${quoted(cells[i])}, is one too many: there are ${columns.length} columns.`;
    const at = { cell: shortened(cells[i] ?? ""), fieldName: "", fieldNumber: i + 1 };
    add({ row, findings }, "extra-cell", message, at);
  }
}

/** Says what is wrong with a cell that is not there, or has no value where one is required. */
function tellOfNone(place: Place, { name, constraints }: Field, i: number): void {
  const cell = place.row.cells[i];
  const at = { cell: shortened(cell ?? ""), fieldName: name, fieldNumber: i + 1 };
  if (cell === undefined) add(place, "missing-cell", `The row ends before the field "${name}".`, at);
  if (constraints?.required !== true) return;
  const rule = { note: 'constraint "required" is "True"', constraint: "required", expected: "a value" };
  add(place, "constraint-error", `The field "${name}" must have a value.`, { ...at, ...rule });
}

/** Says what is wrong with a cell: its type, else each rule that it breaks. */
function tellOfCell(place: Place, { field, read, tests }: Column, i: number): void {
  if (field === null) return;
  const cell = place.row.cells[i] ?? "";
  const at = { cell: shortened(cell), fieldName: field.name, fieldNumber: i + 1 };
  const value = read(cell);
  if (value === undefined) {
    const expected = fieldTypes[field.type].expected(field);
    const note = `type is "${field.type}/${field.format ?? "default"}"`;
    const message = `${quoted(cell)} in the field "${field.name}" is not ${expected}.`;
    add(place, "type-error", message, { ...at, note, expected });
    return;
  }
  const told: Readonly<Record<string, unknown>> = { ...field.constraints };
  for (const { constraint, expected, passes, type = "constraint-error" } of tests) {
    if (passes(value, cell)) continue;
    const note = `constraint "${constraint}" is "${String(told[constraint])}"`;
    const message = `${quoted(cell)} in the field "${field.name}" must be ${expected}.`;
    add(place, type, message, { ...at, note, constraint, expected });
  }
}

/** A key is never empty. Where a part of it cannot be read, that was told already. */
function checkKey(row: TestedRow, { columns, keyPlaces, findings }: Checker): void {
  const isEmpty = (i: number) => {
    const cell = row.cells[i];
    return cell === undefined || cell === null || columns[i]?.isMissing(cell) !== false;
  };
  if (!keyPlaces.some(isEmpty)) return;
  if (keyPlaces.some((i) => !isEmpty(i) && columns[i]?.read(row.cells[i] ?? "") === undefined)) return;
  const empty = keyPlaces.filter(isEmpty);
  add({ row, findings }, "primary-key", "A part of the row's primary key is empty.", {
    fieldNames: empty.map((i) => columns[i]?.field?.name ?? ""),
    fieldNumbers: empty.map((i) => i + 1),
    note: empty.length === keyPlaces.length ? 'cells composing the primary keys are all "None"' : "",
  });
}
