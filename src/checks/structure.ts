import { fullDialect } from "../descriptor/dialect.ts";
import { checkRecords } from "../reading/tokenizer.ts";
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
    warnings: ends.length > 1 ? [`mixed-line-ends: ${told.join(", ")}`] : [],
  };
}
