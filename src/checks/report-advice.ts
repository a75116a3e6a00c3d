import type { ReportError, ReportTask } from "./report.ts";
import { cellAdvice } from "./report-advice-cells.ts";
import { counted, type ErrorGroup, errorTotal, groupsOf, isBroken, isOfRows } from "./report-groups.ts";

/** One cause behind errors of a task, and what mends them together. */
export interface Advice {
  /** What seems to have happened: one or two sentences. */
  readonly cause: string;
  /** What to do: imperative sentences. */
  readonly fix: string;
  /** How many errors it explains. */
  readonly explains: number;
}

/** What rules look at. */
interface Look {
  readonly task: ReportTask;
  readonly groups: readonly ErrorGroup[];
  readonly total: number;
  /** The listed errors of a type. */
  readonly of: (type: string) => readonly ReportError[];
  /** All errors of a type, also those that are not listed. */
  readonly count: (type: string) => number;
}

/** Advice that is worth the room it takes. */
const mostAdvice = 5;

/**
 * The causes behind the errors of a task, the one that explains most of them first; often there is none. A
 * valid table may have some, too: it may not be the table that was meant.
 */
export function adviceOf(task: ReportTask): Advice[] {
  const groups = groupsOf(task);
  const look: Look = {
    task,
    groups,
    total: errorTotal(task),
    of: (type) => task.errors.filter((error) => error.type === type),
    count: (type) => task.stats.errorCounts[type] ?? 0,
  };
  if (task.errors.length === 0) return validRules.flatMap((rule) => rule(look) ?? []);
  const whole = wholeRules.flatMap((rule) => rule(look) ?? []);
  const found =
    whole.length > 0
      ? whole
      : [...rowRules.flatMap((rule) => rule(look) ?? []), ...cellAdvice(groups, task.stats.rows)];
  return found.sort((a, b) => b.explains - a.explains).slice(0, mostAdvice);
}

type AdviceRule = (look: Look) => Advice | undefined;

const delimiters: Readonly<Record<string, readonly [name: string, option: string]>> = {
  ";": ["semicolons", "';'"],
  "\t": ["tabs", "'\\t'"],
  "|": ["bars", "'|'"],
  ",": ["commas", "','"],
};

/** A header of one label that holds another delimiter: all else follows from that. */
const wrongDelimiter: AdviceRule = ({ task, total }) => {
  const [label = ""] = task.labels;
  const found = Object.keys(delimiters).find((char) => label.split(char).length > 2);
  const [name, option] = delimiters[found ?? ""] ?? [];
  if (task.labels.length !== 1 || name === undefined) return undefined;
  return {
    cause: `The file was read as one column, but its header has ${name}: "${label}".`,
    fix: `Say \`--delimiter ${option}\`, or correct \`delimiter\` in the dialect.`,
    explains: total,
  };
};

/** Half of the header's cells are empty, and a full row follows: a title stands above the header. */
const titleRow: AdviceRule = ({ task, total, of }) => {
  const { labels, errors } = task;
  const blank = of("blank-label").length;
  if (labels.length < 2 || blank * 2 < labels.length) return undefined;
  const blankRow = of("blank-row")[0]?.rowNumber ?? Number.POSITIVE_INFINITY;
  const full = errors.find(
    ({ cells = [], rowNumber = 0 }) =>
      rowNumber < 12 &&
      cells.length >= labels.length &&
      cells.every((cell) => cell.trim() !== "" && !/^[\d.,\s]+$/.test(cell)),
  );
  const at = full?.rowNumber ?? (blankRow < 12 ? blankRow + 1 : undefined);
  return {
    cause: `The row that was taken for the header has ${counted(blank, "empty cell")}: it seems to be a title.`,
    fix: at
      ? `Say \`--header-rows ${at}\`, if the names of the columns stand there, or delete the rows above it.`
      : "Say which row is the header with `--header-rows N`, or delete the rows above it.",
    explains: total,
  };
};

/** Numbers and dates where names should be. */
const noHeader: AdviceRule = ({ task, total }) => {
  const { labels } = task;
  const values = labels.filter(
    (label) => /^[\s\d.,:/+-]+$/.test(label) && /\d/.test(label) && !isYear(label),
  );
  if (labels.length < 2 || values.length * 2 <= labels.length) return undefined;
  return {
    cause: `The first row was taken for the header, but it looks like data: ${labels.slice(0, 4).map(quoted).join(", ")}.`,
    fix: "Add a row with the names of the columns, or say `--header-rows none`.",
    explains: total,
  };
};

const isYear = (label: string) => /^(1[89]|20)\d\d$/.test(label.trim());

/** A header and nothing below it. */
const noRows: AdviceRule = ({ task }) => {
  const { rows, fields } = task.stats;
  if (rows > 0 || fields === 0) return undefined;
  return {
    cause: `The file has ${counted(fields, "column")} and no rows.`,
    fix: "If there should be rows, fetch or export it again.",
    explains: 0,
  };
};

const validRules: readonly AdviceRule[] = [wrongDelimiter, noRows];

/** Rules that explain everything else in the report. */
const wholeRules: readonly AdviceRule[] = [wrongDelimiter, titleRow, noHeader];

/** Each row has one empty cell more than the header. */
const trailingDelimiter: AdviceRule = ({ task, of, count }) => {
  const extra = of("extra-cell");
  if (extra.length < 2 || !extra.every(({ cell }) => cell === "")) return undefined;
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
  if (first === undefined || extra.length < 2 || extra.length * 2 < of("extra-cell").length) return undefined;
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
    return filled.length === 1 && filled[0] === cells[0] && task.labels.length > 2;
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

/** Nothing but the end of the last row is missing. */
const cutOff: AdviceRule = ({ task, of }) => {
  const open = of("unclosed-quote")[0];
  if (open)
    return {
      cause: `The quote that opens in row ${open.rowNumber} is not closed until the end of the file, so the rows after it were not read as rows.`,
      fix: `Close the quote in row ${open.rowNumber}. If all is well there, the file was cut off: fetch or export it again.`,
      explains: 1,
    };
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

/** All labels are there, in another order or in other letters. */
const labelsMoved: AdviceRule = ({ task, of }) => {
  const wrong = of("incorrect-label");
  if (wrong.length === 0) return undefined;
  const expected = wrong.map(({ expected = "" }) => expected);
  const found = wrong.map(({ label = "" }) => label);
  const low = (names: readonly string[]) => names.map((name) => name.trim().toLowerCase());
  if (low(expected).every((name, i) => name === low(found)[i]))
    return {
      cause: `${counted(wrong.length, "label")} of the header ${wrong.length === 1 ? "differs" : "differ"} from the schema only in capital letters, such as ${quoted(found[0] ?? "")}.`,
      fix: 'Rename the columns, or say `"headerCase": false` in the dialect.',
      explains: wrong.length,
    };
  if (!expected.every((name) => task.labels.includes(name))) return undefined;
  return {
    cause: "The columns stand in another order than the fields of the schema.",
    fix: 'Say `"fieldsMatch": "equal"` in the schema, or put the columns in its order.',
    explains: wrong.length,
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

const rowRules: readonly AdviceRule[] = [
  trailingDelimiter,
  unquotedDelimiter,
  footnotes,
  formulaTexts,
  cutOff,
  labelsMoved,
  repeatedRows,
  blankTail,
];

/** A text in quotes, cut where it is long. */
export const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
