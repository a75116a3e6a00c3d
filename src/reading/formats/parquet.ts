import type { FormatDefinition } from "./definition.ts";

/** Apache Parquet. */
export const parquet: FormatDefinition = {
  name: "parquet",
  title: "Parquet",
  summary: "Apache Parquet, with its types.",
  options: [],
  extensions: ["parquet", "pq"],
  mediatype: "application/vnd.apache.parquet",
  isBinary: true,
  matches: (sample) => sample.subarray(0, 4).toString("latin1") === "PAR1",
  read: async ({ path }) => [{ path, format: "parquet", isSpooled: false }],
};
