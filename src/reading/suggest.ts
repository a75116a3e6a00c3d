import type { Guess } from "../descriptor/types.ts";
import { type ClassCounts, chooseField, fieldText } from "./infer.ts";

/** Rows that a key must tell apart before it is proposed. */
const fewestRows = 3;
const keyName = /(?:^|[ _.-])(?:id|uuid|guid|key|code|nr|no|number|nummer|isbn|orgnr)$|[a-z]I[dD]$/i;

/** Words such as `n/a` as missing values of a field, where without them its cells have a narrower type. */
export function suggestMissingValues(
  name: string,
  counts: ClassCounts,
  missingValues: readonly string[],
): Guess | undefined {
  const entries = Object.entries(counts);
  const words = entries.filter(([each]) => each.startsWith("nothing "));
  if (words.length === 0) return undefined;
  const { field, confidence } = chooseField(
    Object.fromEntries(entries.filter((each) => !words.includes(each))),
  );
  if (field.type === "string") return undefined;
  const texts = words.map(([each]) => each.slice("nothing ".length));
  return {
    property: `schema.fields.${name}.missingValues`,
    value: [...missingValues, ...texts],
    confidence,
    reason: `without ${texts.map((text) => `"${text}"`).join(", ")} every cell reads as ${fieldText(field)}`,
  };
}

/** Words for true and false that a schema must name; in lower case. */
const truths: readonly (readonly [yes: string, no: string])[] = [
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["on", "off"],
  ["ja", "nei"],
  ["ja", "nej"],
  ["ja", "nein"],
  ["j", "n"],
  ["oui", "non"],
  ["sí", "no"],
  ["si", "no"],
  ["sim", "não"],
  ["tak", "nie"],
  ["kyllä", "ei"],
];

/** A boolean with the words that a text column has, where these are all: `Yes` and `No`. */
export function suggestBoolean({ name, type, cells }: KeyColumn): Guess | undefined {
  if (type !== "string") return undefined;
  const words = new Set<string>();
  for (const cell of cells) if (cell !== "" && words.add(cell).size > 4) return undefined;
  const found = [...words];
  const has = (word: string) => found.filter((each) => each.toLowerCase() === word);
  const pair = truths.find(([yes, no]) => has(yes).length > 0 && has(no).length > 0);
  if (pair === undefined) return undefined;
  const [trueValues, falseValues] = pair.map(has);
  if ((trueValues?.length ?? 0) + (falseValues?.length ?? 0) !== found.length) return undefined;
  const count = cells.filter((cell) => cell !== "").length;
  return {
    property: `schema.fields.${name}`,
    value: { type: "boolean", trueValues, falseValues },
    confidence: Math.round((1 - 1 / (count + 1)) * 90) / 100,
    reason: `the cells that were looked at are ${found.map((word) => `"${word}"`).join(" and ")}`,
  };
}

export interface KeyColumn {
  readonly name: string;
  readonly type: string;
  /** The cells of the rows that were looked at. */
  readonly cells: readonly string[];
}

/** The column that tells rows apart and is called as a key, else the first one that does, if it is the first of all. */
export function suggestKey(columns: readonly KeyColumn[], isWhole: boolean): Guess | undefined {
  const isKey = ({ type, cells }: KeyColumn) =>
    (type === "integer" || type === "string") &&
    cells.length >= fewestRows &&
    !cells.includes("") &&
    new Set(cells).size === cells.length;
  const keys = columns.filter(isKey);
  const best = keys.find(({ name }) => keyName.test(name)) ?? keys.find((each) => each === columns[0]);
  if (best === undefined) return undefined;
  const rows = best.cells.length;
  return {
    property: "schema.primaryKey",
    value: [best.name],
    confidence: Math.round((1 - 1 / (rows + 1)) * (isWhole ? 100 : 90)) / 100,
    reason: isWhole
      ? `every one of ${rows} rows has a value of its own`
      : `every one of the ${rows} rows that were looked at has a value of its own`,
  };
}
