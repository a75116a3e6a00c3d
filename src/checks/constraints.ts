import { Temporal } from "../base/temporal.ts";
import { categoriesOf } from "../descriptor/categories.ts";
import { isJsonObject } from "../descriptor/problem.ts";
import type { Constraints, Field } from "../descriptor/types.ts";
import { jsonSchemaTest } from "../reading/json-schema.ts";
import { patternTest } from "../reading/pattern.ts";
import { constantOf } from "../reading/schema-problems.ts";

/** One rule about a field's values, other than those that compare rows. */
export interface ConstraintTest {
  readonly constraint: string;
  /** Such as `at least 10`; a sentence says "must be" before it. */
  readonly expected: string;
  /** Whether a value, and the text it was read from, keeps the rule. Not asked of missing values. */
  readonly passes: (value: unknown, text: string) => boolean;
  /** False if the text is all that is looked at. */
  readonly needsValue: boolean;
  /** The type of its errors; `constraint-error` unless told. */
  readonly type?: "category-error";
}

/** The tests of a field's constraints, without `required` and `unique`. */
export function constraintTests(field: Field): ConstraintTest[] {
  const { constraints = {} } = field;
  return [
    ...lengthTests(field, constraints),
    ...boundTests(field, constraints),
    ...patternTests(constraints),
    ...enumTests(field, constraints),
    ...jsonSchemaTests(constraints),
    ...categoryTests(field),
  ];
}

function lengthTests({ type }: Field, { minLength, maxLength }: Constraints): ConstraintTest[] {
  const tests: ConstraintTest[] = [];
  const needsValue = type === "list" || type === "array" || type === "object";
  if (minLength !== undefined)
    tests.push({
      constraint: "minLength",
      expected: `at least ${minLength} long`,
      passes: (value, text) =>
        (!needsValue && text.length >= 2 * minLength) || lengthOf(value, text) >= minLength,
      needsValue,
    });
  if (maxLength !== undefined)
    tests.push({
      constraint: "maxLength",
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

function boundTests(field: Field, constraints: Constraints): ConstraintTest[] {
  return (Object.keys(bounds) as (keyof typeof bounds)[]) // its own keys
    .flatMap((constraint): ConstraintTest[] => {
      const told = constraints[constraint];
      if (told === undefined) return [];
      const bound = constantOf(field, told);
      const { words, passes } = bounds[constraint];
      const expected = `${words} ${told}`;
      if (isoDays(field, told))
        return [
          { constraint, expected, passes: (_, text) => passes(compareTexts(text, told)), needsValue: false },
        ];
      return [
        {
          constraint,
          expected,
          passes: (value) => bound !== undefined && passes(compareValues(value, bound)),
          needsValue: true,
        },
      ];
    });
}

/** ISO dates stand in the order of their texts. */
function isoDays({ type, format = "default" }: Field, bound: unknown): bound is string {
  return (
    type === "date" &&
    format === "default" &&
    typeof bound === "string" &&
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(bound)
  );
}

const compareTexts = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

/** Negative if the first value is less, zero if both are equal. Values of one type only. */
export function compareValues(a: unknown, b: unknown): number {
  const isPlain = typeof a === "number" && typeof b === "number";
  const left = isPlain ? a : orderOf(a);
  const right = isPlain ? b : orderOf(b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const microsecondsOfDay = 86_400_000_000;

/** Something that orders as the value does. A month counts 30 days, as in the engine. */
function orderOf(value: unknown): number | bigint | string {
  if (value instanceof Temporal.PlainDateTime) return value.toZonedDateTime("UTC").epochNanoseconds;
  if (value instanceof Temporal.Instant) return value.epochNanoseconds;
  if (value instanceof Temporal.PlainTime) return value.toString({ fractionalSecondDigits: 9 });
  if (value instanceof Temporal.Duration) {
    const days = (value.years * 12 + value.months) * 30 + value.weeks * 7 + value.days;
    const { hours, minutes, seconds, milliseconds, microseconds } = value;
    const clock = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + milliseconds * 1000 + microseconds;
    return days * microsecondsOfDay + clock;
  }
  return typeof value === "number" || typeof value === "bigint" ? value : String(value);
}

function patternTests({ pattern }: Constraints): ConstraintTest[] {
  if (pattern === undefined) return [];
  const test = patternTest(pattern);
  return [
    {
      constraint: "pattern",
      expected: `a text like ${pattern}`,
      passes: (_, text) => test(text),
      needsValue: false,
    },
  ];
}

function enumTests(field: Field, { enum: allowed }: Constraints): ConstraintTest[] {
  return allowed === undefined ? [] : [{ constraint: "enum", ...oneOf(field, allowed) }];
}

function categoryTests(field: Field): ConstraintTest[] {
  const values = categoriesOf(field)?.map(({ value }) => value);
  if (values === undefined) return [];
  return [{ constraint: "categories", type: "category-error", ...oneOf(field, values) }];
}

/** The test that a value is one of some, which are told as JSON or as texts of the field. */
function oneOf(
  field: Field,
  allowed: readonly unknown[],
): Pick<ConstraintTest, "expected" | "passes" | "needsValue"> {
  const known = new Set(allowed.map((each) => keyOf(constantOf(field, each) ?? each)));
  const shown = allowed.map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each)));
  return {
    expected: `one of ${shown.join(", ")}`,
    passes: (value) => known.has(keyOf(value)),
    needsValue: field.type !== "string",
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

/** The same text for values that are the same: `1` and `01` as numbers. */
export function keyOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
