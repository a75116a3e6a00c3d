import { nearestName } from "../base/nearest-name.ts";
import {
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  misplacedProblems,
  pointerTo,
  propertyProblems,
  type Rule,
  rules,
  textOf,
} from "./problem.ts";
import type { FieldType } from "./types.ts";
import { missingValueProblems, optionProblems } from "./validate-options.ts";

/** The strptime directives that formats of dates and times may use. */
export const temporalDirectives = "YymdHIMSfpjbBaAz%";

const numeric = ["unique", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
const sized = ["unique", "minLength", "maxLength"];

/** For each type its formats and its constraints beside `required` and `enum`: Table Schema v2. */
const types: Readonly<Record<FieldType, { formats: readonly string[]; constraints: readonly string[] }>> = {
  string: { formats: ["email", "uri", "binary", "uuid"], constraints: [...sized, "pattern"] },
  number: { formats: [], constraints: numeric },
  integer: { formats: [], constraints: numeric },
  boolean: { formats: [], constraints: ["unique"] },
  date: { formats: ["any", "%"], constraints: numeric },
  time: { formats: ["any", "%"], constraints: numeric },
  datetime: { formats: ["any", "%"], constraints: numeric },
  year: { formats: [], constraints: numeric },
  yearmonth: { formats: [], constraints: numeric },
  duration: { formats: [], constraints: numeric },
  list: { formats: [], constraints: sized },
  object: { formats: [], constraints: [...sized, "jsonSchema"] },
  array: { formats: [], constraints: [...sized, "jsonSchema"] },
  geopoint: { formats: ["array", "object"], constraints: ["unique"] },
  geojson: { formats: ["topojson"], constraints: sized },
  any: { formats: [], constraints: ["unique"] },
};

/** The types of Table Schema v2. */
export const fieldTypeNames: readonly string[] = Object.keys(types);

const isFieldType = (name: unknown): name is FieldType => fieldTypeNames.includes(textOf(name));

const fieldRules: Readonly<Record<string, Rule>> = {
  name: rules.text,
  type: rules.text,
  format: rules.text,
  title: rules.text,
  description: rules.text,
  example: { expected: "a value", fits: () => true },
  constraints: rules.object,
  missingValues: rules.list,
  decimalChar: rules.filledText,
  groupChar: rules.text,
  bareNumber: rules.flag,
  trueValues: rules.texts,
  falseValues: rules.texts,
  delimiter: rules.filledText,
  itemType: rules.text,
  categories: rules.list,
  categoriesOrdered: rules.flag,
  rdfType: rules.text,
  role: rules.text,
};

/** Names that other systems have for types. */
const otherNames: Readonly<Record<string, FieldType>> = {
  text: "string",
  str: "string",
  varchar: "string",
  char: "string",
  int: "integer",
  int64: "integer",
  bigint: "integer",
  long: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  numeric: "number",
  real: "number",
  float64: "number",
  bool: "boolean",
  timestamp: "datetime",
  json: "object",
  point: "geopoint",
};

const bound: Rule = {
  expected: "a number or a text",
  fits: (value) => typeof value === "number" || typeof value === "string",
};

const constraintRules: Readonly<Record<string, Rule>> = {
  required: rules.flag,
  unique: rules.flag,
  minLength: rules.count,
  maxLength: rules.count,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  pattern: rules.text,
  enum: {
    expected: "a list with at least one value",
    fits: (value) => Array.isArray(value) && value.length > 0,
  },
  jsonSchema: rules.object,
};

/** What people write beside the constraints that belongs among them. */
const inConstraints = Object.fromEntries(
  Object.keys(constraintRules).map((name) => [name, "the `constraints` of the field"]),
);

/** What is wrong with one field of a schema. */
export function fieldProblems(field: unknown, pointer: string): DescriptorProblem[] {
  const place = { code: "field-error" as const, pointer };
  if (!isJsonObject(field)) return [{ ...place, message: "A field is not an object." }];
  if (typeof field.name !== "string")
    return [{ ...place, message: "A field has no name.", hint: "Give each field a `name`." }];
  const what = `field "${field.name}"`;
  return [
    ...propertyProblems(field, fieldRules, { ...place, what }),
    ...typeProblems(field, pointer, what),
    ...misplacedProblems(field, inConstraints, { ...place, what }),
    ...missingValueProblems(field.missingValues, { ...place, what }),
    ...optionProblems(field, { ...place, what }),
    ...(isJsonObject(field.constraints)
      ? constraintProblems(field.constraints, { field, pointer: pointerTo(pointer, "constraints"), what })
      : []),
  ];
}

function typeProblems(field: JsonObject, pointer: string, what: string): DescriptorProblem[] {
  const { type, format } = field;
  if (type === undefined) return [];
  if (!isFieldType(type)) {
    const meant =
      typeof type === "string"
        ? (otherNames[type.toLowerCase()] ?? nearestName(type, fieldTypeNames))
        : undefined;
    return [
      {
        code: "field-error",
        pointer: pointerTo(pointer, "type"),
        message: `The type "${textOf(type)}" of ${what} is not known; known are ${fieldTypeNames.join(", ")}.`,
        ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
      },
    ];
  }
  if (typeof format !== "string" || format === "default") return [];
  const message = formatProblem(format, types[type].formats);
  return message === undefined
    ? []
    : [
        {
          code: "field-error",
          pointer: pointerTo(pointer, "format"),
          message: `The format "${format}" of ${what} ${message}.`,
        },
      ];
}

function formatProblem(format: string, known: readonly string[]): string | undefined {
  if (known.includes(format)) return undefined;
  if (known.includes("%") && format.includes("%")) {
    const unknown = [...format.matchAll(/%(.?)/g)].find(
      ([, letter]) => !temporalDirectives.includes(letter || "?"),
    );
    return unknown ? `uses ${unknown[0]}, which is not known` : hourProblem(format);
  }
  const names = ["default", ...known.map((name) => (name === "%" ? "a pattern such as %d/%m/%Y" : name))];
  return `is not known; known are ${names.join(", ")}`;
}

/** Hours of 12 and their halves of the day belong together; one alone would be read wrongly and nobody told. */
function hourProblem(format: string): string | undefined {
  const letters = [...format.matchAll(/%(.)/g)].map(([, letter]) => letter);
  if (letters.includes("p") && !letters.includes("I"))
    return "uses %p without %I: hours from 1 to 12 are %I, %H are those from 0 to 23";
  return letters.includes("I") && !letters.includes("p")
    ? "uses %I, hours from 1 to 12, without %p for AM and PM: hours from 0 to 23 are %H"
    : undefined;
}

interface OfField {
  readonly field: JsonObject;
  readonly pointer: string;
  readonly what: string;
}

function constraintProblems(constraints: JsonObject, { field, pointer, what }: OfField): DescriptorProblem[] {
  const place = { code: "field-error" as const, pointer };
  const allowed = isFieldType(field.type)
    ? ["required", "enum", "unique", ...types[field.type].constraints]
    : Object.keys(constraintRules).filter(
        (name) => field.type !== undefined || constraintRules[name] !== bound,
      );
  const misplaced = Object.keys(constraints).filter(
    (name) => name in constraintRules && !allowed.includes(name),
  );
  const known = Object.entries(constraints).filter(([name]) => Object.hasOwn(constraintRules, name));
  return [
    ...unknownConstraints(constraints, pointer, what),
    ...propertyProblems(Object.fromEntries(known), constraintRules, {
      ...place,
      what: `the constraints of ${what}`,
    }),
    ...misplaced.map((name) => ({
      ...place,
      pointer: pointerTo(pointer, name),
      message:
        field.type === undefined
          ? `The constraint "${name}" of ${what} needs a \`type\`, which says what is less and what is more.`
          : `The constraint "${name}" of ${what} does not apply to the type ${textOf(field.type)}.`,
    })),
    ...rangeProblems(constraints, pointer, what),
    ...patternProblems(constraints.pattern, pointer, what),
  ];
}

/** Constraints that nobody would test: the standard wants an error. */
function unknownConstraints(constraints: JsonObject, pointer: string, what: string): DescriptorProblem[] {
  const known = Object.keys(constraintRules);
  return Object.keys(constraints)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearestName(name, known);
      return {
        code: "field-error",
        pointer: pointerTo(pointer, name),
        message: `The constraint "${name}" of ${what} is not known, so it would not be tested; known are ${known.join(", ")}.`,
        ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
      };
    });
}

function rangeProblems(constraints: JsonObject, pointer: string, what: string): DescriptorProblem[] {
  return (
    [
      ["minimum", "maximum"],
      ["minLength", "maxLength"],
    ] as const
  ).flatMap(([low, high]) => {
    const [from, to] = [constraints[low], constraints[high]];
    if (typeof from !== "number" || typeof to !== "number" || from <= to) return [];
    const message = `The constraint "${low}" of ${what} is above its "${high}".`;
    return [{ code: "field-error" as const, pointer: pointerTo(pointer, low), message }];
  });
}

/** What a regular expression of JavaScript has and one of XML Schema has not. */
const lookAround = /\(\?<?[=!]|\\[1-9]|\\k</;

function patternProblems(pattern: unknown, pointer: string, what: string): DescriptorProblem[] {
  if (typeof pattern !== "string") return [];
  if (!lookAround.test(pattern.replaceAll("\\\\", ""))) return [];
  const message = `The pattern "${pattern}" of ${what} looks around or refers back, which patterns of XML Schema cannot.`;
  return [{ code: "field-error", pointer: pointerTo(pointer, "pattern"), message }];
}
