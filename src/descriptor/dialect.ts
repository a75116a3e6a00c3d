import type { Dialect } from "./types.ts";

/** The dialect of Table Dialect v2 when nothing is said. */
export const defaultDialect: Dialect = {
  delimiter: ",",
  lineTerminator: "\r\n",
  quoteChar: '"',
  doubleQuote: true,
  escapeChar: null,
  skipInitialSpace: false,
  header: true,
  headerRows: [1],
  headerJoin: " ",
  commentChar: null,
  commentRows: [],
};

/** A dialect with every property; without a header there are no header rows. */
export function fullDialect(dialect: Partial<Dialect> | undefined): Dialect {
  const full = { ...defaultDialect, ...dialect };
  return full.header ? full : { ...full, headerRows: [] };
}

/** Number of the first record that may be data: what stands above it is header and preamble. */
export function firstDataRow({ headerRows, commentRows }: Dialect): number {
  let row = 1 + Math.max(0, ...headerRows);
  while (commentRows.includes(row)) row++;
  return row;
}
