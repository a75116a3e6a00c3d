import type { FormatDefinition } from "./definition.ts";

/** Delimited text, whatever its delimiter. */
export const csv: FormatDefinition = {
  name: "csv",
  title: "Delimited text",
  summary:
    "Cells between commas, semicolons, tabs or any other character. Encoding, delimiter, quotes, header and types are found out, with a reason for each.",
  options: ["encoding", "delimiter", "quote", "headerRows", "comment"],
  extensions: ["csv", "txt", "dat"],
  mediatype: "text/csv",
  read: async ({ path }) => [{ path, format: "csv", isSpooled: false }],
};

/** Delimited text with tabs. */
export const tsv: FormatDefinition = {
  name: "tsv",
  title: "Text with tabs",
  summary: "Cells between tabs.",
  options: ["encoding", "quote", "headerRows", "comment"],
  extensions: ["tsv", "tab"],
  mediatype: "text/tab-separated-values",
  read: async ({ path }) => [
    { path, format: "csv", isSpooled: false, resource: { dialect: { delimiter: "\t" } } },
  ],
};
