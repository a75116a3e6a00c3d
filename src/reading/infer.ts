import type { Field } from "../descriptor/types.ts";
import { kindsText } from "./cell-kinds.ts";
import { cellClass } from "./infer-classes.ts";
import { dayForms } from "./infer-dates.ts";
import { isNumberRule, numberClasses, type TypeRule, typeRules } from "./infer-rules.ts";

const wholeNumbers: ReadonlySet<string> = new Set(["bit", "year", "compact-date", "long-integer"]);

/** What a cell looks like for those who find out where a table begins: whole numbers are one class, words are text. */
export function classify(text: string): string {
  const name = cellClass(text);
  if (wholeNumbers.has(name)) return "integer";
  return /^(?:nothing .*|phone|object|array)$/.test(name) ? "text" : name;
}

/** How many cells of each class (see `cellClass`) a column has. */
export type ClassCounts = Record<string, number>;
/** The name of a class of cells. */
export type ClassName = string;

/** A type that a column may have, and the share (0 to 1) of its cells that read as it. */
export interface Candidate {
  readonly field: Omit<Field, "name">;
  readonly share: number;
  /** Why it was not taken although every cell reads as it. */
  readonly doubt?: string;
}

export interface FieldChoice {
  readonly field: Omit<Field, "name">;
  readonly reason: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Other types that at least half of the cells have, the best first. */
  readonly candidates: readonly Candidate[];
}

/** The types of all columns of a file. What one column proves of day, month and marks goes for those that prove nothing. */
export function chooseFields(columns: readonly ClassCounts[]): FieldChoice[] {
  const alone = columns.map((counts) => chooseField(counts));
  const habits = habitsOf(alone);
  return alone.map((choice, i) =>
    choice.field.type === "string" ? chooseField(columns[i] ?? {}, habits) : choice,
  );
}

/** What the columns of a file that prove something show for the others. */
export function habitsOf(choices: readonly FieldChoice[]): FileHabits {
  const fields = choices.map(({ field }) => field);
  const orders = new Set(
    fields.flatMap(({ format = "" }) =>
      dayForms.flatMap(({ formats }) =>
        (["day-first", "month-first"] as const).filter((order) => formats[order] === format),
      ),
    ),
  );
  const marks = new Set(
    fields.flatMap(({ type, decimalChar, groupChar }) => {
      if (decimalChar === "," || groupChar === ".") return ["comma" as const];
      return type === "number" || groupChar === "," ? ["point" as const] : [];
    }),
  );
  const [dayOrder, otherOrder] = orders;
  const [decimalMark, otherMark] = marks;
  return {
    ...(dayOrder && !otherOrder ? { dayOrder } : {}),
    ...(decimalMark && !otherMark ? { decimalMark } : {}),
  };
}

/** What other columns of the file show: in which order day and month stand, what a lone comma or point means. */
export interface FileHabits {
  readonly dayOrder?: "day-first" | "month-first";
  readonly decimalMark?: "comma" | "point";
}

interface Fit {
  readonly rule: TypeRule;
  readonly share: number;
  readonly isProven: boolean;
}

/** The narrowest type that every counted cell has, and why; text when there is none, or no cell at all. */
export function chooseField(counts: ClassCounts, habits: FileHabits = {}): FieldChoice {
  const all = total(counts);
  if (all === 0)
    return { field: { type: "string" }, reason: "no cell has a value", confidence: 0, candidates: [] };
  const { unit, plain } = unitOf(counts);
  const rules = unit === undefined ? typeRules : typeRules.filter(isNumberRule);
  const fits = rules
    .map((rule) => fitOf(rule, plain, all))
    .filter(({ share, isProven }) => share > 0 && isProven);
  const whole = fits.filter(({ share, rule }) => share === 1 && rule.onlyProposed === undefined);
  const [best] = whole;
  if (best) return taken(best.rule, { all, unit, candidates: candidatesOf(fits, best.rule, unit) });
  const candidates = isZeroLed(counts) ? [] : candidatesOf(fits, undefined, unit);
  return byHabit(plain, { habits, all, unit }) ?? asText(counts, all, candidates);
}

const total = (counts: ClassCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** How sure a type is that so many cells speak for, and none against. */
const sureness = (cells: number) => Math.round((1 - 1 / (cells + 1)) * 100) / 100;

function fitOf(rule: TypeRule, counts: ClassCounts, all: number): Fit {
  const names = Object.keys(counts).filter((name) => (counts[name] ?? 0) > 0);
  const read = names
    .filter((name) => rule.reads.has(name))
    .reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  return {
    rule,
    share: read / all,
    isProven: [rule.evidence, ...(rule.needs ? [rule.needs] : [])].every((some) =>
      names.some((name) => some.has(name)),
    ),
  };
}

/** The unit that all numbers have, and their classes without it. Numbers with several units are texts. */
function unitOf(counts: ClassCounts): { unit?: string; plain: ClassCounts } {
  const units = new Map<string, string>();
  const plain: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    const [unit = "", ...rest] = name.split(" ");
    const kind = rest.join(" ");
    if (!numberClasses.has(kind)) return { plain: counts };
    units.set(unit, kind);
    plain[kind] = (plain[kind] ?? 0) + count;
  }
  const [unit] = units.keys();
  return unit !== undefined && units.size === 1 ? { unit, plain } : { plain: counts };
}

const withUnit = (field: Omit<Field, "name">, unit: string | undefined): Omit<Field, "name"> =>
  unit === undefined ? field : { ...field, bareNumber: false, unit };

