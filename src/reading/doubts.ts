import { fullDialect } from "../descriptor/dialect.ts";
import type { Field, Guess } from "../descriptor/types.ts";
import type { LocalTable } from "./local-table.ts";
import { readSource } from "./open-source.ts";
import { readRecords } from "./records.ts";
import { cellTest } from "./types/registry.ts";

/** Cells that are shown for each doubtful field. */
const shown = 3;
const longestCell = 40;

interface Doubt {
  readonly guess: Guess;
  readonly column: number;
  readonly reads: (cell: string) => boolean;
  readonly isMissing: (cell: string) => boolean;
  readonly against: { row: number; cell: string }[];
}

/**
 * The guesses about a text file, those of doubtful fields with the first cells that are not of the likeliest
 * other type and the rows where they stand. The file is read as far as that needs.
 */
export async function placeDoubts(
  table: LocalTable,
  guesses: readonly Guess[],
  signal: AbortSignal,
): Promise<readonly Guess[]> {
  const doubts = guesses.flatMap((guess) => doubtOf(table, guess));
  if (doubts.length === 0) return guesses;
  let open = doubts.length;
  await readRecords(readSource({ ...table, source: String(table.resource.path ?? table.path) }), {
    dialect: fullDialect(table.resource.dialect),
    signal,
    onRecord: ({ row, cells, problem }) => {
      if (problem !== null || cells.length !== table.columns.length) return true;
      for (const { column, reads, isMissing, against } of doubts) {
        const cell = cells[column] ?? "";
        if (against.length === shown || isMissing(cell) || reads(cell)) continue;
        against.push({ row, cell: cell.length > longestCell ? `${cell.slice(0, longestCell - 1)}…` : cell });
        if (against.length === shown) open--;
      }
      return open > 0;
    },
  });
  const found = new Map(doubts.map(({ guess, against }) => [guess, against]));
  return guesses.map((guess) => {
    const against = found.get(guess) ?? [];
    return against.length === 0 ? guess : { ...guess, against };
  });
}

function doubtOf(table: LocalTable, guess: Guess): Doubt[] {
  const [likeliest] = guess.candidates ?? [];
  if (likeliest === undefined || likeliest.share === 1) return [];
  const column = table.columns.findIndex((name) => guess.property === `schema.fields.${name}.type`);
  if (column < 0) return [];
  const { share: _, doubt: __, ...rest } = likeliest;
  const field = { name: "", ...rest } as Field; // a candidate is a field without its name
  const missing = new Set(["", ...(table.resource.schema?.missingValues ?? [])]);
  return [{ guess, column, reads: cellTest(field), isMissing: (cell) => missing.has(cell), against: [] }];
}
