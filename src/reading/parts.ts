import { fullDialect } from "../descriptor/dialect.ts";
import { eachBlock } from "./each-block.ts";
import type { LocalTable } from "./local-table.ts";
import { readSource } from "./open-source.ts";
import { originalEncoding } from "./original-bytes.ts";
import { RecordScanner } from "./record-scanner.ts";

/** One of the files that a table was put together from. */
export interface Part {
  /** As it was named. */
  readonly source: string;
  /** First byte of it in the file of the table. */
  readonly start: number;
  /** Records at its start that were left out, as the first part has them too. */
  readonly skipped: number;
}

/** A part, and the number of its first record in the table. */
export interface PartPlace extends Part {
  readonly firstRow: number;
}

/** Where the parts of a table begin, by record; none for a table of one file. Reads the file once. */
export async function partPlaces(table: LocalTable, signal: AbortSignal): Promise<readonly PartPlace[]> {
  const { parts = [], resource } = table;
  if (parts.length === 0) return [];
  const places: PartPlace[] = [];
  const scanner = new RecordScanner(fullDialect(resource.dialect), originalEncoding(table));
  await eachBlock(readSource({ ...table, source: resource.name }), scanner, async () => {
    signal.throwIfAborted();
    while (scanner.next())
      for (let next = parts[places.length]; next && scanner.byteOffset >= next.start; ) {
        places.push({ ...next, firstRow: scanner.row });
        next = parts[places.length];
      }
  });
  return places;
}

/** ` (Row 3 of b.csv.)` for a row of a table that was put together from files; empty for another. */
export function partText(places: readonly PartPlace[], row: number): string {
  const place = places.findLast(({ firstRow }) => firstRow <= row);
  if (place === undefined) return "";
  return ` (Row ${row - place.firstRow + 1 + place.skipped} of ${place.source}.)`;
}
