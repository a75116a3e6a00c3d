import { DuckDBMapValue, type DuckDBValue } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import type { SettledField } from "../plan/engine.ts";
import type { CellClass, ClassFamily } from "../reading/cell-class.ts";
import { type ClassCounts, chooseFields } from "../reading/infer.ts";
import {
  families,
  firstLook,
  numberFamily,
  unitLed,
  unitTrailed,
  wordsForNothing,
} from "../reading/infer-classes.ts";
import { validity } from "./cast.ts";
import { castCell, usualType } from "./cell.ts";
import { query, type Session } from "./session.ts";
import { identifier, text, texts } from "./sql.ts";

export interface InferredField extends SettledField {
  readonly counts: ClassCounts;
}

/** Columns that one query looks at; it holds several patterns for each. */
const mostAtOnce = 200;

interface Inferring {
  readonly names: readonly string[];
  readonly missingValues: readonly string[];
  /** What the columns are thought to be, which is looked at first. */
  readonly guesses?: readonly Field[];
}

/**
 * The type of every named column over all rows of a query of texts, in one scan (of a wide table: in
 * several): each cell is put into its class (see `cellClass`) and the classes are counted.
 */
export async function inferFields(
  session: Session,
  source: string,
  { names, ...rest }: Inferring,
): Promise<InferredField[]> {
  const counts: ClassCounts[] = [];
  for (let from = 0; from < names.length; from += mostAtOnce)
    counts.push(
      ...(await countSome(session, source, { ...rest, names: names.slice(from, from + mostAtOnce) })),
    );
  return chooseFields(counts).map((choice, i) => ({
    ...choice,
    field: { ...choice.field, name: names[i] } as Field, // the choice is a field without its name
    counts: counts[i] ?? {},
  }));
}

async function countSome(
  session: Session,
  source: string,
  { names, missingValues, guesses = [] }: Inferring,
): Promise<ClassCounts[]> {
  const guessed = new Map(guesses.map((field) => [field.name, field]));
  const classes = names.map(
    (name, i) => `${classOf(identifier(name), missingValues, guessed.get(name))} AS c${i}`,
  );
  const counts = names.map((_, i) => `histogram(c${i})`);
  const [row = []] = await query(
    session,
    `SELECT ${counts.join(", ")} FROM (SELECT ${classes.join(", ")} FROM (${source}))`,
  );
  return names.map((_, i) => countsOf(row[i] ?? null));
}

function countsOf(histogram: DuckDBValue): ClassCounts {
  if (!(histogram instanceof DuckDBMapValue)) return {};
  return Object.fromEntries(histogram.entries.map(({ key, value }) => [String(key), Number(value)]));
}

/** The class of a cell, as `cellClass` says. Most cells are what they are thought to be, or are words. */
function classOf(cell: string, missingValues: readonly string[], guess: Field | undefined): string {
  const missing = [...new Set(["", ...missingValues])];
  const kinds = families.map(
    (family) => `WHEN ${fullMatch(cell, family.guard)} THEN ${inFamily(cell, family)}`,
  );
  return `CASE WHEN ${cell} IS NULL OR ${cell} IN (${texts(missing)}) THEN NULL
    ${likely(cell, guess)} WHEN ${beginsAsWord(cell)} OR NOT regexp_matches(${cell}, ${text(firstLook)}) THEN 'text'
    ELSE coalesce(CASE ${kinds.join(" ")} END, ${outsideFamilies(cell)}) END`;
}

const fullMatch = (cell: string, pattern: string) => `regexp_full_match(${cell}, ${text(pattern)})`;

/** Whole numbers that are neither years nor dates nor 0 or 1, and so are of one class at the first look. */
const usualInteger = "-?(?:[2-9]|[1-9][0-9]{1,2}|[1-9][0-9]{4,6})";
const numbersNamed = (name: string) => numberFamily.classes.filter((each) => each.name === name);

/** The cases of the classes that a guess rests on. They are cells of no other class, so they may be tried first. */
function likely(cell: string, guess: Field | undefined): string {
  const cases = (classes: readonly CellClass[]) => classes.map((each) => caseOf(cell, each)).join(" ");
  const integer = `WHEN ${fullMatch(cell, usualInteger)} THEN 'integer'`;
  if (guess === undefined) return "";
  if (guess.type === "integer") return integer;
  if (guess.type === "number") return `${cases(numbersNamed("number"))} ${integer}`;
  if (guess.type === "string")
    return `WHEN ${beginsAsWord(cell)} THEN 'text' ${cases(numbersNamed("zero-led"))}`;
  const isGuessed = ({ name, field }: CellClass) =>
    name === guess.type ||
    (field?.type === guess.type && field.format === guess.format && field.zoned === guess.zoned);
  return cases(families.flatMap(({ classes }) => classes).filter(isGuessed));
}

/** First letters that `firstLook` never lets pass, as ranges of code points: one comparison spares a pattern. */
const wordRanges = [
  "AB",
  "HJ",
  "LM",
  "OO",
  "QR",
  "VZ",
  "ae",
  "gj",
  "lm",
  "os",
  "uz",
  "\u00a6\u20ab",
  "\u2e80\uffff",
];

function beginsAsWord(cell: string): string {
  const ranges = wordRanges.map(
    ([from = "", to = ""]) => `unicode(${cell}) BETWEEN ${from.codePointAt(0)} AND ${to.codePointAt(0)}`,
  );
  return `(${ranges.join(" OR ")})`;
}

/** Null for a cell of no class. */
function inFamily(cell: string, { classes }: ClassFamily): string {
  return `CASE ${classes.map((each) => caseOf(cell, each)).join(" ")} END`;
}

function caseOf(cell: string, { name, pattern, field }: CellClass): string {
  const isReal = field === undefined ? "true" : realness(cell, field);
  const found = isReal === "true" ? text(name) : `CASE WHEN ${isReal} THEN ${text(name)} ELSE 'text' END`;
  return `WHEN ${fullMatch(cell, pattern)} THEN ${found}`;
}

/** Whether a cell with the pattern of its class is a real value. */
function realness(cell: string, field: Field): string {
  if (field.type === "object" || field.type === "array") return `coalesce(${validity(cell, field)}, false)`;
  return field.type === "boolean" ? "true" : `${castCell(cell, field, usualType(field)).attempt} IS NOT NULL`;
}

/** A word for nothing, or a number with its unit. */
function outsideFamilies(cell: string): string {
  const part = (pattern: string, group: number) => `regexp_extract(${cell}, ${text(pattern)}, ${group})`;
  const withUnit = (unit: string, digits: string) =>
    `coalesce(${unit} || ' ' || ${inFamily(digits, numberFamily)}, 'text')`;
  const led = withUnit(part(unitLed, 2), `(${part(unitLed, 1)} || ${part(unitLed, 3)})`);
  const trailed = withUnit(part(unitTrailed, 2), part(unitTrailed, 1));
  return `CASE WHEN ${fullMatch(cell, wordsForNothing)} THEN 'nothing ' || ${cell}
    WHEN regexp_matches(${cell}, ${text(unitLed)}) THEN ${led}
    WHEN regexp_matches(${cell}, ${text(unitTrailed)}) THEN ${trailed} ELSE 'text' END`;
}
