import type { Advice } from "./report-advice.ts";
import { counted, type ErrorGroup } from "./report-groups.ts";

/** A way in which cells are written that their type does not know. */
interface Writing {
  /** Types of fields it can happen to. */
  readonly types: readonly string[];
  readonly matches: (cell: string) => boolean;
  /** What the cells are, after "1,204 cells in the field x": a verb first. */
  readonly says: string;
  readonly fix: (cells: readonly string[], type: string) => string;
  /** Cells that must be so; 2 unless told. */
  readonly least?: number;
}

const like = (pattern: RegExp) => (cell: string) => pattern.test(cell.trim());

const noValue =
  /^(n\.?\/?a\.?|nan|null|none|nil|nd|k\.?\s?a\.?|unknown|missing|[-–—.?*x]|-{2,}|\.{2,}|…|–)$/i;
const truths = /^(yes|y|ja|j|oui|o|si|sí|s|sim|on|true|t|wahr|vrai|verdadero|x)$/i;
const falsehoods = /^(no|n|nein|non|nee|nei|nej|não|off|false|f|falsch|faux|falso)$/i;
const numeric = ["number", "integer"];
const dated = ["date", "datetime"];

const numberFix = (properties: string) =>
  `Add \`${properties}\` to the field in the schema, or write the numbers plainly, such as 1234.5.`;

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
    fix: () => numberFix('"groupChar": ","'),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/),
    says: "have points between thousands",
    fix: () => numberFix('"groupChar": ".", "decimalChar": ","'),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d*,\d+$/),
    says: "have a decimal comma",
    fix: () => numberFix('"decimalChar": ","'),
  },
  {
    types: numeric,
    matches: like(/^[+-]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d+)?$/),
    says: "have spaces or apostrophes between thousands",
    fix: (cells) => {
      const char = /\d([ \u00a0\u202f'’])\d/.exec(cells[0] ?? "")?.[1] ?? " ";
      return numberFix(
        `"groupChar": ${JSON.stringify(char)}${cells.some((cell) => cell.includes(",")) ? ', "decimalChar": ","' : ""}`,
      );
    },
  },
  {
    types: ["integer"],
    matches: like(/^[+-]?\d+\.\d+$/),
    says: "have decimals",
    fix: () => 'Make the type of the field `"number"`, or write whole numbers.',
  },
  {
    types: numeric,
    matches: like(
      /^[^\d\s.,+-]{1,4}\s?[+-]?[\d.,]+$|^[+-]?[\d.,\s]*\d\s?([%‰€$£¥*†‡°]|[^\d\s.,]{1,4}|\([^)]{1,4}\))$/,
    ),
    says: "have a unit, a currency or a mark beside the number",
    fix: () =>
      'Say `"bareNumber": false` for the field in the schema, or write the unit into the header and the number alone into the cell.',
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
    fix: () => 'Make the type of the field `"datetime"`, or write the dates alone.',
  },
  {
    types: dated,
    matches: like(/^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/),
    says: "are dates in another order or with other signs",
    fix: (cells) => dateFix(cells),
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

/** What is the matter with many cells of one column at once. */
export function cellAdvice(groups: readonly ErrorGroup[], rows: number): Advice[] {
  return groups.flatMap((group) => {
    if (group.field === undefined) return [];
    if (group.type === "constraint-error") return enumAdvice(group) ?? [];
    if (group.type !== "type-error") return [];
    return writingAdvice(group) ?? columnAdvice(group, rows) ?? [];
  });
}

function writingAdvice(group: ErrorGroup): Advice | undefined {
  const type = typeOf(group);
  const cells = group.errors.map(({ cell }) => cell ?? "");
  const tried = writings
    .filter(({ types }) => types.includes(type))
    .map((writing) => ({ writing, fitting: cells.filter(writing.matches) }))
    .sort((a, b) => b.fitting.length - a.fitting.length);
  const [best] = tried;
  if (best === undefined || best.fitting.length < (best.writing.least ?? 2)) return undefined;
  const { writing, fitting } = best;
  const share = fitting.length / cells.length;
  const count = Math.round(share * group.count);
  const example = group.errors.find(({ cell }) => cell === fitting[0]);
  const at = example?.rowNumber === undefined ? "" : ` in row ${example.rowNumber}`;
  return {
    cause: `${share < 1 && !group.isExact ? "About " : ""}${counted(count, "cell")} in the field "${group.field}" ${agreeing(writing.says, count)}, such as "${fitting[0]}"${at}.`,
    fix: writing.fix(fitting, type),
    explains: count,
  };
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
  if (!group.isExact || rows < 4 || group.count < rows * 0.8) return undefined;
  return {
    cause: `Nearly every cell in the field "${group.field}" (${group.count.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")}) is not of the type "${typeOf(group)}".`,
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
