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
