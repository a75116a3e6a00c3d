import { fullDialect } from "../descriptor/dialect.ts";
import { scan } from "../plan/build.ts";
import { originalEncoding } from "../reading/original-bytes.ts";
import { readRecords } from "../reading/records.ts";
import type { LocatedRecord } from "./finding-list.ts";
import type { TestedRow } from "./row-checker.ts";
import { at, openText, type TableTest } from "./table-test.ts";

/**
 * Gives each row of a table, up to the limit, or those of a text that are wanted; how many they are. `use` ends
 * the reading by saying false.
 */
export async function readRows(
  test: Pick<TableTest, "engine" | "table" | "limitRows" | "signal">,
  use: (row: TestedRow) => boolean,
  wanted?: ReadonlySet<number>,
): Promise<number> {
  return test.table.format === "csv" ? readText(test, use, wanted) : readTyped(test, use);
}

type Reading = Parameters<typeof readRows>[0];

async function readText(
  { limitRows = Number.POSITIVE_INFINITY, table, signal }: Reading,
  use: (row: TestedRow) => boolean,
  wanted: ReadonlySet<number> | undefined,
): Promise<number> {
  let rows = 0;
  await readRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    encoding: originalEncoding(table),
    signal,
    wanted,
    onRecord: (record) => {
      if (rows >= limitRows) return false;
      rows++;
      if (table.isSpooled) return use({ ...record, line: null, byteOffset: null });
      return use({ ...record, byteOffset: record.badByte ?? record.byteOffset });
    },
  });
  return rows;
}

/** Rows of a format that has types of its own. They count from 2, as if their names were a first row. */
async function readTyped(
  { engine, table, limitRows = Number.POSITIVE_INFINITY, signal }: Reading,
  use: (row: TestedRow) => boolean,
): Promise<number> {
  let rows = 0;
  for await (const batch of engine.stream(scan(table, at), { signal }))
    for (const values of batch) {
      if (rows >= limitRows) return rows;
      rows++;
      const cells = table.columns.map((name) => textOf(values[name]));
      if (!use({ row: rows + 1, line: null, byteOffset: null, cells, problem: null })) return rows;
    }
  return rows;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value).replace(/^"(.*)"$/s, "$1") : String(value);
}

/** Reads a table once more for some of its rows. */
export async function locateRows(
  test: Reading,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, LocatedRecord>> {
  const found = new Map<number, LocatedRecord>();
  const note = ({ row, line, byteOffset, cells }: TestedRow) => {
    if (wanted.has(row)) found.set(row, { line, byteOffset, cells });
    return found.size < wanted.size;
  };
  await readRows(test, note, wanted);
  return found;
}
