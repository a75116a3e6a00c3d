import type { Guess, TypeCandidate } from "../descriptor/types.ts";
import { placeDoubts } from "../reading/doubts.ts";
import { type ClassCounts, chooseField, type FieldChoice, fieldText } from "../reading/infer.ts";
import type { LocalTable } from "../reading/local-table.ts";

/** Why cells that look like dates or numbers are taken as text although all of them look so. */
const unclear = /^(dates|numbers), but nothing shows/;

/** A column, and how many cells of each class it has. */
export interface CountedColumn {
  readonly name: string;
  readonly counts: ClassCounts;
}

/**
 * What people should know of columns that are taken as text only because their cells differ, with the first
 * cells that keep them from being more, or because nobody can tell what the cells mean.
 */
export async function textColumnNotes(
  table: LocalTable,
  columns: readonly CountedColumn[],
  signal: AbortSignal,
): Promise<string[]> {
  const doubtful = columns
    .map(({ name, counts }) => ({ name, choice: chooseField(counts) }))
    .filter(({ choice }) => isDoubtful(choice));
  const guesses = doubtful.map(({ name, choice: { confidence, reason, candidates } }) => ({
    ...{ property: `schema.fields.${name}.type`, value: "string", confidence, reason },
    candidates: candidates.map(({ field, ...rest }) => ({ ...field, ...rest }) as TypeCandidate), // it has its type
  }));
  const placed = guesses.length === 0 ? [] : await placeDoubts(table, guesses, signal);
  return doubtful.map(({ name, choice }, i) => noteOf(name, choice, placed[i]?.against ?? []));
}

const isDoubtful = ({ field, candidates, reason }: FieldChoice): boolean =>
  field.type === "string" && (candidates.some(({ share }) => share < 1) || unclear.test(reason));

function noteOf(
  name: string,
  { candidates, reason }: FieldChoice,
  against: NonNullable<Guess["against"]>,
): string {
  const [best] = candidates;
  if (best === undefined || against.length === 0)
    return `types: the column "${name}" is taken as text: ${reason}; say it with a schema`;
  const share = Math.floor(best.share * 1000) / 10;
  const cells = against.map(({ row, cell }) => `"${cell}" in row ${row}`).join(", ");
  return `types: the column "${name}" is taken as text: ${share} % of its cells read as ${fieldText(best.field)}, but not ${cells}; correct such cells, or say with a schema what the column is`;
}
