import { fullDialect } from "../descriptor/dialect.ts";
import { type Checked, checkRecords } from "../reading/tokenizer.ts";
import { openText, type TableTest } from "./table-test.ts";

export interface Structure {
  /** True if every record is a row of as many cells as there are columns. */
  readonly isSound: boolean;
  /** True if all lines end alike, which the engine needs to read the file as it is. */
  readonly isUniform: boolean;
  readonly rows: number;
  readonly warnings: readonly string[];
}

/** Whether each record of a text file is a row. */
export async function structureOf({
  table,
  signal,
}: Pick<TableTest, "table" | "signal">): Promise<Structure> {
  const checked = await checkRecords(openText(table), {
    dialect: fullDialect(table.resource.dialect),
    width: table.columns.length,
    signal,
    onFinding: () => {},
  });
  const ends = (["lf", "crlf", "cr"] as const).filter((name) => checked.lineEnds[name] > 0);
  const told = ends.map(
    (name) => `${checked.lineEnds[name]} ${name.toUpperCase()} (first in row ${checked.firstEnds[name]})`,
  );
  return {
    isSound: checked.reported === 0 && checked.blank === 0,
    isUniform: ends.length <= 1,
    rows: checked.records,
    warnings: [
      ...(ends.length > 1 ? [`mixed-line-ends: ${told.join(", ")}`] : []),
      ...(checked.doubtful.rows > 0 ? [doubtOf(checked.doubtful)] : []),
    ],
  };
}

function doubtOf({ rows, first, lines }: Checked["doubtful"]): string {
  const others = rows === 1 ? "" : ` (and ${rows - 1} more such rows)`;
  return `quotes: row ${first} goes over ${lines} lines, each of which looks like a row${others}; look for a quote too many there`;
}
