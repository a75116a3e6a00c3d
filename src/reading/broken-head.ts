import { firstDataRow } from "../descriptor/dialect.ts";
import type { Dialect } from "../descriptor/types.ts";
import { RecordScanner } from "./record-scanner.ts";

/**
 * True if another reader may understand the records above the rows of a text (its header, titles and notes) in another
 * way, and so take rows for a part of them: if a quote there is broken, or their lines do not end as that of the first
 * row does.
 */
export function isHeadBroken(text: string, dialect: Dialect): boolean {
  const rows = firstDataRow(dialect) - 1;
  if (rows === 0) return false;
  const scanner = new RecordScanner({ ...dialect, trailingDelimiter: false });
  scanner.feed(Buffer.from(text), true);
  while (scanner.row <= rows && scanner.next())
    if (scanner.row <= rows && scanner.problem !== null) return true;
  return Object.values(scanner.lineEnds).filter((count) => count > 0).length > 1;
}
