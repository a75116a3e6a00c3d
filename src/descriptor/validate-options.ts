import {
  type Checked,
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  pointerTo,
  textOf,
} from "./problem.ts";
import type { FieldType } from "./types.ts";

/** Texts, or objects with a `value` that is one, and a label: version 2's missing values. */
export function missingValueProblems(values: unknown, { code, pointer, what }: Checked): DescriptorProblem[] {
  if (!Array.isArray(values)) return [];
  const isText = (value: unknown) =>
    typeof value === "string" || (isJsonObject(value) && typeof value.value === "string");
  return values.flatMap((value: unknown, i): DescriptorProblem[] =>
    isText(value)
      ? []
      : [
          {
            code,
            pointer: pointerTo(pointerTo(pointer, "missingValues"), i),
            message: `A missing value of ${what} is neither a text nor an object with a text as \`value\`: ${JSON.stringify(value)}.`,
          },
        ],
  );
}

/** Properties that only some types have. */
const ofTypes: Readonly<Record<string, readonly FieldType[]>> = {
  decimalChar: ["number"],
  groupChar: ["number", "integer"],
  bareNumber: ["number", "integer"],
  trueValues: ["boolean"],
  falseValues: ["boolean"],
  delimiter: ["list"],
  itemType: ["list"],
  categories: ["string", "integer"],
  categoriesOrdered: ["string", "integer"],
};

const itemTypes = ["string", "integer", "boolean", "number", "datetime", "date", "time"];

/** Options of a field that contradict each other, or that its type does not have. */
export function optionProblems(field: JsonObject, { code, pointer, what }: Checked): DescriptorProblem[] {
  const problem = (property: string, message: string): DescriptorProblem => ({
    code,
    pointer: pointerTo(pointer, property),
    message,
  });
  const { decimalChar, groupChar, trueValues, falseValues, itemType, categoriesOrdered, categories } = field;
  const both = list(trueValues ?? ["true", "True", "TRUE", "1"]).filter((value) =>
    list(falseValues ?? ["false", "False", "FALSE", "0"]).includes(value),
  );
  return [
    ...foreignOptions(field, problem, what),
    ...(groupChar && groupChar === (decimalChar ?? ".")
      ? [problem("groupChar", `The \`groupChar\` of ${what} is its decimal mark too.`)]
      : []),
    ...(["decimalChar", "groupChar"] as const).flatMap((name) =>
      /[0-9+-]/.test(textOf(field[name] ?? ""))
        ? [problem(name, `The \`${name}\` of ${what} is part of a number itself: a digit or a sign.`)]
        : [],
    ),
    ...(both.length > 0 && (trueValues ?? falseValues) !== undefined
      ? [problem("falseValues", `The text "${textOf(both[0])}" means both true and false in ${what}.`)]
      : []),
    ...(itemType !== undefined && !itemTypes.includes(textOf(itemType))
      ? [
          problem(
            "itemType",
            `The items of ${what} cannot be "${textOf(itemType)}"; known are ${itemTypes.join(", ")}.`,
          ),
        ]
      : []),
    ...(categoriesOrdered === true && categories === undefined
      ? [problem("categoriesOrdered", `The ${what} has no categories to be ordered.`)]
      : []),
    ...categoryProblems(categories, problem, what),
  ];
}

type ProblemOf = (property: string, message: string) => DescriptorProblem;

/** Options that the type does not have mean nothing, so these are warned of. */
function foreignOptions(field: JsonObject, problem: ProblemOf, what: string): DescriptorProblem[] {
  const { type } = field;
  return Object.entries(ofTypes)
    .filter(
      ([name, types]) =>
        field[name] !== undefined && typeof type === "string" && !types.some((each) => each === type),
    )
    .map(([name, types]) => ({
      ...problem(
        name,
        `The property "${name}" of ${what} means nothing for the type ${textOf(type)}; it is for ${types.join(" and ")}.`,
      ),
      severity: "warning",
    }));
}

const list = (values: unknown): readonly unknown[] => (Array.isArray(values) ? values : []);

function categoryProblems(categories: unknown, problem: ProblemOf, what: string): DescriptorProblem[] {
  if (!Array.isArray(categories)) return [];
  const values = categories.map((each: unknown) => (isJsonObject(each) ? each.value : each));
  const wrong = values.findIndex((value) => typeof value !== "string" && !Number.isInteger(value));
  if (wrong >= 0)
    return [problem("categories", `Category ${wrong + 1} of ${what} is neither a text nor a whole number.`)];
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined)
    return [problem("categories", `The ${what} has the category ${JSON.stringify(twice)} twice.`)];
  if (categories.length === 0) return [problem("categories", `The ${what} has an empty list of categories.`)];
  return [];
}
