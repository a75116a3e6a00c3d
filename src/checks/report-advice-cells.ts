import type { Advice } from "./report.ts";
import { counted, type ErrorGroup } from "./report-groups.ts";

/** A way in which cells are written that their type does not know. */
interface Writing {
  /** Types of fields it can happen to. */
  readonly types: readonly string[];
  readonly matches: (cell: string) => boolean;
  /** What the cells are, after "1,204 cells in the field x": a verb first. */
  readonly says: string;
  readonly fix: (cells: readonly string[], fields: string, type: string) => string;
  /** True: what mends one field may not mend another. */
  readonly isApart?: boolean;
  /** Cells that must be so; 2 unless told. */
  readonly least?: number;
}

const like = (pattern: RegExp) => (cell: string) => pattern.test(cell.trim());

const noValue = /^(n\.?\/?a\.?|nan|null|none|nil|nd|k\.?\s?a\.?|unknown|missing|[-–—.?*]|-{2,}|\.{2,}|…|–)$/i;
const truths = /^(yes|y|ja|j|oui|o|si|sí|s|sim|on|true|t|wahr|vrai|verdadero|x)$/i;
const falsehoods = /^(no|n|nein|non|nee|nei|nej|não|off|false|f|falsch|faux|falso)$/i;
const numeric = ["number", "integer"];
const dated = ["date", "datetime"];

const numberFix = (properties: string, fields: string) =>
  `Add \`${properties}\` to ${fields} in the schema, or write the numbers plainly, such as 1234.5.`;

/** In the order in which they are tried; the one that most cells fit wins. */
const writings: readonly Writing[] = [
  {
    types: [
      "any",
      "array",
      "boolean",
      "date",
      "datetime",
      "duration",
      "integer",
      "list",
      "number",
      "object",
      "time",
      "year",
      "yearmonth",
    ],
    matches: like(noValue),
    says: "mean that there is no value",
    fix: (cells) =>
      `Leave such cells empty, or name the texts in \`missingValues\` of the schema: ${JSON.stringify(["", ...new Set(cells)])} (or \`--missing-values "" ${[...new Set(cells)].map(shellWord).join(" ")}\`).`,
    least: 1,
  },
  {
    types: [...numeric, ...dated, "boolean", "string", "time", "year"],
    matches: like(/^#(N\/A|REF!|DIV\/0!|VALUE!|NAME\?|NUM!|NULL!|NV|BEZUG!|WERT!|DIV\/0|#+)$/),
    says: "are errors of formulas in a spreadsheet",
    fix: () => "Mend the formulas in the spreadsheet, and export again.",
    least: 1,
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/),
    says: "have commas between thousands",
    fix: (_, fields) => numberFix('"groupChar": ","', fields),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/),
    says: "have points between thousands",
    fix: (_, fields, type) =>
      numberFix(type === "integer" ? '"groupChar": "."' : '"groupChar": ".", "decimalChar": ","', fields),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d*,\d+$/),
    says: "have a decimal comma",
    fix: (_, fields) => numberFix('"decimalChar": ","', fields),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d+)?$/),
    says: "have spaces or apostrophes between thousands",
    fix: (cells, fields) => {
      const char = /\d([ \u00a0\u202f'’])\d/.exec(cells[0] ?? "")?.[1] ?? " ";
      return numberFix(
        `"groupChar": ${JSON.stringify(char)}${cells.some((cell) => cell.includes(",")) ? ', "decimalChar": ","' : ""}`,
        fields,
      );
    },
  },
  {
    types: ["integer"],
    matches: like(/^[+-]?\d+\.\d+$/),
    says: "have decimals",
    fix: (_, fields) => `Make the type of ${fields} \`"number"\`, or write whole numbers.`,
  },
  {
    types: numeric,
    matches: like(
      /^[^\d\s.,+-]{1,3}\s?[+-]?[\d.,]+$|^[+-]?[\d.,\s]*\d\s?([%‰€$£¥*†‡°]|[^\d\s.,]{1,4}|\([^)]{1,4}\))$/,
    ),
    says: "have a unit, a currency or a mark beside the number",
    fix: (_, fields) =>
      `Say \`"bareNumber": false\` for ${fields} in the schema, or write the unit into the header and the number alone into the cell.`,
  },
  {
    types: dated,
    matches: like(/^[2-5]\d{4}(\.\d+)?$/),
    says: "are the day numbers of a spreadsheet",
    fix: () => "Format the column as a date (YYYY-MM-DD) in the spreadsheet, and export again.",
  },
  {
    types: ["date"],
    matches: like(/^\d{4}-\d\d-\d\d[T ]\d\d?:\d\d/),
    says: "have a time beside the date",
    fix: (_, fields) => `Make the type of ${fields} \`"datetime"\`, or write the dates alone.`,
  },
  {
    types: dated,
    matches: like(/^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/),
    says: "are dates in another order or with other signs",
    fix: (cells) => dateFix(cells),
    isApart: true,
  },
  {
    types: ["boolean"],
    matches: (cell) => truths.test(cell.trim()) || falsehoods.test(cell.trim()),
    says: "are words for yes and no",
    fix: (cells) => {
      const words = [...new Set(cells)];
      const list = (test: RegExp) => JSON.stringify(words.filter((word) => test.test(word.trim())));
      return `Name them in the schema: \`"trueValues": ${list(truths)}, "falseValues": ${list(falsehoods)}\`, or write true and false.`;
    },
  },
  {
    types: [...numeric, ...dated, "boolean", "year", "time"],
    matches: (cell) => cell !== cell.trim() && cell.trim() !== "",
    says: "have spaces around the value",
    fix: () =>
      'Remove the spaces, or say `"skipInitialSpace": true` in the dialect if they stand before the values.',
  },
];

