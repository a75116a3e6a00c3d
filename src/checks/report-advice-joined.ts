import type { ReportError } from "./report.ts";
import type { AdviceRule, Look } from "./report-advice.ts";
import { counted, isBroken, isOfRows, quoted } from "./report-groups.ts";

/** Rows that have errors, with their cells, and how many errors each has. */
interface BadRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly errors: readonly ReportError[];
}

function badRowsOf({ task }: Look): BadRow[] {
  const rows = Map.groupBy(
    task.errors.filter((error) => isOfRows(error) && error.cells !== undefined && !isBroken(error)),
    ({ rowNumber = 0 }) => rowNumber,
  );
  return [...rows].map(([row, errors]) => ({ row, cells: errors[0]?.cells ?? [], errors }));
}

const explainedBy = (rows: readonly BadRow[]) => rows.reduce((sum, { errors }) => sum + errors.length, 0);

const such = (rows: readonly BadRow[]) =>
  rows.length === 1 ? `Row ${rows[0]?.row}` : `${counted(rows.length, "row")}, such as row ${rows[0]?.row},`;

const repeatsHeader = ({ cells }: BadRow, labels: readonly string[]) =>
  labels.length > 1 && labels.every((label, i) => cells[i]?.replace(/^\ufeff/, "") === label);

/** A row has the names of the columns again. */
const repeatedHeader: AdviceRule = (look) => {
  const found = badRowsOf(look).filter((row) => repeatsHeader(row, look.task.labels));
  if (found.length === 0) return undefined;
  return {
    cause: `${such(found)} ${found.length === 1 ? "repeats" : "repeat"} the header: files seem to have been put together.`,
    fix: `Delete ${found.length === 1 ? "that row" : "those rows"}, or name the files one by one: \`aircan validate one.csv two.csv\`.`,
    explains: explainedBy(found),
  };
};

/** A byte order mark amid the file makes a cell look right and be wrong. */
const markInside: AdviceRule = (look) => {
  const found = badRowsOf(look).filter(
    (row) => row.cells[0]?.startsWith("\ufeff") && !repeatsHeader(row, look.task.labels),
  );
  if (found.length === 0) return undefined;
  return {
    cause: `${such(found)} ${found.length === 1 ? "begins" : "begin"} with an invisible mark that stands at the start of files (a byte order mark): files seem to have been put together.`,
    fix: "Delete the mark in an editor, or put the files together again without it.",
    explains: explainedBy(found),
  };
};

const delimiters: Readonly<Record<string, string>> = {
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
  ",": "commas",
};

/** What separates the cells of a row that was taken for one cell, if that gives as many cells as there are columns. */
export function otherDelimiterOf(
  cells: readonly string[],
  { length }: readonly string[],
): string | undefined {
  const mark = Object.keys(delimiters).find((each) => cells[0]?.split(each).length === length);
  return cells.length === 1 && length > 2 && mark !== undefined ? delimiters[mark] : undefined;
}

/** Rows that are separated by another delimiter than the others. */
const otherDelimiter: AdviceRule = (look) => {
  const { labels } = look.task;
  const found = badRowsOf(look).filter(({ cells }) => otherDelimiterOf(cells, labels) !== undefined);
  const marks = new Set(found.map(({ cells }) => otherDelimiterOf(cells, labels)));
  if (found.length === 0) return undefined;
  return {
    cause: `${such(found)} ${found.length === 1 ? "has" : "have"} ${[...marks].join(" and ")} between the cells, where the others have another delimiter.`,
    fix: "Write all rows with one delimiter: perhaps they come from different programs.",
    explains: explainedBy(found),
  };
};

/** Below a blank row all rows to the end have another number of cells. */
const secondTable: AdviceRule = (look) => {
  const { task, of } = look;
  const rows = badRowsOf(look);
  const last = Math.max(0, ...rows.map(({ row }) => row));
  const first = of("blank-row").find(({ rowNumber = 0 }) => {
    const below = rows.filter(({ row }) => row > rowNumber);
    const width = below[0]?.cells.length ?? 0;
    const isAnother = below.every(({ cells }) => cells.length === width && width !== task.labels.length);
    return width > 1 && below.length > 1 && isAnother && below.length === last - rowNumber;
  })?.rowNumber;
  if (first === undefined || last <= task.stats.rows) return undefined;
  const below = rows.filter(({ row }) => row >= first);
  return {
    cause: `Below the blank row ${first} stands another table: it begins with ${quoted(below[1]?.cells.join(", ") ?? "")} in row ${first + 1}.`,
    fix: "Put each table into a file of its own.",
    explains: explainedBy(below),
  };
};

/** The last row is a character that once ended files. */
const endMark: AdviceRule = (look) => {
  const row = badRowsOf(look).find(({ cells }) => cells.length === 1 && cells[0] === "\u001a");
  if (row === undefined) return undefined;
  return {
    cause: `The last row, ${row.row}, is nothing but the character that ended files in DOS (Ctrl-Z).`,
    fix: "Delete it: no row is missing.",
    explains: row.errors.length,
  };
};

/** The only bytes that are wrong end the file. */
const cutCharacter: AdviceRule = ({ task, of, count }) => {
  const [{ rowNumber = 0, cells = [] } = {}] = of("encoding-error");
  const isLast = rowNumber > task.stats.rows && cells.at(-1)?.endsWith("\ufffd");
  if (count("encoding-error") !== 1 || !isLast) return undefined;
  return {
    cause: `The file ends in the middle of a character, in row ${rowNumber}: it seems to be cut off.`,
    fix: "Fetch or export it again, and compare its size with that of the original.",
    explains: 1,
  };
};

/** Causes that lie in how a file was put together, or where it ends. */
export const joinedRules: readonly AdviceRule[] = [
  repeatedHeader,
  markInside,
  otherDelimiter,
  secondTable,
  endMark,
  cutCharacter,
];
