import type { Advice } from "./report.ts";
import type { AdviceRule } from "./report-advice.ts";
import { otherDelimiterOf } from "./report-advice-joined.ts";
import { counted, isBroken, isOfRows, quoted } from "./report-groups.ts";

/** Each row has one empty cell more than the header. */
const trailingDelimiter: AdviceRule = ({ task, of, count }) => {
  const extra = of("extra-cell");
  if (extra.length < 2 || count("extra-label") > 0 || !extra.every(({ cell }) => cell === ""))
    return undefined;
  const rows = new Set(extra.map(({ rowNumber }) => rowNumber)).size;
  const isEach = rows >= Math.min(task.stats.rows, extra.length) * 0.9;
  return {
    cause: `${isEach ? "The rows end" : `${counted(rows, "row")} end`} with a delimiter too many, so that they have an empty cell beyond the last column.`,
    fix: "Delete the empty columns at the right in the spreadsheet and export again, or give the header the same delimiter.",
    explains: count("extra-cell"),
  };
};

/** Rows have more cells than columns: a text holds the delimiter. */
const unquotedDelimiter: AdviceRule = ({ of, count }) => {
  const extra = of("extra-cell").filter(({ cell }) => cell !== "");
  const [first] = extra;
  if (
    first === undefined ||
    count("extra-label") > 0 ||
    extra.length < 2 ||
    extra.length * 2 < of("extra-cell").length
  )
    return undefined;
  const hasCommas = extra.every(({ cells = [] }) =>
    cells.some((cell, i) => /^\d+$/.test(cell) && /^\d{1,3}$/.test(cells[i + 1] ?? "")),
  );
  return {
    cause: hasCommas
      ? `Rows such as ${first.rowNumber} have more cells than there are columns: it looks as if numbers like 1,5 were written with the character that also separates the cells.`
      : `Rows such as ${first.rowNumber} have more cells than there are columns: a text seems to hold the character that separates the cells.`,
    fix: "Export again with quotes around such cells, or with another delimiter (semicolon or tab).",
    explains: count("extra-cell"),
  };
};

/** The last rows have a note or a source instead of data. */
const footnotes: AdviceRule = ({ task, groups }) => {
  const rows = new Map<number, readonly string[]>();
  for (const error of task.errors.filter(isOfRows))
    if (error.rowNumber !== undefined && error.cells && !isBroken(error))
      rows.set(error.rowNumber, error.cells);
  const last = task.stats.rows; // the header and what stands above it come on top
  const isNote = (cells: readonly string[]) => {
    const filled = cells.filter((cell) => cell.trim() !== "");
    const isText = /\p{L}|\d|\*/u.test(cells[0] ?? "") && otherDelimiterOf(cells, task.labels) === undefined;
    return isText && filled.length === 1 && filled[0] === cells[0] && task.labels.length > 2;
  };
  const notes = [...rows].filter(([row, cells]) => row > last - 10 && row > last * 0.5 && isNote(cells));
  const [first] = notes.toSorted(([a], [b]) => a - b);
  if (first === undefined || (task.errors.length < 2 && groups.length < 2 && notes.length < 1))
    return undefined;
  const numbers = new Set(notes.map(([row]) => row));
  return {
    cause: `${notes.length === 1 ? "A row at the end has" : `${notes.length} rows at the end have`} a note and no data: row ${first[0]}, ${quoted(first[1][0] ?? "")}.`,
    fix: `Delete ${notes.length === 1 ? "it" : "them"}, or put notes into a file of their own.`,
    explains: task.errors.filter(({ rowNumber = 0 }) => numbers.has(rowNumber)).length,
  };
};

/** Bytes that the encoding does not know, in many rows. */
const otherEncoding: AdviceRule = ({ of, count }) => {
  const [first] = of("encoding-error");
  if (first?.rowNumber === undefined || count("encoding-error") < 2) return undefined;
  return {
    cause: `${counted(count("encoding-error"), "row")} from row ${first.rowNumber} on have bytes that are not of the encoding in which the file was read.`,
    fix: "Leave out `--encoding` and `encoding` of the descriptor, so that it is found out, or name the right one: often it is windows-1252.",
    explains: count("encoding-error"),
  };
};

