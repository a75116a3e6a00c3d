import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fullDialect } from "../descriptor/dialect.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { readRecords } from "../reading/records.ts";
import { openText } from "./table-test.ts";

let files = 0;

/** The first rows of a table of text, as a table of their own: a copy of the file up to there. */
export async function firstRows(
  table: LocalTable,
  {
    limit,
    folder,
    signal,
  }: { readonly limit: number; readonly folder: string; readonly signal: AbortSignal },
): Promise<LocalTable> {
  const end = await endOfRows(table, limit, signal);
  if (end === undefined) return table;
  const path = join(folder, `aircan-first-${process.pid}-${++files}`);
  await pipeline(upTo(openText(table), end), createWriteStream(path), { signal });
  return { ...table, path, compression: null };
}

/** The byte before which the first rows stand; undefined if there are no more. */
async function endOfRows(table: LocalTable, limit: number, signal: AbortSignal): Promise<number | undefined> {
  let rows = 0;
  let end: number | undefined;
  await readRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    signal,
    onRecord: ({ byteOffset }) => {
      if (rows++ < limit) return true;
      end = byteOffset;
      return false;
    },
  });
  return end;
}

async function* upTo(source: AsyncIterable<Buffer>, end: number): AsyncGenerator<Buffer> {
  let left = end;
  for await (const chunk of source) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