/** What is the matter with many cells at once; the same in several fields is said once. */
export function cellAdvice(groups: readonly ErrorGroup[], rows: number): Advice[] {
  const typed = groups.filter(({ type, field }) => type === "type-error" && field !== undefined);
  const found = typed.flatMap((group) => writingsOf(group));
  const byWriting = Map.groupBy(found, ({ writing, group }) =>
    writing.isApart ? `${writing.says} ${group.field}` : writing.says,
  );
  return [
    ...Array.from(byWriting.values(), writingAdvice).flat(),
    ...typed
      .filter((group) => !found.some((each) => each.group === group))
      .flatMap((group) => columnAdvice(group, rows) ?? []),
    ...groups.filter(({ type }) => type === "constraint-error").flatMap((group) => enumAdvice(group) ?? []),
  ];
}

/** The cells of a field that are written in one way. */
interface Written {
  readonly group: ErrorGroup;
  readonly writing: Writing;
  readonly cells: readonly string[];
}

/** The ways in which the cells of a field are written, the most frequent first; each cell counts once. */
function writingsOf(group: ErrorGroup, rest = group.errors.map(({ cell }) => cell ?? "")): Written[] {
  const type = typeOf(group);
  const [best] = writings
    .filter(({ types }) => types.includes(type))
    .map((writing) => ({ group, writing, cells: rest.filter(writing.matches) }))
    .filter(({ writing, cells }) => cells.length >= (writing.least ?? 2))
    .sort((a, b) => b.cells.length - a.cells.length);
  if (best === undefined) return [];
  return [
    best,
    ...writingsOf(
      group,
      rest.filter((cell) => !best.writing.matches(cell)),
    ),
  ];
}

function writingAdvice(written: readonly Written[]): Advice[] {
  const [first] = written;
  if (first === undefined) return [];
  const { group, writing } = first;
  const [cell = ""] = first.cells;
  const row = group.errors.find((error) => error.cell === cell)?.rowNumber;
  const count = written.reduce((sum, each) => sum + countOf(each), 0);
  const cells = written.flatMap((each) => each.cells);
  const types = written.map(({ group }) => typeOf(group));
  const type = types.find((each) => each !== "integer") ?? "integer";
  const such = `such as "${cell}"${row === undefined ? "" : ` in row ${row}`}`;
  return [
    {
      cause: `${written.some(isEstimate) ? "About " : ""}${counted(count, "cell")} in ${fieldNames(written)} ${agreeing(writing.says, count)}, ${such}.`,
      fix: writing.fix(cells, written.length === 1 ? "the field" : "these fields", type),
      explains: count,
    },
  ];
}

