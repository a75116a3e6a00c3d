import type { ClassCounts } from "./infer.ts";
import { families } from "./infer-classes.ts";

/** What people call the classes of cells. */
const words: readonly (readonly [RegExp, string])[] = [
  [/^(?:bit|year|compact-date|integer|long-integer)$/, "whole numbers"],
  [/^zero-led$/, "digits after a zero"],
  [/^boolean$/, "true or false"],
  [/^(?:object|array)$/, "JSON"],
  [/^phone$/, "telephone numbers"],
  [/^year-month$/, "months"],
  [/^text$/, "other texts"],
];

const typesOfClasses: ReadonlyMap<string, string> = new Map(
  families.flatMap(({ classes }) =>
    classes.map(({ name, field }) => [name, field?.type ?? "number"] as const),
  ),
);

const wordsOfTypes: Readonly<Record<string, string>> = {
  number: "numbers",
  date: "dates",
  datetime: "dates with times",
  time: "times",
};

/** What a class of cells is called, such as `telephone numbers`; one of a unit is `numbers in €`. */
function kindOf(name: string): string {
  const word = words.find(([pattern]) => pattern.test(name))?.[1];
  if (word !== undefined) return word;
  if (name.startsWith("nothing ")) return `cells "${name.slice("nothing ".length)}"`;
  const type = typesOfClasses.get(name);
  if (type !== undefined) return wordsOfTypes[type] ?? type;
  return `numbers in ${name.split(" ")[0]}`;
}

/** How many cells of which kinds there are: `7 dates, 2 whole numbers, 1 other texts`; the most frequent first. */
export function kindsText(counts: ClassCounts): string {
  const found = new Map<string, number>();
  for (const [name, count] of Object.entries(counts))
    found.set(kindOf(name), (found.get(kindOf(name)) ?? 0) + count);
  const kinds = [...found].toSorted(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, 3).map(([kind, count]) => `${count} × ${kind}`);
  return [...shown, ...(kinds.length > 3 ? [`${kinds.length - 3} other kinds`] : [])].join(", ");
}
