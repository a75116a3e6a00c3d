import type { Field } from "../descriptor/types.ts";
import { cellTest } from "./types/registry.ts";

/**
 * What a cell looks like. A cell belongs to the first class whose field reads it; a column's type follows
 * from the classes that its cells have, so one scan with one test per cell decides, here or in SQL.
 * What belongs to no class is text: leading zeros, phone numbers, codes.
 */
export interface CellClass {
  readonly name: ClassName;
  readonly field: Field;
  /** Narrower than the field's own pattern. */
  readonly pattern: string;
}

export type ClassName =
  | "integer"
  | "number"
  | "comma-thousand"
  | "comma-number"
  | "boolean"
  | "date"
  | "datetime"
  | "datetime-space"
  | "datetime-zoned"
  | "time"
  | "day-first"
  | "month-first"
  | "day-or-month-first"
  | "dotted-date"
  | "zero-led"
  | "text";

const day12 = "(?:0?[1-9]|1[0-2])";
const day31 = "(?:1[3-9]|2[0-9]|3[01])";
const named = (field: Omit<Field, "name">): Field => ({ name: "", ...field }) as Field;
const isoDay = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?";

/** The classes in the order in which they are tried. */
export const cellClasses: readonly CellClass[] = [
  { name: "integer", pattern: "-?(?:0|[1-9][0-9]*)", field: named({ type: "integer" }) },
  {
    name: "number",
    pattern: "-?(?:0|[1-9][0-9]*)?\\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?(?:0|[1-9][0-9]*)\\.?[eE][+-]?[0-9]+",
    field: named({ type: "number" }),
  },
  { name: "date", pattern: isoDay, field: named({ type: "date" }) },
  { name: "datetime", pattern: `${isoDay}T${clock}`, field: named({ type: "datetime", zoned: false }) },
  {
    name: "datetime-zoned",
    pattern: `${isoDay}T${clock}(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])`,
    field: named({ type: "datetime", zoned: true }),
  },
  {
    name: "datetime-space",
    pattern: `${isoDay} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]`,
    field: named({ type: "datetime", format: "%Y-%m-%d %H:%M:%S" }),
  },
  { name: "boolean", pattern: "true|True|TRUE|false|False|FALSE", field: named({ type: "boolean" }) },
  { name: "time", pattern: clock, field: named({ type: "time" }) },
  {
    name: "day-first",
    pattern: `${day31}/${day12}/[0-9]{4}`,
    field: named({ type: "date", format: "%d/%m/%Y" }),
  },
  {
    name: "month-first",
    pattern: `${day12}/${day31}/[0-9]{4}`,
    field: named({ type: "date", format: "%m/%d/%Y" }),
  },
  {
    name: "day-or-month-first",
    pattern: `${day12}/${day12}/[0-9]{4}`,
    field: named({ type: "date", format: "%d/%m/%Y" }),
  },
  {
    name: "dotted-date",
    pattern: `(?:0?[1-9]|[12][0-9]|3[01])\\.${day12}\\.[0-9]{4}`,
    field: named({ type: "date", format: "%d.%m.%Y" }),
  },
  {
    name: "comma-thousand",
    pattern: "-?[1-9][0-9]{0,2},[0-9]{3}",
    field: named({ type: "number", decimalChar: "," }),
  },
  {
    name: "comma-number",
    pattern: "-?(?:0|[1-9][0-9]*),[0-9]+",
    field: named({ type: "number", decimalChar: "," }),
  },
  { name: "zero-led", pattern: "-?0[0-9]+", field: named({ type: "string" }) },
];

/** What a cell of any class but text begins with; one look at it spares most texts the other patterns. */
export const firstCharacter = "^[-.0-9tTfF]";

const compiled = cellClasses.map(({ name, pattern, field }) => ({
  name,
  test: new RegExp(`^(?:${pattern})$`),
  isReal: cellTest(field),
}));

const first = new RegExp(firstCharacter);

/** The class of one cell that is no missing value. */
export function classify(text: string): ClassName {
  if (!first.test(text)) return "text";
  for (const { name, test, isReal } of compiled) {
    if (test.test(text)) return isReal(text) ? name : "text";
  }
  return "text";
}

/** How many cells of each class a column has. */
export type ClassCounts = Partial<Record<ClassName, number>>;

export interface FieldChoice {
  readonly field: Omit<Field, "name">;
  readonly reason: string;
}

interface Rule {
  readonly allowed: readonly ClassName[];
  /** At least one of these must be there. */
  readonly evidence: readonly ClassName[];
  readonly field: Omit<Field, "name">;
}

const rules: readonly Rule[] = [
  { allowed: ["integer"], evidence: ["integer"], field: { type: "integer" } },
  { allowed: ["integer", "number"], evidence: ["number"], field: { type: "number" } },
  { allowed: ["boolean"], evidence: ["boolean"], field: { type: "boolean" } },
  { allowed: ["date"], evidence: ["date"], field: { type: "date" } },
  { allowed: ["datetime"], evidence: ["datetime"], field: { type: "datetime", zoned: false } },
  { allowed: ["datetime-zoned"], evidence: ["datetime-zoned"], field: { type: "datetime", zoned: true } },
  {
    allowed: ["datetime-space"],
    evidence: ["datetime-space"],
    field: { type: "datetime", format: "%Y-%m-%d %H:%M:%S" },
  },
  { allowed: ["time"], evidence: ["time"], field: { type: "time" } },
  {
    allowed: ["day-first", "day-or-month-first"],
    evidence: ["day-first"],
    field: { type: "date", format: "%d/%m/%Y" },
  },
  {
    allowed: ["month-first", "day-or-month-first"],
    evidence: ["month-first"],
    field: { type: "date", format: "%m/%d/%Y" },
  },
  { allowed: ["dotted-date"], evidence: ["dotted-date"], field: { type: "date", format: "%d.%m.%Y" } },
  {
    allowed: ["integer", "comma-thousand", "comma-number"],
    evidence: ["comma-number"],
    field: { type: "number", decimalChar: "," },
  },
];

/** The narrowest type that every counted cell has, and why; text when there is none, or no cell at all. */
export function chooseField(counts: ClassCounts): FieldChoice {
  const seen = cellClasses
    .map(({ name }) => name)
    .concat("text")
    .filter((name) => (counts[name] ?? 0) > 0);
  if (seen.length === 0) return { field: { type: "string" }, reason: "no cell has a value" };
  const rule = rules.find(
    ({ allowed, evidence }) =>
      seen.every((name) => allowed.includes(name)) && seen.some((name) => evidence.includes(name)),
  );
  if (rule)
    return {
      field: rule.field,
      reason: `every cell reads as ${rule.field.type}${rule.field.format ? ` ${rule.field.format}` : ""}`,
    };
  return { field: { type: "string" }, reason: reasonForText(seen, counts) };
}

function reasonForText(seen: readonly ClassName[], counts: ClassCounts): string {
  if (seen.length === 1 && seen[0] === "day-or-month-first")
    return "dates, but nothing shows whether the day or the month comes first";
  if (seen.every((name) => name === "integer" || name === "zero-led"))
    return "cells are digits with leading zeros, which only text keeps";
  if (seen.length === 1)
    return seen[0] === "text" ? "cells are text" : `cells are ${seen[0]}, which more than one type could be`;
  return `cells differ: ${seen.map((name) => `${counts[name]} ${name}`).join(", ")}`;
}
