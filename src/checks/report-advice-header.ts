import type { ReportTask } from "./report.ts";
import type { AdviceRule } from "./report-advice.ts";
import { counted, quoted } from "./report-groups.ts";

const delimiters: Readonly<Record<string, readonly [name: string, option: string]>> = {
  ";": ["semicolons", "';'"],
  "\t": ["tabs", "'\\t'"],
  "|": ["bars", "'|'"],
  ",": ["commas", "','"],
};

/** A header of one label that holds another delimiter: all else follows from that. */
const wrongDelimiter: AdviceRule = ({ task, total }) => {
  const [label = ""] = task.labels;
  const found = Object.keys(delimiters).find((char) => label.split(char).length > (char === "," ? 2 : 1));
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

/** Rules that are asked of valid tables. */
export const validRules: readonly AdviceRule[] = [wrongDelimiter, noRows];

/** True if the columns are those of the schema, in another order or in other letters. */
function sharesLabels({ labels, errors }: ReportTask): boolean {
  const known = new Set(labels.map((label) => label.trim().toLowerCase()));
  return errors
    .filter(({ type }) => type === "incorrect-label")
    .every(({ expected = "" }) => known.has(expected.trim().toLowerCase()));
}

/** Hardly a label is the schema's. */
const otherSchema: AdviceRule = ({ task, total, count }) => {
  const strange = count("extra-label") + count("incorrect-label");
  if (task.labels.length < 2 || strange * 2 <= task.labels.length || sharesLabels(task)) return undefined;
  return {
    cause: `${strange} of the ${task.labels.length} columns are not as the schema has them.`,
    fix: "Look whether it is the schema of this file.",
    explains: total,
  };
};

/** Rules that explain everything else in the report. */
export const wholeRules: readonly AdviceRule[] = [wrongDelimiter, titleRow, noHeader, otherSchema];

/** All labels are there, in another order or in other letters. */
export const labelsMoved: AdviceRule = ({ task, of }) => {
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