/** Cells such as `="00123"`, which spreadsheets take for texts. */
const formulaTexts: AdviceRule = ({ of, count }) => {
  const found = of("stray-quote").filter(({ cells = [] }) => /(^|[,;\t|])="/.test(cells.join(",")));
  const [first] = found;
  if (first === undefined || found.length * 2 < of("stray-quote").length) return undefined;
  return {
    cause: `Cells are written as formulas, such as ="00123" (row ${first.rowNumber}): a way to keep leading zeros in spreadsheets, which no other program reads.`,
    fix: "Write the texts as they are, such as 00123. AirCan keeps their zeros.",
    explains: count("stray-quote"),
  };
};

/** A quote that nothing closes: in the last row it tells that the file was cut off. */
function openQuote(row: number, rows: number): Advice {
  if (row > rows)
    return {
      cause: `The file ends inside of the quoted cell that opens in its last row, ${row}: it seems to be cut off.`,
      fix: "Fetch or export it again, and compare its size with that of the original. If it is whole, close the quote.",
      explains: 1,
    };
  return {
    cause: `The quote that opens in row ${row} is never closed; the lines after it were read as rows all the same.`,
    fix: `Close the quote in row ${row}, or double the quotes that belong to the text.`,
    explains: 1,
  };
}

/** Nothing but the end of the last row is missing. */
const cutOff: AdviceRule = ({ task, of }) => {
  const open = of("unclosed-quote").at(-1);
  if (open) return openQuote(open.rowNumber ?? 0, task.stats.rows);
  const missing = of("missing-cell");
  const [{ rowNumber = 0, cells = [] } = {}] = missing;
  if (missing.some((error) => error.rowNumber !== rowNumber) || rowNumber <= task.stats.rows)
    return undefined;
  if (missing.length === 0 || cells.length < 2 || task.stats.rows < 3) return undefined;
  return {
    cause: `Only the last row, ${rowNumber}, ends too early: the file seems to be cut off.`,
    fix: "Fetch or export it again, and compare its size with that of the original.",
    explains: missing.length,
  };
};

/** A run of rows whose keys repeat those of a run before, one by one. */
const repeatedRows: AdviceRule = ({ of, count }) => {
  const repeated = [...of("primary-key"), ...of("unique-error")];
  const steps = repeated.flatMap(({ rowNumber = 0, message }) => {
    const before = /\brow (\d+) already/.exec(message)?.[1];
    return before === undefined ? [] : [rowNumber - Number(before)];
  });
  const [step = 0] = steps;
  const [first] = repeated;
  if (
    first?.rowNumber === undefined ||
    steps.length < 4 ||
    steps.filter((each) => each === step).length < steps.length * 0.8
  )
    return undefined;
  return {
    cause: `From row ${first.rowNumber} on, the keys of the rows from row ${first.rowNumber - step} on are there again, in the same order.`,
    fix: "Remove the repeated rows: perhaps data was pasted twice.",
    explains: count("unique-error") + count("primary-key"),
  };
};

/** Blank rows below the data, as spreadsheets leave them. */
const blankTail: AdviceRule = ({ task, of, count }) => {
  const rows = of("blank-row").map(({ rowNumber = 0 }) => rowNumber);
  const [first = 0] = rows;
  const isTail = rows.every((row, i) => row === first + i) && first + rows.length > task.stats.rows;
  if (rows.length < 2 || !isTail || rows.length < count("blank-row")) return undefined;
  return {
    cause: `The last ${rows.length} rows, from row ${first}, are blank.`,
    fix: "Delete them in the spreadsheet and export again.",
    explains: rows.length,
  };
};

/** Causes in the rows; several of them can be true at once. */
export const rowRules: readonly AdviceRule[] = [
  trailingDelimiter,
  unquotedDelimiter,
  footnotes,
  formulaTexts,
  otherEncoding,
  cutOff,
  repeatedRows,
  blankTail,
];
