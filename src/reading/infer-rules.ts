import type { Field } from "../descriptor/types.ts";
import { families, groupChars, numberFamily } from "./infer-classes.ts";
import { dayForms } from "./infer-dates.ts";

/** A type that a column may have: the classes of cells that it reads, and those of which it needs one. */
export interface TypeRule {
  readonly field: Omit<Field, "name">;
  readonly reads: ReadonlySet<string>;
  readonly evidence: ReadonlySet<string>;
  /** Of these it needs one too. */
  readonly needs?: ReadonlySet<string>;
  /** What the evidence is, for reasons: `a day above 12 stands first`. */
  readonly proof?: string;
  /** True: only proposed, never taken; the text says why. */
  readonly onlyProposed?: string;
}

interface RuleOptions {
  readonly reads?: readonly string[];
  readonly evidence: readonly string[];
  readonly proof?: string;
  readonly onlyProposed?: string;
}

function rule(field: Omit<Field, "name">, { reads = [], evidence, ...rest }: RuleOptions): TypeRule {
  return { field, reads: new Set([...reads, ...evidence]), evidence: new Set(evidence), ...rest };
}

/** Classes of whole numbers as every notation writes them. */
const whole = ["bit", "year", "compact-date", "integer"];
const long = ["long-integer"];

/** Numbers whose thousands are grouped; with a comma or a point between groups, the other one stands before decimals. */
function groupedRules([word, groupChar]: readonly [string, string]): TypeRule[] {
  const marks = (["point", "comma"] as const).filter((mark) => mark !== word);
  const grouped = [`${word}-grouped`, ...(marks.length === 1 ? [`${word}-thousand`] : [])];
  const decimals = marks.map((mark) => ({
    ...rule(
      { type: "number", ...(mark === "comma" ? { decimalChar: "," } : {}), groupChar },
      {
        reads: [...whole, ...grouped, `${mark}-thousand`],
        evidence: [`${word}-grouped-${mark}`, mark === "point" ? "number" : "comma-number"],
      },
    ),
    needs: new Set([`${word}-grouped`, `${word}-grouped-${mark}`]),
  }));
  const integers = rule({ type: "integer", groupChar }, { reads: whole, evidence: grouped.slice(0, 1) });
  const codes = rule(integers.field, {
    evidence: grouped.slice(0, 1),
    onlyProposed: "digits in groups may also be a code or a telephone number",
  });
  const some = { ...integers, reads: new Set([...integers.reads, ...grouped]) };
  return word === "space" ? [codes, { ...some, needs: new Set(whole) }, ...decimals] : [some, ...decimals];
}

const dateRules: readonly TypeRule[] = dayForms.flatMap(({ form, type, formats }) => [
  rule(
    { type, format: formats["day-first"] },
    { reads: [`${form} either`], evidence: [`${form} day-first`], proof: "a day above 12 stands first" },
  ),
  rule(
    { type, format: formats["month-first"] },
    { reads: [`${form} either`], evidence: [`${form} month-first`], proof: "a day above 12 stands second" },
  ),
]);

/** Dates and times of one class each, which read by themselves. */
const plainClasses: readonly TypeRule[] = families
  .flatMap(({ classes }) => classes)
  .filter(({ name, field }) => field !== undefined && !/ (?:day-first|month-first|either)$/.test(name))
  .map(({ name, field }) => {
    const { name: _, ...rest } = field ?? { name: "", type: "any" as const };
    return rule(rest, { evidence: [name] });
  });

/** The rules in the order in which they are tried: narrow types before wide ones. */
export const typeRules: readonly TypeRule[] = [
  rule({ type: "boolean" }, { evidence: ["boolean"] }),
  rule(
    { type: "boolean", trueValues: ["1"], falseValues: ["0"] },
    { evidence: ["bit"], onlyProposed: "0 and 1 may also be numbers" },
  ),
  rule({ type: "year" }, { evidence: ["year"], onlyProposed: "years may also be numbers" }),
  rule(
    { type: "date", format: "%Y%m%d" },
    { evidence: ["compact-date"], onlyProposed: "dates without separators may also be numbers" },
  ),
  rule({ type: "yearmonth" }, { evidence: ["year-month"], onlyProposed: "it may also be a code" }),
  rule({ type: "integer" }, { reads: [...whole, ...long], evidence: whole }),
  rule(
    { type: "integer" },
    { evidence: long, onlyProposed: "whole numbers of more than 18 digits are identifiers, as a rule" },
  ),
  rule({ type: "number" }, { reads: [...whole, ...long, "point-thousand"], evidence: ["number"] }),
  ...plainClasses,
  ...dateRules,
  ...Object.entries(groupChars).flatMap(groupedRules),
  rule(
    { type: "number", decimalChar: "," },
    {
      reads: [...whole, "comma-thousand"],
      evidence: ["comma-number"],
      proof: "commas stand before decimals",
    },
  ),
  rule(
    { type: "number", decimalChar: ",", groupChar: "." },
    {
      reads: [...whole, "comma-thousand", "point-thousand", "point-grouped", "point-grouped-comma"],
      evidence: ["comma-number"],
      proof: "commas stand before decimals",
    },
  ),
  rule(
    { type: "number", groupChar: "," },
    {
      reads: [...whole, "comma-thousand", "point-thousand", "comma-grouped", "comma-grouped-point"],
      evidence: ["number"],
      proof: "points stand before decimals",
    },
  ),
  rule({ type: "number" }, { reads: whole, evidence: ["point-thousand"] }),
];

/** Rules for what stands beside a unit. */
export const isNumberRule = ({ field }: TypeRule): boolean =>
  field.type === "number" || field.type === "integer";

/** Classes of numbers. */
export const numberClasses: ReadonlySet<string> = new Set(numberFamily.classes.map(({ name }) => name));
