import { AirCanError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";

/** A place in a file that people wrote; line and column from 1. */
export interface TextPlace {
  /** The file, as messages call it. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong with a descriptor, and where: a JSON pointer into it. */
export interface DescriptorProblem {
  readonly code: "package-error" | "resource-error" | "schema-error" | "field-error" | "dialect-error";
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
  /** A warning does not make a descriptor invalid; error unless told. */
  readonly severity?: "warning" | undefined;
  /** Where the pointer leads in the file that people wrote, if the descriptor was read from one. */
  readonly place?: TextPlace;
}

/** A JSON object, as descriptors are made of. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of a descriptor for messages and comparisons: a text as it is, anything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}

/** A pointer to a property or item below another. */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What a property must be: a word for messages, and the test. */
export interface Rule {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

export const rules = {
  text: { expected: "a text", fits: (value) => typeof value === "string" },
  filledText: {
    expected: "a text that is not empty",
    fits: (value) => typeof value === "string" && value !== "",
  },
  character: {
    expected: "one character",
    fits: (value) => typeof value === "string" && [...value].length === 1,
  },
  optionalCharacter: {
    expected: "one character, or null",
    fits: (value) => value === null || (typeof value === "string" && [...value].length === 1),
  },
  flag: { expected: "true or false", fits: (value) => typeof value === "boolean" },
  count: {
    expected: "a whole number from 0",
    fits: (value) => Number.isInteger(value) && Number(value) >= 0,
  },
  texts: {
    expected: "a list of texts",
    fits: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  },
  textOrTexts: {
    expected: "a name or a list of names",
    fits: (value) =>
      typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string")),
  },
  rowNumbers: {
    expected: "a list of row numbers from 1",
    fits: (value) => Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 1),
  },
  list: { expected: "a list", fits: Array.isArray },
  object: { expected: "an object", fits: isJsonObject },
  objectOrText: {
    expected: "an object, or the path of one",
    fits: (value) => typeof value === "string" || isJsonObject(value),
  },
} as const satisfies Readonly<Record<string, Rule>>;

export interface Checked {
  readonly code: DescriptorProblem["code"];
  readonly pointer: string;
  /** For messages: `field "price"`. */
  readonly what: string;
}

/** Properties that are not what they must be, and unknown ones that look like a known one misspelt. */
export function propertyProblems(
  object: JsonObject,
  known: Readonly<Record<string, Rule>>,
  { code, pointer, what }: Checked,
): DescriptorProblem[] {
  return Object.entries(object).flatMap(([key, value]): DescriptorProblem[] => {
    const at = pointerTo(pointer, key);
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    if (rule) {
      if (rule.fits(value)) return [];
      return [{ code, pointer: at, message: `The property "${key}" of ${what} is not ${rule.expected}.` }];
    }
    const meant = nearestName(key, Object.keys(known));
    if (meant === undefined) return [];
    return [
      {
        code,
        pointer: at,
        message: `The property "${key}" of ${what} is not known.`,
        hint: `Did you mean "${meant}"?`,
        severity: "warning",
      },
    ];
  });
}

/** Properties that belong elsewhere: `where` has the place for each, as a sentence says it. */
export function misplacedProblems(
  object: JsonObject,
  where: Readonly<Record<string, string>>,
  { code, pointer, what }: Checked,
): DescriptorProblem[] {
  return Object.keys(object)
    .filter((key) => Object.hasOwn(where, key))
    .map((key) => ({
      code,
      pointer: pointerTo(pointer, key),
      message: `The property "${key}" stands in ${what}, where it means nothing.`,
      hint: `Move "${key}" into ${where[key]}.`,
      severity: "warning",
    }));
}

/** What describes data to people, or relates tables; what is wrong with it keeps nobody from reading. */
const descriptive =
  /\/foreignKeys\/\d+\/reference\/|^(?:\/resources\/\d+)?\/(?:licenses|sources|contributors|keywords|created|version|id|title|description|homepage|image|mediatype)(?:\/|$)/;

/** @throws AirCanError with the code of the first problem that hinders reading; all of them in its details. */
export function refuseProblems(problems: readonly DescriptorProblem[], place: string): void {
  const errors = problems.filter(
    ({ severity, pointer }) => severity !== "warning" && !descriptive.test(pointer),
  );
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const misspelt = (pointer: string) =>
    problems.find((each) => each.hint?.startsWith("Did you mean") && above(each.pointer) === pointer)?.hint;
  const hint = misspelt(first.pointer) ?? first.hint ?? misspelt(above(first.pointer));
  throw new AirCanError(first.code, `${placeText(first, place)}: ${first.message}${more}`, {
    ...(hint === undefined ? {} : { hint }),
    where: { ...first.place, place, pointer: first.pointer },
    details: { problems },
  });
}

/** The pointer to what something stands in. */
const above = (pointer: string) => pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));

/** `schema.json, line 3, column 5`, as far as that is known. */
function placeText({ place }: DescriptorProblem, otherwise: string): string {
  return place ? `${place.source}, line ${place.line}, column ${place.column}` : otherwise;
}