interface Taking {
  readonly all: number;
  readonly unit: string | undefined;
  readonly candidates: readonly Candidate[];
}

function taken(rule: TypeRule, { all, unit, candidates }: Taking): FieldChoice {
  const field = withUnit(rule.field, unit);
  return {
    field,
    reason: [`every cell reads as ${fieldText(field)}`, rule.proof, ...doubts(candidates)]
      .filter((part) => part !== undefined)
      .join("; "),
    confidence: sureness(all),
    candidates,
  };
}

const doubts = (candidates: readonly Candidate[]): string[] =>
  candidates
    .filter(({ share, doubt }) => share === 1 && doubt !== undefined)
    .map(({ field }) => `${fieldText(field)} would do too`);

/** A field for people: `number with decimal comma, unit %`. */
export function fieldText({ type, format, decimalChar, groupChar, unit }: Omit<Field, "name">): string {
  return [
    format ? `${type} ${format}` : type,
    decimalChar && "with decimal comma",
    groupChar && `with thousands grouped by "${groupChar}"`,
    unit && `in ${String(unit)}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** At most this many other types are told of. */
const mostCandidates = 3;

/** Beside a type that was taken: those that every cell has too, but that are only proposed. */
function candidatesOf(
  fits: readonly Fit[],
  best: TypeRule | undefined,
  unit: string | undefined,
): Candidate[] {
  const told = new Set(best ? [JSON.stringify(best.field)] : []);
  const isNew = (mark: string) => !told.has(mark) && told.add(mark);
  return fits
    .filter(({ rule, share }) =>
      rule.onlyProposed === undefined ? best === undefined && share >= 0.5 : share === 1,
    )
    .toSorted((a, b) => b.share - a.share)
    .filter(({ rule: { field } }) => isNew(JSON.stringify(field)))
    .filter(({ rule: { field }, share }) => isNew(`${field.type} ${share}`))
    .slice(0, mostCandidates)
    .map(({ rule, share }) => ({
      field: withUnit(rule.field, unit),
      share: Math.floor(share * 10_000) / 10_000,
      ...(rule.onlyProposed === undefined ? {} : { doubt: rule.onlyProposed }),
    }));
}

interface ByHabit {
  readonly habits: FileHabits;
  readonly all: number;
  readonly unit: string | undefined;
}

/** The type of a column that could be read in two ways, in the way that another column of the file shows. */
function byHabit(counts: ClassCounts, { habits, all, unit }: ByHabit): FieldChoice | undefined {
  const names = Object.keys(counts);
  const form = dayForms.find((each) => names.length === 1 && names[0] === `${each.form} either`);
  const said = (field: Omit<Field, "name">, habit: string): FieldChoice => ({
    field: withUnit(field, unit),
    reason: `every cell reads as ${fieldText(field)}; ${habit}, as elsewhere in the file`,
    confidence: Math.min(0.9, sureness(all)),
    candidates: [],
  });
  if (form && habits.dayOrder)
    return said(
      { type: form.type, format: form.formats[habits.dayOrder] },
      `the ${habits.dayOrder.slice(0, -6)} stands first`,
    );
  const isThousands = names.every((name) => numberClasses.has(name)) && names.includes("comma-thousand");
  if (!isThousands || !habits.decimalMark) return undefined;
  const field =
    habits.decimalMark === "comma"
      ? { type: "number" as const, decimalChar: "," }
      : { type: "integer" as const, groupChar: "," };
  return said(field, `a ${habits.decimalMark} stands before decimals`);
}

function asText(counts: ClassCounts, all: number, candidates: readonly Candidate[]): FieldChoice {
  const [best] = candidates;
  const open = ambiguity(counts);
  const doubted = best && best.share < 1 ? 1 - best.share / 2 : 1;
  return {
    field: { type: "string" },
    reason: open ?? reasonForText(counts, best),
    confidence: open ? 0.5 : Math.round(sureness(all) * doubted * 100) / 100,
    candidates,
  };
}

/** Why cells of one look are left as text: what they mean is not sure. */
function ambiguity(counts: ClassCounts): string | undefined {
  const names = Object.keys(counts).map((name) => name.replace(/^.* (?=either$|comma-thousand$)/, ""));
  if (names.every((name) => name === "either"))
    return "dates, but nothing shows whether the day or the month comes first";
  if (names.includes("comma-thousand") && Object.keys(counts).every((name) => numberClasses.has(name)))
    return "numbers, but nothing shows whether the comma groups thousands or stands before decimals";
  return undefined;
}

function isZeroLed(counts: ClassCounts): boolean {
  return "zero-led" in counts && Object.keys(counts).every((name) => numberClasses.has(name));
}

function reasonForText(counts: ClassCounts, best: Candidate | undefined): string {
  const names = Object.keys(counts);
  if (isZeroLed(counts)) return "cells are digits with leading zeros, which only text keeps";
  if (names.every((name) => name === "phone")) return "cells are telephone numbers, which only text keeps";
  if (best?.doubt !== undefined && best.share === 1)
    return `cells read as ${fieldText(best.field)}, but ${best.doubt}`;
  if (names.length === 1 && names[0] === "text") return "cells are text";
  if (names.every((name) => name.startsWith("nothing "))) return "cells are words for nothing, such as n/a";
  if (best && best.share < 1)
    return `${percent(best.share)} of the cells read as ${fieldText(best.field)}, others do not`;
  return `cells differ: ${kindsText(counts)}`;
}

/** Never rounded up to all. */
const percent = (share: number) => `${Math.floor(share * 1000) / 10} %`;
