import { Temporal } from "../base/temporal.ts";
import { categoriesOf } from "../descriptor/categories.ts";
import { isJsonObject } from "../descriptor/problem.ts";
import type { Constraints, Field } from "../descriptor/types.ts";
import { compareValues, keyOf } from "./compare-values.ts";
import { boundOf, constantOf, decimalOf } from "./constants.ts";
import { compareDecimals } from "./decimals.ts";
import { jsonSchemaTest } from "./json-schema.ts";
import { patternTest } from "./pattern.ts";

/** One rule about a field's values, other than those that compare rows. */
export interface ConstraintTest {
  readonly constraint: string;
  /** Such as `at least 10`; a sentence says "must be" before it. */
  readonly expected: string;
  /** Whether a value, and the text it was read from, keeps the rule. Not asked of missing values. */
  readonly passes: (value: unknown, text: string) => boolean;
  /** False if the text is all that is looked at. */
  readonly needsValue: boolean;
  /** What values are compared with, as the field reads it: of numbers the plain digits. */
  readonly constants?: readonly unknown[];
  /** The length or the pattern that the field tells. */
  readonly told?: number | string;
  /** The type of its errors; `constraint-error` unless told. */
  readonly type?: "category-error";
}

/**
 * The tests of a field's constraints, without `required` and `unique`. `cells` is the field as its cells are
 * written, where they are not as the field has them any more.
 */
export function constraintTests(field: Field, cells: Field = field): ConstraintTest[] {
  const { constraints = {} } = field;
  return [
    ...lengthTests(field, constraints),
    ...boundTests(field, cells),
    ...patternTests(constraints),
    ...enumTests(field, cells),
    ...jsonSchemaTests(constraints),
    ...categoryTests(field, cells),
  ];
}

function lengthTests({ type }: Field, { minLength, maxLength }: Constraints): ConstraintTest[] {
  const tests: ConstraintTest[] = [];
  const needsValue = ["list", "array", "object", "geojson"].includes(type);
  if (minLength !== undefined)
    tests.push({
      constraint: "minLength",
      told: minLength,
      expected: `at least ${minLength} long`,
      passes: (value, text) =>
        (!needsValue && text.length >= 2 * minLength) || lengthOf(value, text) >= minLength,
      needsValue,
    });
  if (maxLength !== undefined)
    tests.push({
      constraint: "maxLength",
      told: maxLength,
      expected: `at most ${maxLength} long`,
      passes: (value, text) =>
        (!needsValue && text.length <= maxLength) || lengthOf(value, text) <= maxLength,
      needsValue,
    });
  return tests;
}

/** Characters of a text, items of a list, keys of an object. */
function lengthOf(value: unknown, text: string): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.keys(value).length;
  return Array.from(text).length;
}

const bounds = {
  minimum: { words: "at least", passes: (order: number) => order >= 0 },
  maximum: { words: "at most", passes: (order: number) => order <= 0 },
  exclusiveMinimum: { words: "more than", passes: (order: number) => order > 0 },
  exclusiveMaximum: { words: "less than", passes: (order: number) => order < 0 },
} as const;

function boundTests(field: Field, cells: Field): ConstraintTest[] {
  return (Object.keys(bounds) as (keyof typeof bounds)[]) // its own keys
    .flatMap((constraint): ConstraintTest[] => {
      const told = field.constraints?.[constraint];
      if (told === undefined) return [];
      const bound = boundOf(field, told);
      const { words, passes } = bounds[constraint];
      const base = { constraint, expected: `${words} ${told}`, constants: [bound] };
      if (isoDays(cells, bound))
        return [
          { ...base, passes: (_, text) => passes(compareTexts(text, bound.toString())), needsValue: false },
        ];
      const compare = field.type === "number" ? decimalOrder(cells, String(bound)) : compareValues;
      return [
        {
          ...base,
          passes: (value, text) => bound !== undefined && passes(compare(value, bound, text)),
          needsValue: true,
        },
      ];
    });
}

/** As many digits always survive a double. */
const digitsOfDouble = 15;

/** The order of numbers by all their digits. */
function decimalOrder(cells: Field, bound: string): (value: unknown, bound: unknown, text: string) => number {
  const isShort = bound.length <= digitsOfDouble;
  const number = Number(bound);
  return (value, _, text) =>
    isShort && text.length <= digitsOfDouble
      ? compareValues(value, number)
      : compareDecimals(decimalOf(text, cells), bound);
}

const compareTexts = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

/** ISO dates stand in the order of their texts. */
function isoDays({ format = "default" }: Field, bound: unknown): bound is Temporal.PlainDate {
  return format === "default" && bound instanceof Temporal.PlainDate;
}

function patternTests({ pattern }: Constraints): ConstraintTest[] {
  if (pattern === undefined) return [];
  const test = patternTest(pattern);
  return [
    {
      constraint: "pattern",
      told: pattern,
      expected: `a text like ${pattern}`,
      passes: (_, text) => test(text),
      needsValue: false,
    },
  ];
}

function enumTests(field: Field, cells: Field): ConstraintTest[] {
  const allowed = field.constraints?.enum;
  return allowed === undefined ? [] : [{ constraint: "enum", ...oneOf(field, allowed, cells) }];
}

function categoryTests(field: Field, cells: Field): ConstraintTest[] {
  const values = categoriesOf(field)?.map(({ value }) => value);
  if (values === undefined) return [];
  return [{ constraint: "categories", type: "category-error", ...oneOf(field, values, cells) }];
}

/** The test that a value is one of some, which are told as JSON or as texts of the field. */
function oneOf(field: Field, allowed: readonly unknown[], cells: Field): Omit<ConstraintTest, "constraint"> {
  const constants = allowed.filter((each) => each !== null).map((each) => constantOf(field, each));
  const known = new Set(constants.map(keyOf));
  const shown = allowed.map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each)));
  const key = field.type === "number" ? (_: unknown, text: string) => decimalOf(text, cells) : keyOf;
  return {
    expected: `one of ${shown.join(", ")}`,
    constants,
    passes: (value, text) => known.has(key(value, text)),
    needsValue: field.type !== "string" && field.type !== "number",
  };
}

function jsonSchemaTests({ jsonSchema }: Constraints): ConstraintTest[] {
  if (!isJsonObject(jsonSchema)) return [];
  const problemOf = jsonSchemaTest(jsonSchema);
  return [
    {
      constraint: "jsonSchema",
      expected: "as its JSON Schema says",
      passes: (value) => problemOf(value) === undefined,
      needsValue: true,
    },
  ];
}
