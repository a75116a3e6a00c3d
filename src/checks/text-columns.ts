import { type ClassCounts, chooseField } from "../reading/infer.ts";

/** Why cells that look like dates or numbers are taken as text although all of them look so. */
const unclear = /^(dates|numbers), but nothing shows/;

/**
 * What people should know of a column that is taken as text only because its cells differ, or because nobody
 * can tell what they mean; undefined for any other.
 */
export function textColumnNote(name: string, counts: ClassCounts): string | undefined {
  const { field, reason, candidates } = chooseField(counts);
  const isMixed = candidates.some(({ share }) => share < 1);
  if (field.type !== "string" || !(isMixed || unclear.test(reason))) return undefined;
  const fix = unclear.test(reason)
    ? "say it with a schema"
    : "correct the others, or say with a schema what the column is";
  return `types: the column "${name}" is taken as text: ${reason}; ${fix}`;
}