/** How many cells of the field are so, by the share of those that the report lists. */
const countOf = ({ group, cells }: Written): number =>
  Math.round((cells.length / group.errors.length) * group.count);

const isEstimate = ({ group, cells }: Written): boolean =>
  !group.isExact || (cells.length < group.errors.length && group.count > group.errors.length);

function fieldNames(written: readonly Written[]): string {
  const names = written.map(({ group }) => `"${group.field}"`);
  if (names.length === 1) return `the field ${names[0]}`;
  return `the fields ${names.slice(0, 6).join(", ")}${names.length > 6 ? " …" : ""}`;
}

/** The verb of one cell or of many. */
function agreeing(says: string, count: number): string {
  if (count !== 1) return says;
  return says
    .replace(/^have/, "has")
    .replace(/^are (\w+)s\b/, "is one of the $1s")
    .replace(/^mean/, "means")
    .replace(/^are/, "is");
}

const typeOf = ({ errors: [first] }: ErrorGroup): string =>
  /^type is "(\w+)/.exec(first?.note ?? "")?.[1] ?? "";

const shellWord = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The format of dates with day, month and year, by what the parts can be. */
function dateFix(cells: readonly string[]): string {
  const parts = cells.map((cell) => cell.trim().split(/[./-]/));
  const signs = new Set(cells.flatMap((cell) => cell.match(/[./-]/g) ?? []));
  const [sign = "."] = signs;
  if (parts.every(([year = ""]) => year.length === 4)) return formatFix(["%Y", "%m", "%d"].join(sign));
  const exceeds = (place: number) => parts.some((part) => Number(part[place]) > 12);
  const year = parts.every((part) => part[2]?.length === 2) ? "%y" : "%Y";
  if (exceeds(0) && exceeds(1))
    return "Some have the day first and some the month: correct them where they were made, as nobody else can tell. Best write YYYY-MM-DD.";
  if (exceeds(0)) return formatFix(["%d", "%m", year].join(sign));
  if (exceeds(1)) return formatFix(["%m", "%d", year].join(sign));
  return `Write the dates as YYYY-MM-DD, or say \`"format": "%d${sign}%m${sign}${year}"\` (day first) or \`"%m${sign}%d${sign}${year}"\` (month first) for the field in the schema: the cells do not tell which.`;
}

const formatFix = (format: string) =>
  `Say \`"format": "${format}"\` for the field in the schema, or write the dates as YYYY-MM-DD.`;

/** Nearly every cell of the column is wrong: then it is the type. */
function columnAdvice(group: ErrorGroup, rows: number): Advice | undefined {
  const type = typeOf(group);
  if (type === "" || !group.isExact || rows < 4 || group.count < rows * 0.8) return undefined;
  return {
    cause: `Nearly every cell in the field "${group.field}" (${group.count.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")}) is not of the type "${type}".`,
    fix: `The type of the field seems to be wrong: correct it in the schema, such as to "string".`,
    explains: group.count,
  };
}

/** Values that only their letters or spaces keep from being allowed. */
function enumAdvice(group: ErrorGroup): Advice | undefined {
  const errors = group.errors.filter(({ constraint }) => constraint === "enum");
  const plain = (text: string) => text.trim().replace(/\s+/g, " ").toLowerCase();
  const near = errors.filter(({ cell = "", expected = "" }) =>
    expected
      .replace(/^one of /, "")
      .split(", ")
      .some((allowed) => plain(allowed) === plain(cell)),
  );
  const [first] = near;
  if (first === undefined || near.length < 2) return undefined;
  return {
    cause: `${counted(near.length, "cell")} in the field "${group.field}" differ from the allowed values only in capital letters or spaces, such as "${first.cell}" in row ${first.rowNumber}.`,
    fix: `Write them as the schema has them: ${first.expected}.`,
    explains: near.length,
  };
}
