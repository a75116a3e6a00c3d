import { firstDataRow } from "../descriptor/dialect.ts";
import type { Dialect } from "../descriptor/types.ts";
import { RecordScanner } from "./record-scanner.ts";

/**
 * True if a record above the rows of a text (of its header, a title or a note) has quotes that another reader may
 * understand in another way: a quote that is never closed there could take all rows with it.
 */
export function isHeadBroken(text: string, dialect: Dialect): boolean {
  const rows = firstDataRow(dialect) - 1;
  if (rows === 0) return false;
  const scanner = new RecordScanner({ ...dialect, trailingDelimiter: false });
  scanner.feed(Buffer.from(text), true);
  while (scanner.row < rows && scanner.next()) if (scanner.problem !== null) return true;
  return false;
}
