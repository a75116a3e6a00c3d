/** A value of a cell; dates, times and moments are ISO texts. */
export type Value = string | number | boolean | null;

export interface ConformanceField {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date" | "datetime" | "time";
}

export interface ConformanceTable {
  readonly fields: readonly ConformanceField[];
  readonly rows: readonly (readonly Value[])[];
}

/** A kind of file that has to give the same table as all others. */
export interface FileMaker {
  /** The name of the format that reads it. */
  readonly format: string;
  readonly extension: string;
  readonly make: (table: ConformanceTable) => string | Uint8Array | Promise<string | Uint8Array>;
  /** More rows do not fit, or the library that writes the file for the test takes too long for them. */
  readonly maxRows?: number;
  /** True if a file without rows says nothing of its fields. */
  readonly isSchemaless?: boolean;
  /** True for text: the first half of a file is a file. */
  readonly canBeCut?: boolean;
}

/** Each type, with a value, an empty cell, and texts of many kinds. */
export const typedTable: ConformanceTable = {
  fields: [
    { name: "text", type: "string" },
    { name: "whole", type: "integer" },
    { name: "decimal", type: "number" },
    { name: "flag", type: "boolean" },
    { name: "day", type: "date" },
    { name: "moment", type: "datetime" },
    { name: "clock", type: "time" },
  ],
  rows: [
    ["plain", 1, 1.5, true, "2024-01-31", "2024-01-31T10:11:12", "10:11:12"],
    ['Åse, "quoted"; 日本 😀', -20, 0.1, false, "1999-12-31", "1999-12-31T00:00:00", "00:00:01"],
    ["<b>&amp;</b>", 2_147_483_648, -1e-7, true, "2000-02-29", "2000-02-29T23:59:59", "23:59:59"],
    [null, null, null, null, null, null, null],
    ["00123", 0, 12.25, false, "1970-01-01", "1970-01-01T12:00:00", "12:00:00"],
  ].map((row, i) => (i === 3 ? ["last but one", null, null, null, null, null, null] : row)),
};

/** A table of this many rows. */
export const tableOf = (rows: number): ConformanceTable => ({
  fields: [
    { name: "id", type: "integer" },
    { name: "name", type: "string" },
    { name: "size", type: "number" },
  ],
  rows: Array.from({ length: rows }, (_, i) => [i, `name ${i % 1000}`, i + 0.5]),
});
